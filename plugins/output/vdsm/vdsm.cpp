// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -o vdsm: a data domain of RHV or oVirt, as its agent VDSM starts a conversion: VDSM has made the
// directories and chosen the UUIDs. The OVF, which VDSM waits for, appears last.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <v2v/local_disks/create_disk.hpp>
#include <v2v/output.hpp>
#include <v2v/ovf/volume_meta.hpp>

#include "image_files.hpp"
#include "vdsm_request.hpp"

namespace {

using namespace v2v;
using output_vdsm::ImageFiles;

class VdsmOutput : public Output {
 public:
  VdsmOutput(Host host, const OutputRequest &request)
      : hooks_(local_disks::LocalHooks::of(host)),
        request_(output_vdsm::VdsmRequest::from(request)) {}

  OutputDescription describe() override {
    OutputDescription description;
    description.max_disks = ovf::most_disks;
    description.formats = {request_.format};
    description.size_granularity = 512;
    description.connections = 8;
    description.modes = mode_bit(Target::Mode::host_writes);
    description.keep_serial_console = false;
    description.express_uefi = true;
    description.destination = "-o vdsm -os " + request_.domain;
    return description;
  }

  void precheck(const Metadata &metadata) override {
    machine::check_guest_name(metadata.name);
    ovf::check_expressible(metadata.source);
    check_numbers(metadata);
    // Only below it something is made.
    if (!std::filesystem::is_directory(request_.domain))
      throw Error(Code::not_found, "the storage domain does not exist or is not a directory",
                  request_.domain, "give /rhev/data-center/DATA-CENTER/UUID with -os");
    output_vdsm::check_directory(request_.ovf_directory, "the directory for the OVF");
    std::uint64_t needed = 0;
    for (const auto &disk : metadata.disks) {
      const auto image = files_of(disk);
      image.precheck(metadata.source);
      if (image.to_be_made())
        needed += request_.preallocated ? disk.virtual_size
                                        : std::max<std::uint64_t>(disk.estimated_size, 1);
    }
    local_disks::check_room(request_.domain, request_.domain, needed, request_.preallocated,
                            hooks_.warn);
  }

  std::vector<Target> prepare(const Metadata &metadata) override {
    check_numbers(metadata);
    std::vector<Target> targets;
    for (const auto &disk : metadata.disks) {
      images_.push_back(files_of(disk));
      targets.push_back(images_.back().prepare(hooks_));
    }
    return targets;
  }

  void commit(const Metadata &metadata) override {
    ovf::Request request;
    request.flavour = request_.flavour;
    request.storage_domain = request_.domain_uuid;
    request.machine = request_.machine;
    request.preallocated = request_.preallocated;
    request.time = std::time(nullptr);
    request.new_uuid = ovf::new_uuid;
    for (std::size_t i = 0; i < images_.size(); ++i) {
      request.volumes.push_back({request_.images[i], request_.volumes[i], {}});
      images_[i].commit(
          ovf::volume_meta(request_.domain_uuid, request_.images[i], metadata.disks.at(i),
                           request_.preallocated, request.time, metadata.generator),
          hooks_);
    }
    output_vdsm::replace_file(request_.ovf_file(), ovf::document(metadata, request, hooks_.warn),
                              hooks_);
  }

  static void abort(const Host &, const std::vector<std::string> &records) {
    output_vdsm::abort(records);
  }

 private:
  ImageFiles files_of(const TargetDisk &disk) const {
    return {request_.image_directory(disk.index), request_.volumes.at(disk.index), disk,
            request_.preallocated};
  }

  void check_numbers(const Metadata &metadata) const {
    const auto disks = metadata.disks.size();
    if (request_.images.size() != disks || request_.volumes.size() != disks)
      throw Error(Code::usage,
                  fmt::format("the guest has {} disks, but {} -oo vdsm-image-uuid and {} -oo "
                              "vdsm-vol-uuid were given",
                              disks, request_.images.size(), request_.volumes.size()),
                  "-o vdsm", "give both once for each disk");
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < disks; ++i)
      if (!seen.emplace(request_.images[i], request_.volumes[i]).second)
        throw Error(Code::usage, "two disks have the same image and volume", request_.volumes[i],
                    "give each disk UUIDs of its own");
  }

  local_disks::LocalHooks hooks_;
  output_vdsm::VdsmRequest request_;
  std::vector<ImageFiles> images_;
};

}  // namespace

V2V_REGISTER_OUTPUT(VdsmOutput, PluginInfo{"vdsm", V2V_PLUGIN_VERSION, "the v2v authors",
                                           "a data domain of RHV or oVirt, on behalf of VDSM",
                                           output_vdsm::VdsmRequest::options()})
