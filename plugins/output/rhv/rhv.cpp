// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -o rhv: the guest in an export storage domain of RHV or oVirt, from where the engine imports it. It
// is there for the engine once commit has put its OVF into place; disks without one are not seen.
#include <v2v/output.hpp>
#include <v2v/ovf/document.hpp>
#include <v2v/ovf/volume_meta.hpp>

#include "export_domain.hpp"

namespace {

using namespace v2v;

class RhvOutput : public Output {
 public:
  RhvOutput(Host host, const OutputRequest &request)
      : host_(host),
        storage_(request.storage),
        format_(request.format.empty() ? "raw" : request.format),
        preallocated_(request.allocation == Allocation::preallocated),
        domain_(request.storage, local_disks::LocalHooks::of(host)) {
    if (!request.connection.empty())
      throw Error(Code::usage, "-oc option cannot be used in this output mode", "-o rhv",
                  "leave it out");
    if (format_ != "raw" && format_ != "qcow2")
      throw Error(Code::usage, "oVirt has raw and qcow2 disks only", "-o rhv",
                  "use -of raw or -of qcow2");
  }

  OutputDescription describe() override {
    OutputDescription description;
    description.max_disks = ovf::most_disks;
    description.formats = {format_};
    description.size_granularity = 512;
    description.connections = 8;
    description.modes = mode_bit(Target::Mode::host_writes);
    description.keep_serial_console = false;
    description.express_uefi = true;
    description.destination = "-o rhv -os " + storage_;
    return description;
  }

  void precheck(const Metadata &metadata) override {
    machine::check_guest_name(metadata.name);
    ovf::check_expressible(metadata.source);
    domain_.attach();
    domain_.check_room(metadata.disks, preallocated_);
  }

  std::vector<Target> prepare(const Metadata &metadata) override {
    domain_.attach();
    std::vector<Target> targets;
    for (const auto &disk : metadata.disks) {
      const ovf::Volume volume{ovf::new_uuid(), ovf::new_uuid(), {}};
      Target target;
      target.location = Location();
      target.location->path = domain_.make_volume(volume.image, volume.id, disk, preallocated_);
      target.location->format = disk.format;
      target.reads_as_zero = true;
      target.preallocated = preallocated_;
      target.display_name = domain_.name_of(target.location->path);
      targets.push_back(target);
      volumes_.push_back(volume);
    }
    return targets;
  }

  void commit(const Metadata &metadata) override {
    ovf::Request request;
    request.flavour = ovf::Flavour::export_domain;
    request.storage_domain = domain_.uuid();
    request.machine = ovf::new_uuid();
    request.preallocated = preallocated_;
    request.tell_actual_sizes = true;
    request.time = std::time(nullptr);
    request.new_uuid = ovf::new_uuid;
    for (std::size_t i = 0; i < volumes_.size(); ++i) {
      auto &volume = volumes_[i];
      volume.actual_size = domain_.actual_size(volume.image, volume.id);
      domain_.write_meta(volume.image, volume.id,
                         ovf::volume_meta(domain_.uuid(), volume.image, metadata.disks.at(i),
                                          preallocated_, request.time, metadata.generator));
    }
    request.volumes = volumes_;
    const auto warn = [this](const std::string &message) { host_.warning(message); };
    domain_.write_machine(request.machine, ovf::document(metadata, request, warn));
    // Here and not at the end of this object: after a crash in between nobody would do it.
    domain_.detach();
  }

  static void abort(const Host &, const std::vector<std::string> &records) {
    output_rhv::ExportDomain::abort(records);
  }

 private:
  Host host_;
  std::string storage_, format_;
  bool preallocated_;
  output_rhv::ExportDomain domain_;
  std::vector<ovf::Volume> volumes_;
};

}  // namespace

V2V_REGISTER_OUTPUT(RhvOutput, PluginInfo{"rhv",
                                          V2V_PLUGIN_VERSION,
                                          "the v2v authors",
                                          "an export storage domain of RHV or oVirt",
                                          {}})
