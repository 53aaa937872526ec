// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -o openstack: each disk becomes a Cinder volume. v2v runs on a server of the same cloud: the
// volume is attached to it, written by the host as the block device that appears, and detached
// again. The first volume gets the new machine as its image properties, so that Nova boots from it.
#include <v2v/openstack/image_properties.hpp>
#include <v2v/openstack/session.hpp>
#include <v2v/openstack/uuid.hpp>
#include <v2v/output.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <optional>
#include <thread>

#include "login_options.hpp"
#include "volume_api.hpp"
#include "volume_record.hpp"

namespace {

using namespace v2v;
using namespace v2v::output_openstack;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using MachineMetadata = v2v::Metadata;
using Properties = output_openstack::Metadata;

constexpr std::uint64_t gib = std::uint64_t{1} << 30;
constexpr auto create_limit = 300s, attach_limit = 300s;
// QEMU cuts the serial number of a disk, which is the volume's id, to 20 characters; other
// hypervisors show fewer.
constexpr std::size_t shown_of_id = 16;

std::string now() {
  const auto time = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y/%m/%d %H:%M:%S", &parts)};
}

class OpenstackOutput : public Output {
 public:
  OpenstackOutput(Host host, const OutputRequest &request)
      : host_(host),
        server_(request.options.get("server-id").value_or("")),
        guest_id_(request.options.get("guest-id").value_or("")),
        by_id_(request.options.get("dev-disk-by-id").value_or("")),
        type_(request.storage),
        session_(settings_of(request, host, openstack::process_environment()),
                 http::Hooks::of(host)),
        api_(session_, [host] { host.check_cancelled(); }) {
    if (server_.empty())
      throw Error(Code::usage, "the server on which v2v runs is not given", "-o openstack",
                  "give its UUID: -oo server-id=UUID");
    if (server_.find_first_not_of("0123456789abcdefABCDEF-") != server_.npos)
      throw Error(Code::usage, "this is no id of a server", text::printable(server_),
                  "give its UUID: -oo server-id=UUID");
    if (request.allocation == Allocation::preallocated)
      throw Error(Code::usage, "-oa preallocated option cannot be used in this output mode",
                  "-o openstack", "leave it out");
  }

  OutputDescription describe() override {
    OutputDescription description;
    description.formats = {"raw"};
    description.modes = mode_bit(Target::Mode::host_writes);
    description.size_granularity = gib;
    description.destination = "-o openstack -oo server-id=" + server_;
    return description;
  }

  void precheck(const MachineMetadata &metadata) override {
    std::error_code ignored;
    if (!fs::is_directory(by_id_, ignored))
      throw Error(Code::not_found, "there is no such directory for block devices", by_id_,
                  "run v2v on a server of the cloud, with udev, or see -oo dev-disk-by-id");
    api_.check_server(server_);
    if (!type_.empty()) check_type();
    check_limits(metadata);
  }

  std::vector<Target> prepare(const MachineMetadata &metadata) override {
    conversion_ = openstack::new_uuid();
    host_.journal(volume_record(conversion_, server_, session_.settings()));
    for (const auto &disk : metadata.disks) ids_.push_back(create(metadata, disk));
    for (const auto &id : ids_) api_.wait_for(id, "available", create_limit);
    std::vector<Target> targets;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      api_.attach(server_, ids_[i]);
      Target target;
      target.location = Location{Location::Type::file, device_of(ids_[i]), "raw"};
      target.display_name = "volume " + volume_name(metadata, metadata.disks[i].index);
      targets.push_back(std::move(target));
    }
    return targets;
  }

  void commit(const MachineMetadata &metadata) override {
    for (const auto &id : ids_) api_.detach(server_, id);
    for (const auto &id : ids_) api_.wait_for(id, "available", attach_limit);
    api_.make_bootable(ids_.front(),
                       openstack::image_properties(metadata, [this](const std::string &message) {
                         host_.warning(message);
                       }));
    for (std::size_t i = 0; i < ids_.size(); ++i)
      api_.describe(
          ids_[i], fmt::format("{} disk {}/{} converted by v2v", metadata.name, i + 1, ids_.size()),
          properties_of(metadata, i));
    remove_doubles();
    for (std::size_t i = 0; i < ids_.size(); ++i)
      host_.info(
          fmt::format("volume {}: {}", volume_name(metadata, metadata.disks[i].index), ids_[i]));
  }

  static void abort(const Host &host, const std::vector<std::string> &records) {
    auto hooks = http::Hooks::of(host);
    hooks.check_cancelled = {};  // what it cleans up after may be a cancellation
    remove_recorded(records, openstack::process_environment(), hooks);
  }

 private:
  static std::string volume_name(const MachineMetadata &metadata, unsigned disk) {
    return metadata.name + "-sd" + text::drive_letters(disk);
  }

  void check_type() {
    const auto types = api_.types();
    if (std::find(types.begin(), types.end(), type_) == types.end())
      throw Error(Code::not_found, "the cloud has no such volume type", text::printable(type_),
                  text::printable(fmt::format("give -os one of: {}", fmt::join(types, ", "))));
  }

  void check_limits(const MachineMetadata &metadata) {
    const auto limits = api_.limits();
    std::int64_t needed = 0;
    for (const auto &disk : metadata.disks)
      needed += static_cast<std::int64_t>((disk.virtual_size + gib - 1) / gib);
    const auto count = static_cast<std::int64_t>(metadata.disks.size());
    const auto refuse = [](const std::string &what) {
      throw Error(Code::no_space, what, "the project's quota for volumes",
                  "delete volumes that are not needed any more, or have it enlarged");
    };
    if (limits.volumes >= 0 && limits.volumes_used + count > limits.volumes)
      refuse(fmt::format("{} of {} volumes are used, and {} more are needed", limits.volumes_used,
                         limits.volumes, count));
    if (limits.gib >= 0 && limits.gib_used + needed > limits.gib)
      refuse(fmt::format("{} of {} GiB are used, and {} more are needed", limits.gib_used,
                         limits.gib, needed));
  }

  std::string create(const MachineMetadata &metadata, const TargetDisk &disk) {
    NewVolume volume;
    volume.name = volume_name(metadata, disk.index);
    volume.description = "v2v temporary volume for " + metadata.name;
    volume.type = type_;
    volume.gib = (disk.virtual_size + gib - 1) / gib;
    volume.metadata = {{conversion_key, conversion_}};
    return api_.create(volume);
  }

  /// The block device of a volume that is being attached, once it has appeared.
  std::string device_of(const std::string &id) {
    const auto shown = id.substr(0, shown_of_id);
    const auto deadline = std::chrono::steady_clock::now() + attach_limit;
    while (std::chrono::steady_clock::now() < deadline) {
      std::error_code gone;
      for (const auto &entry : fs::directory_iterator(by_id_, gone)) {
        if (entry.path().filename().string().find(shown) == std::string::npos) continue;
        const auto device = fs::canonical(entry.path(), gone);
        if (gone) continue;
        if (::access(device.c_str(), R_OK | W_OK) == 0) return device;
        throw Error(Code::access, "the volume's block device cannot be written to", device,
                    "run v2v as root");
      }
      host_.check_cancelled();
      std::this_thread::sleep_for(200ms);
    }
    throw Error(Code::io,
                fmt::format("the volume was attached, but its block device has not appeared within "
                            "{} s",
                            attach_limit.count()),
                by_id_ + "/*" + shown + "*",
                "see whether -oo server-id is the server on which v2v runs");
  }

  /// A volume whose creation was answered, but the answer was lost, was created twice.
  void remove_doubles() {
    try {
      for (const auto &volume : api_.with(conversion_key, conversion_))
        if (std::find(ids_.begin(), ids_.end(), volume.id) == ids_.end()) api_.remove(volume.id);
    } catch (const Error &error) {
      if (error.code() == Code::cancelled) throw;
      host_.warning(fmt::format("a volume with the property {}={} may be left over: {}",
                                conversion_key, conversion_, error.what()));
    }
  }

  Properties properties_of(const MachineMetadata &metadata, std::size_t disk) const {
    // The names are virt-v2v's, since programs look for them.
    Properties properties = {{"virt_v2v_version", metadata.generator},
                             {"virt_v2v_conversion_date", now()},
                             {"virt_v2v_guest_name", metadata.name},
                             {"virt_v2v_disk_index", fmt::format("{}/{}", disk + 1, ids_.size())}};
    if (!metadata.source.genid.empty())
      properties["virt_v2v_vm_generation_id"] = metadata.source.genid;
    if (!guest_id_.empty()) properties["virt_v2v_guest_id"] = guest_id_;
    return properties;
  }

  Host host_;
  const std::string server_, guest_id_, by_id_, type_;
  openstack::Session session_;
  VolumeApi api_;
  std::string conversion_;
  std::vector<std::string> ids_;
};

std::vector<Option> options() {
  auto options = login_options();
  options.push_back({"server-id",
                     OptionType::string,
                     "The server of the cloud on which v2v runs; must be given",
                     "UUID",
                     {}});
  options.push_back({"guest-id",
                     OptionType::string,
                     "Put into the property virt_v2v_guest_id of the volumes",
                     "TEXT",
                     {}});
  options.push_back({"dev-disk-by-id", OptionType::string, "Where attached volumes appear",
                     "DIRECTORY", "/dev/disk/by-id"});
  return options;
}

}  // namespace

V2V_REGISTER_OUTPUT(OpenstackOutput, PluginInfo{"openstack", V2V_PLUGIN_VERSION, "the v2v authors",
                                                "volumes in OpenStack Cinder", options()})
