// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -o kubevirt: the disks and the manifest of a KubeVirt VirtualMachine in a directory. Everything
// appears at commit, the manifest last.
#include <v2v/local_disks/local_disks.hpp>
#include <v2v/output.hpp>

#include "manifest.hpp"

namespace {

using namespace v2v;

class KubeVirtOutput : public Output {
 public:
  KubeVirtOutput(Host host, const OutputRequest &request)
      : host_(host),
        disks_(local_disks::LocalRequest::from("-o kubevirt", request),
               local_disks::LocalHooks::of(host), {".yaml"}) {}

  OutputDescription describe() override { return disks_.describe(); }

  void precheck(const Metadata &metadata) override {
    disks_.precheck(metadata.name, metadata.disks);
    disks_.refuse_source(metadata.source, metadata.disks);
    (void)output_kubevirt::machine_name(metadata.name);
  }

  std::vector<Target> prepare(const Metadata &metadata) override {
    return disks_.prepare(metadata.name, metadata.disks);
  }

  void commit(const Metadata &metadata) override {
    const auto warn = [this](const std::string &message) { host_.warning(message); };
    disks_.add_file(".yaml", output_kubevirt::manifest(metadata, disks_.sources(), warn), 0644);
    disks_.commit();
    tell(metadata);
  }

  static void abort(const Host &, const std::vector<std::string> &records) {
    local_disks::LocalDisks::abort(records);
  }

 private:
  void tell(const Metadata &metadata) const {
    const auto name = output_kubevirt::machine_name(metadata.name);
    if (name != metadata.name) host_.info("in Kubernetes the guest is called " + name);
    for (const auto &disk : metadata.disks)
      if (disk.format != "raw") {
        host_.warning(
            "KubeVirt reads a hostDisk as raw: before the manifest is used, bring the qcow2 disks "
            "into volumes, with virtctl image-upload for example, and name these in the manifest");
        return;
      }
  }

  Host host_;
  local_disks::LocalDisks disks_;
};

}  // namespace

V2V_REGISTER_OUTPUT(KubeVirtOutput,
                    PluginInfo{"kubevirt", V2V_PLUGIN_VERSION, "the v2v authors",
                               "disk images and a KubeVirt manifest in a local directory",
                               local_disks::LocalRequest::placing_options()})
