// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -o local: the disks and a libvirt XML in a directory. Everything appears at
// commit, the XML last.
#include <v2v/libvirt/domain_xml.hpp>
#include <v2v/local_disks/local_disks.hpp>
#include <v2v/output.hpp>

namespace {

using namespace v2v;

class LocalOutput : public Output {
 public:
  LocalOutput(Host host, const OutputRequest &request)
      : host_(host),
        disks_(local_disks::LocalRequest::from("-o local", request),
               local_disks::LocalHooks::of(host), {".xml"}) {}

  OutputDescription describe() override { return disks_.describe(); }

  void precheck(const Metadata &metadata) override {
    disks_.precheck(metadata.name, metadata.disks);
    disks_.refuse_source(metadata.source, metadata.disks);
    libvirt::check_expressible(metadata.source);
  }

  std::vector<Target> prepare(const Metadata &metadata) override {
    return disks_.prepare(metadata.name, metadata.disks);
  }

  void commit(const Metadata &metadata) override {
    const auto target = libvirt::TargetFeatures::of_arch(metadata.caps.arch);
    const auto warn = [this](const std::string &message) { host_.warning(message); };
    const auto xml = libvirt::domain_xml(metadata, disks_.sources(), target, warn);
    // The XML holds the password of the display, if there is one.
    const auto &display = metadata.source.display;
    disks_.add_file(".xml", xml, display && !display->password.empty() ? 0600 : 0644);
    disks_.commit();
  }

  static void abort(const Host &, const std::vector<std::string> &records) {
    local_disks::LocalDisks::abort(records);
  }

 private:
  Host host_;
  local_disks::LocalDisks disks_;
};

}  // namespace

V2V_REGISTER_OUTPUT(LocalOutput, PluginInfo{"local", V2V_PLUGIN_VERSION, "the v2v authors",
                                            "disk images and a libvirt XML in a local directory",
                                            local_disks::LocalRequest::options()})
