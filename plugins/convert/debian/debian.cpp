// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The converter of Debian, Ubuntu, Linux Mint and Kali: connects the conversion to the host and to
// the appliance.
#include "conversion.hpp"

#include <v2v/converter.hpp>
#include <v2v/linux/guest_caps.hpp>
#include <v2v/linux/guestfs_guest.hpp>

#include <fmt/format.h>
#include <guestfs.h>

#include <cstdlib>
#include <memory>
#include <utility>

namespace v2v::debian {
namespace {

class DebianConverter : public Converter {
 public:
  DebianConverter(Host host, ConvertRequest request)
      : host_(std::move(host)), request_(std::move(request)) {
    if (request_.wishes.block_bus == BlockBus::ide ||
        request_.wishes.block_bus == BlockBus::virtio_scsi)
      throw Error(Code::unsupported, "the disks of a Linux guest can only go on virtio-blk",
                  "--block-driver", "leave the option out");
  }

  static int probe(const ProbeRequest &request) {
    const auto &inspection = request.inspection;
    const bool ours = inspection.type == "linux" && inspection.package_format == "deb" &&
                      linux::distro_family(inspection.distro) == linux::DistroFamily::debian;
    return ours ? 80 : 0;
  }

  GuestCaps convert() override {
    if (request_.inspection.applications.empty())
      throw Error(Code::corrupt, "the guest's list of installed packages is empty",
                  "/var/lib/dpkg/status", "check that the guest's file systems are whole");
    linux::GuestfsGuest guest(request_.guestfs);
    linux::Log log;
    log.on_debug = [this](const std::string &text) { step(text, &Host::debug); };
    log.on_info = [this](const std::string &text) { step(text, &Host::info); };
    log.on_warning = [this](const std::string &text) { step(text, &Host::warning); };
    Conversion conversion(
        guest,
        {request_.inspection, request_.source, request_.wishes, host_.run_directory(),
         [this](const std::string &device) { return uuid(device); }},
        log);
    auto caps = conversion.run();
    host_.debug(fmt::format("the conversion took {} appliance calls", guest.calls()));
    return caps;
  }

 private:
  /// Every message is a moment at which the user's wish to stop is noticed.
  void step(const std::string &text, void (Host::*say)(const std::string &) const) const {
    host_.check_cancelled();
    (host_.*say)(text);
  }

  std::optional<std::string> uuid(const std::string &device) const {
    const std::unique_ptr<char, decltype(&free)> text(
        guestfs_vfs_uuid(request_.guestfs, device.c_str()), &free);
    if (!text || !*text) return std::nullopt;
    return std::string(text.get());
  }

  Host host_;
  ConvertRequest request_;
};

}  // namespace
}  // namespace v2v::debian

V2V_REGISTER_CONVERTER(v2v::debian::DebianConverter,
                       v2v::PluginInfo{"debian",
                                       V2V_PLUGIN_VERSION,
                                       "the v2v authors",
                                       "Debian, Ubuntu, Linux Mint and Kali Linux guests",
                                       {}})
