// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -o rhv-upload: the guest in an oVirt engine, through its REST API and ImageIO. Disks are read from the
// host's server and uploaded as they are read; the machine is made of an OVF when all disks are there.
// Nothing is removed here after a failure: abort does it, by the journal.
#include <v2v/machine/machine.hpp>
#include <v2v/output.hpp>
#include <v2v/ovf/document.hpp>
#include <v2v/ovf/volume_meta.hpp>
#include <v2v/text/human_size.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <regex>
#include <set>

#include "disk_api.hpp"
#include "inventory.hpp"
#include "transfer.hpp"
#include "undoing.hpp"
#include "vm_api.hpp"

namespace {

using namespace v2v;
using namespace v2v::output_rhv_upload;

constexpr const char *vdsm_id_file = "/etc/vdsm/vdsm.id";
// A disk of 4 KiB sectors has no other size.
constexpr std::uint64_t granularity = 4096;
constexpr std::size_t longest_name = 255;

Error usage(const std::string &what, const std::string &remedy) {
  return {Code::usage, what, "-o rhv-upload", remedy};
}

/// @throws Error(usage) if one is none, or is there twice
std::vector<std::string> disk_uuids(const Options &options) {
  static const std::regex form("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}");
  auto uuids = options.all("rhv-disk-uuid");
  const auto more = options.all("ovirt-disk-uuid");
  uuids.insert(uuids.end(), more.begin(), more.end());
  std::set<std::string> seen;
  for (auto &uuid : uuids) {
    std::transform(uuid.begin(), uuid.end(), uuid.begin(), ::tolower);
    if (!std::regex_match(uuid, form) || uuid.find_first_not_of("0-") == uuid.npos)
      throw usage(fmt::format("-oo rhv-disk-uuid: \"{}\" is no UUID", text::printable(uuid)),
                  "give a UUID, as uuidgen makes them");
    if (!seen.insert(uuid).second)
      throw usage("-oo rhv-disk-uuid: two disks have the same UUID", "give each its own");
  }
  return uuids;
}

bool is_direct(const Options &options) {
  const auto direct = either(options, "direct"), proxy = either(options, "proxy");
  if (direct && proxy)
    throw usage("-oo rhv-direct and -oo rhv-proxy exclude each other", "give one");
  return proxy ? *proxy != "true" : !direct || *direct == "true";
}

class RhvUploadOutput : public Output {
 public:
  RhvUploadOutput(Host host, const OutputRequest &request)
      : host_(host),
        storage_(request.storage),
        format_(request.format.empty() ? "raw" : request.format),
        preallocated_(request.allocation == Allocation::preallocated),
        cluster_name_(either(request.options, "cluster").value_or("Default")),
        direct_(is_direct(request.options)),
        wanted_uuids_(disk_uuids(request.options)),
        engine_(login_of(request, host), http::Hooks::of(host)) {
    if (storage_.empty())
      throw usage("-os option was not specified", "give the name of a storage domain");
    if (format_ != "raw" && format_ != "qcow2")
      throw usage("oVirt has raw and qcow2 disks only", "use -of raw or -of qcow2");
    if (format_ == "qcow2" && preallocated_)
      throw usage("oVirt has no preallocated qcow2 disks", "use -of raw, or -oa sparse");
    if (!engine_.login().verify)
      host_.warning(
          "whether the engine is the right one is not checked, although it gets a "
          "password: give its certificate authority with -oo rhv-cafile");
  }

  OutputDescription describe() override {
    OutputDescription description;
    description.max_disks = ovf::most_disks;
    description.formats = {format_};
    description.size_granularity = granularity;
    description.modes = mode_bit(Target::Mode::plugin_reads);
    description.keep_serial_console = false;
    description.express_uefi = true;
    description.destination =
        fmt::format("-o rhv-upload -oc {} -os {}", engine_.printable_url(), storage_);
    return description;
  }

  void precheck(const Metadata &metadata) override {
    check_name(metadata.name);
    ovf::check_expressible(metadata.source);
    if (!wanted_uuids_.empty() && wanted_uuids_.size() != metadata.disks.size())
      throw usage(fmt::format("the guest has {} disks, but {} -oo rhv-disk-uuid were given",
                              metadata.disks.size(), wanted_uuids_.size()),
                  "give it once for each disk");
    Inventory inventory(engine_);
    const auto version = inventory.check_version();
    domain_ = inventory.storage_domain(storage_);
    cluster_ = inventory.cluster(cluster_name_, domain_);
    host_.debug(fmt::format("oVirt engine {}, {} free in {}", version,
                            text::human_size(domain_.available), text::printable(domain_.name)));
    check_architecture(metadata.caps.arch);
    check_room(metadata);
    if (VmApi(engine_).exists(metadata.name))
      throw Error(Code::exists, "the engine has a virtual machine of this name already",
                  metadata.name, "give another name with -on, or remove that one");
    for (const auto &uuid : wanted_uuids_)
      if (DiskApi(engine_).disk(uuid))
        throw Error(Code::exists, "the engine has a disk with this UUID already", uuid,
                    "give another with -oo rhv-disk-uuid, or leave it out");
    if (direct_) this_host_ = inventory.this_host(vdsm_id_file, domain_).value_or("");
  }

  std::vector<Target> prepare(const Metadata &metadata) override {
    check_architecture(metadata.caps.arch);
    made_ = {ovf::new_uuid(), ovf::new_uuid(), wanted_uuids_};
    while (made_.disks.size() < metadata.disks.size()) made_.disks.push_back(ovf::new_uuid());
    host_.journal(record_line(made_, engine_.login()));
    if (is_preallocated() && !preallocated_)
      host_.info("the storage domain is on block storage, so the disks take all their room");
    std::vector<Target> targets;
    for (const auto &disk : metadata.disks) {
      NewDisk wanted{made_.disks.at(disk.index),
                     disk_name(metadata, disk.index),
                     description_of(made_.conversion),
                     disk.format,
                     domain_.id,
                     disk.virtual_size,
                     !is_preallocated()};
      DiskApi(engine_).create(wanted);
      Target target;
      target.mode = Target::Mode::plugin_reads;
      target.display_name = "disk " + wanted.name;
      targets.push_back(std::move(target));
    }
    return targets;
  }

  void read(const ReadRequest &request) override {
    const auto &disk = request.metadata.disks.at(request.disk);
    TransferHooks hooks;
    hooks.progress = [this, &disk](std::uint64_t done) {
      host_.progress(disk.index, done, disk.virtual_size);
    };
    hooks.check_cancelled = [this] { host_.check_cancelled(); };
    hooks.debug = [this](const std::string &line) { host_.debug(line); };
    hooks.warn = [this](const std::string &line) { host_.warning(line); };
    transfer_disk(engine_,
                  {request.uri, fmt::format("disk {}", disk.index + 1), made_.disks.at(disk.index),
                   disk.virtual_size, this_host_, direct_},
                  hooks);
  }

  void commit(const Metadata &metadata) override {
    VmApi machines(engine_);
    const auto id =
        machines.create(made_.machine, metadata.name, cluster_.id, ovf_document(metadata));
    if (id != made_.machine) {
      made_.machine = id;
      host_.journal(record_line(made_, engine_.login()));
    }
    machines.wait_until_usable(id, metadata.name);
    machines.check_disks(id, metadata.name, made_.disks);
    host_.info(fmt::format("virtual machine {}: {}", metadata.name, text::printable(id)));
    for (const auto &disk : metadata.disks)
      host_.info(
          fmt::format("disk {}: {}", disk_name(metadata, disk.index), made_.disks.at(disk.index)));
  }

  static void abort(const Host &host, const std::vector<std::string> &records) {
    auto hooks = http::Hooks::of(host);
    hooks.check_cancelled = {};  // what it cleans up after may be a cancellation
    remove_recorded(records, hooks);
  }

 private:
  static std::string disk_name(const Metadata &metadata, unsigned disk) {
    return fmt::format("{}-{:03}", metadata.name, disk);
  }

  /// The engine has letters of all scripts in a name, digits, and three signs.
  static void check_name(const std::string &name) {
    machine::check_guest_name(name);
    const bool fits = std::all_of(name.begin(), name.end(), [](unsigned char c) {
      return c >= 0x80 || std::isalnum(c) || c == '.' || c == '_' || c == '-';
    });
    if (!fits || name.size() > longest_name)
      throw Error(Code::usage,
                  fmt::format("oVirt does not take this name for a machine: it can have letters, "
                              "digits, '.', '_' and '-', and {} bytes",
                              longest_name),
                  text::printable(name), "give another one with -on");
  }

  void check_architecture(const std::string &guest) const {
    // oVirt has one word for both byte orders.
    const auto wanted = guest == "ppc64le" ? "ppc64" : guest;
    if (!wanted.empty() && wanted != cluster_.architecture)
      throw Error(Code::unsupported,
                  fmt::format("the cluster is for {}, and the guest is for {}",
                              text::printable(cluster_.architecture), text::printable(guest)),
                  text::printable(cluster_name_), "give another one with -oo rhv-cluster");
  }

  bool is_preallocated() const { return preallocated_ || (domain_.block && format_ == "raw"); }

  void check_room(const Metadata &metadata) const {
    std::uint64_t needed = 0;
    for (const auto &disk : metadata.disks)
      needed += is_preallocated() || domain_.block
                    ? disk.virtual_size
                    : std::max<std::uint64_t>(disk.estimated_size, 1);
    if (needed > domain_.available)
      throw Error(Code::no_space,
                  fmt::format("the storage domain has {} free, and {} are needed",
                              text::human_size(domain_.available), text::human_size(needed)),
                  text::printable(domain_.name),
                  "make room there, or give another domain with -os");
  }

  std::string ovf_document(const Metadata &metadata) const {
    ovf::Request request;
    request.flavour = ovf::Flavour::ovirt;
    request.storage_domain = domain_.id;
    request.machine = made_.machine;
    for (const auto &disk : made_.disks) request.volumes.push_back({disk, ovf::new_uuid(), {}});
    request.preallocated = is_preallocated();
    request.time = std::time(nullptr);
    request.new_uuid = ovf::new_uuid;
    return ovf::document(metadata, request,
                         [this](const std::string &message) { host_.warning(message); });
  }

  Host host_;
  const std::string storage_, format_;
  const bool preallocated_;
  const std::string cluster_name_;
  const bool direct_;
  const std::vector<std::string> wanted_uuids_;
  Engine engine_;
  StorageDomain domain_;
  Cluster cluster_;
  std::string this_host_;
  Record made_;
};

/// Each with the old and the new name of oVirt.
std::vector<Option> options() {
  const Option both[] = {
      {"cafile", OptionType::file, "Certificate authority of the engine, PEM", "FILE", {}},
      {"cluster",
       OptionType::string,
       "Cluster of the new machine; Default if not given",
       "NAME",
       {}},
      {"direct",
       OptionType::boolean,
       "Upload to a host, not through the engine; the default",
       "",
       {}},
      {"proxy", OptionType::boolean, "Upload through the engine's proxy", "", {}},
      {"verifypeer",
       OptionType::boolean,
       "Whether the engine's certificate must be trusted; true if its authority is given",
       "",
       {}},
      {"disk-uuid", OptionType::list, "UUID of a disk, once for each, in order", "UUID", {}},
  };
  std::vector<Option> options;
  for (const char *prefix : {"ovirt-", "rhv-"})
    for (auto option : both) {
      option.name = prefix + option.name;
      options.push_back(std::move(option));
    }
  options.push_back(
      {"password-file", OptionType::file, "File with the password; -op is the same", "FILE", {}});
  return options;
}

}  // namespace

V2V_REGISTER_OUTPUT(RhvUploadOutput, PluginInfo{"rhv-upload", V2V_PLUGIN_VERSION, "the v2v authors",
                                                "an oVirt or RHV engine, by its API", options()})
