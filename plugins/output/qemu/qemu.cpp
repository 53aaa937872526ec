// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -o qemu: the disks and a script that starts the guest. Everything appears at
// commit, the script last; with -oo qemu-boot the guest is then started in the background.
#include <v2v/local_disks/local_disks.hpp>
#include <v2v/output.hpp>

#include "detached.hpp"
#include "devices.hpp"
#include "firmware.hpp"
#include "script.hpp"

namespace {

using namespace v2v;

class QemuOutput : public Output {
 public:
  QemuOutput(Host host, const OutputRequest &request)
      : host_(host),
        boot_(request.options.flag("qemu-boot")),
        disks_(local_disks::LocalRequest::from("-o qemu", request),
               local_disks::LocalHooks::of(host), {".sh"}, {nvram, tpm, log}) {}

  OutputDescription describe() override {
    auto description = disks_.describe();
    description.max_disks = output_qemu::max_disks;
    return description;
  }

  void precheck(const Metadata &metadata) override {
    disks_.precheck(metadata.name, metadata.disks);
    disks_.refuse_source(metadata.source, metadata.disks);
  }

  std::vector<Target> prepare(const Metadata &metadata) override {
    return disks_.prepare(metadata.name, metadata.disks);
  }

  void commit(const Metadata &metadata) override {
    const auto warn = [this](const std::string &message) { host_.warning(message); };
    const output_qemu::StateFiles state{disks_.path_of(nvram), disks_.path_of(tpm)};
    disks_.add_file(".sh", output_qemu::qemu_script(metadata, disks_.sources(), state, warn), 0755);
    disks_.commit();
    report_missing_firmware(metadata);
    if (boot_) boot();
  }

  static void abort(const Host &, const std::vector<std::string> &records) {
    local_disks::LocalDisks::abort(records);
  }

 private:
  // What the guest makes for itself beside its disks; see StateFiles.
  static constexpr const char *nvram = "-vars.fd";
  static constexpr const char *tpm = "-tpm";
  static constexpr const char *log = ".log";

  void report_missing_firmware(const Metadata &metadata) const {
    if (metadata.firmware != Firmware::uefi) return;
    const auto &arch = metadata.caps.arch;
    if (!output_qemu::firmware_here(
            output_qemu::firmware_pairs(arch, machine::wants_secure_boot(metadata))))
      host_.warning(
          "this guest needs UEFI firmware, which is not on this machine; where it is to "
          "run, install " +
          output_qemu::firmware_package(arch));
  }

  /// The conversion has succeeded; that the guest does not start here does not change it.
  void boot() const try {
    output_qemu::start_detached({"/bin/sh", disks_.path_of(".sh")}, disks_.path_of(log));
    host_.info("the guest starts in the background; what QEMU and its console say is in " +
               disks_.path_of(log));
  } catch (const Error &error) {
    host_.warning(std::string("the guest could not be started: ") + error.what());
  }

  Host host_;
  bool boot_;
  local_disks::LocalDisks disks_;
};

std::vector<Option> options() {
  auto options = local_disks::LocalRequest::options();
  options.push_back({"qemu-boot",
                     OptionType::boolean,
                     "Start the guest in the background after the conversion",
                     {},
                     {}});
  return options;
}

}  // namespace

V2V_REGISTER_OUTPUT(QemuOutput, PluginInfo{"qemu", V2V_PLUGIN_VERSION, "the v2v authors",
                                           "disk images and a script that starts QEMU", options()})
