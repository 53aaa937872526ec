// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ovf.hpp"

#include "ovf_capacity.hpp"
#include "ovf_devices.hpp"
#include "ovf_document.hpp"
#include "units.hpp"

#include <v2v/error.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace v2v::input_ova {
namespace {

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t default_memory = std::uint64_t(1) << 30;
constexpr std::uint64_t most_memory = std::uint64_t(1) << 50;
constexpr std::uint64_t most_vcpus = 8192;

class Reader {
 public:
  Reader(std::string_view text, std::string name) : name_(std::move(name)) {
    load_ovf(document_, text, name_);
    envelope_ = document_.document_element();
  }

  OvfMachine read(const std::string &fallback_name, const std::string &chosen) {
    system_ = choose_system(chosen);
    const auto hardware = sections(system_, "VirtualHardwareSection");
    if (hardware.empty())
      throw Error(Code::corrupt, "the OVF describes no hardware (VirtualHardwareSection)", name_,
                  "export the guest again");
    hardware_ = hardware.front();
    const auto configuration = default_configuration(envelope_);
    items_ = read_items(hardware_, configuration, name_);
    properties_.emplace(system_, configuration);
    index();

    Source &source = machine_.source;
    source.name = machine_name(fallback_name);
    source.hypervisor = hypervisor();
    source.os_type = os_type();
    read_memory();
    read_processors();
    read_firmware(source, system_, hardware_, items_, machine_.warnings);
    read_disks();
    source.removables = read_removables(items_, machine_.warnings);
    source.nics = read_nics(items_, machine_.warnings);
    add_virtualbox_macs(source.nics, system_);
    source.sound = read_sound(items_);
    return std::move(machine_);
  }

 private:
  [[noreturn]] void damaged(const std::string &what) const {
    throw Error(Code::corrupt, what, name_, "export the guest again");
  }
  void warn(const std::string &what) { machine_.warnings.push_back(what); }

  pugi::xml_node choose_system(const std::string &chosen) const;
  void index();
  std::string machine_name(const std::string &fallback);
  std::string hypervisor() const;
  std::string os_type() const;
  const Item *first(Resource type) const;
  void read_memory();
  void read_processors();
  void read_topology(const Item &item);
  void read_disks();
  OvfDisk read_disk(const Item &item);
  OvfDisk blank_disk(const Item &item, const std::string &shown) const;
  std::optional<FileReference> file(const std::string &id) const;

  std::string name_;
  pugi::xml_document document_;
  pugi::xml_node envelope_, system_, hardware_;
  std::vector<Item> items_;
  std::optional<Properties> properties_;
  std::map<std::string, pugi::xml_node> disks_, files_;  ///< by their ids
  OvfMachine machine_;
};

/// All machines of the envelope, also those in collections in collections.
std::vector<pugi::xml_node> all_systems(pugi::xml_node envelope) {
  std::vector<pugi::xml_node> found, collections = {envelope};
  while (!collections.empty()) {
    const auto here = collections.back();
    collections.pop_back();
    for (const auto &system : sections(here, "VirtualSystem")) found.push_back(system);
    for (const auto &inner : sections(here, "VirtualSystemCollection"))
      collections.push_back(inner);
  }
  return found;
}

std::string name_of(pugi::xml_node system) {
  const auto name = child_text(system, "Name");
  return name.empty() ? attribute(system, "id") : name;
}

pugi::xml_node Reader::choose_system(const std::string &chosen) const {
  auto systems = all_systems(envelope_);
  if (systems.empty()) damaged("the OVF describes no virtual machine (VirtualSystem)");
  std::vector<std::string> names;
  names.reserve(systems.size());
  for (const auto &system : systems)
    names.push_back(fmt::format("\"{}\"", text::printable(name_of(system))));
  if (names.size() > 20) names.resize(20);
  if (!chosen.empty())
    systems.erase(std::remove_if(systems.begin(), systems.end(),
                                 [&](const auto &system) {
                                   return name_of(system) != chosen &&
                                          attribute(system, "id") != chosen;
                                 }),
                  systems.end());
  if (systems.size() == 1) return systems.front();
  if (systems.empty())
    throw Error(Code::usage, fmt::format("the OVF has no virtual machine of this name: {}", chosen),
                name_, fmt::format("give one of: {}", fmt::join(names, ", ")));
  throw Error(Code::usage,
              fmt::format("the OVF describes several virtual machines: {}", fmt::join(names, ", ")),
              name_, "choose one by its name or id with -io vm=NAME");
}

/// Of two with the same id the first counts.
void Reader::index() {
  for (const auto &section : sections(envelope_, "DiskSection"))
    for (const auto &node : children(section, "Disk"))
      disks_.emplace(attribute(node, "diskId"), node);
  for (const auto &references : children(envelope_, "References"))
    for (const auto &node : children(references, "File"))
      files_.emplace(attribute(node, "id"), node);
}

std::string Reader::machine_name(const std::string &fallback) {
  auto name = name_of(system_);
  if (name.empty()) {
    warn(fmt::format("the OVF gives the guest no name; it is called \"{}\" like its file",
                     text::printable(fallback)));
    name = fallback;
  }
  if (text::has_control_character(name) || !text::is_utf8(name)) {
    name = text::printable(name);
    warn(fmt::format("the guest's name is not plain text; it is called \"{}\"", name));
  }
  return name;
}

std::string Reader::hypervisor() const {
  const auto type = text::lower(child_text(child(hardware_, "System"), "VirtualSystemType"));
  if (type.find("virtualbox") != type.npos) return "vbox";
  if (type.substr(0, 3) == "xen") return "xen";
  if (type.find("kvm") != type.npos || type.find("qemu") != type.npos) return "kvm";
  return "vmware";
}

/// VMware: vmw:osType="windows9Server64Guest"; VirtualBox: <vbox:OSType>Windows2019_64; others tell it
/// only in the description. The number of CIM says the same, but tools give wrong ones.
std::string Reader::os_type() const {
  for (const auto &section : sections(system_, "OperatingSystemSection"))
    for (const auto &word : {attribute(section, "osType"), child_text(section, "OSType"),
                             child_text(section, "Description")}) {
      const auto lower = text::lower(word);
      if (lower.rfind("win", 0) == 0 || lower.find("windows") != std::string::npos)
        return "windows";
    }
  return "";
}

const Item *Reader::first(Resource type) const {
  const auto found = std::find_if(items_.begin(), items_.end(),
                                  [&](const Item &item) { return item.type == type; });
  return found == items_.end() ? nullptr : &*found;
}

void Reader::read_memory() {
  auto &memory = machine_.source.memory;
  memory = default_memory;
  const auto *item = first(Resource::memory);
  const auto quantity = item ? parse_number(item->quantity) : std::nullopt;
  if (!quantity || *quantity == 0)
    return warn("the OVF does not say how much memory the guest has; it gets 1 GiB");
  auto unit = mebibyte;
  if (!item->units.empty()) {
    const auto known = unit_bytes(item->units);
    if (!known)
      warn(fmt::format("the unit of memory \"{}\" is not known; it is taken for MiB",
                       text::printable(item->units)));
    unit = known.value_or(mebibyte);
  }
  const auto bytes = multiply(*quantity, unit);
  if (!bytes || *bytes > most_memory)
    damaged(fmt::format("the guest cannot have {} times {} bytes of memory", *quantity, unit));
  memory = *bytes;
}

void Reader::read_processors() {
  machine_.source.vcpus = 1;
  const auto *item = first(Resource::processor);
  const auto quantity = item ? parse_number(item->quantity) : std::nullopt;
  if (!quantity || *quantity == 0)
    return warn("the OVF does not say how many virtual CPUs the guest has; it gets one");
  if (*quantity > most_vcpus)
    damaged(fmt::format("the guest cannot have {} virtual CPUs", *quantity));
  machine_.source.vcpus = static_cast<unsigned>(*quantity);
  read_topology(*item);
}

/// vmw:CoresPerSocket stands in the item; VMware's desktop products write it as a setting. ESXi 8
/// writes 0 where it chooses by itself.
void Reader::read_topology(const Item &item) {
  auto text = child_text(item.node, "CoresPerSocket");
  if (text.empty()) text = config_value(hardware_, "cpuid.coresPerSocket").value_or("");
  if (text.empty()) return;
  auto &source = machine_.source;
  const auto cores = parse_number(text);
  if (cores && *cores == 0) return;
  if (!cores || *cores > source.vcpus || source.vcpus % *cores != 0)
    return warn(
        fmt::format("{} virtual CPUs do not make sockets of \"{}\" cores; the guest gets "
                    "no topology",
                    source.vcpus, text::printable(text)));
  source.cpu_cores = static_cast<unsigned>(*cores);
  source.cpu_sockets = source.vcpus / source.cpu_cores;
  source.cpu_threads = 1;
}

void Reader::read_disks() {
  std::vector<AttachedDisk> disks;
  std::set<std::string> seen;
  for (const auto &item : items_) {
    if (!is_hard_disk(item)) continue;
    AttachedDisk disk{read_disk(item), attachment_of(item, items_, machine_.warnings)};
    if (!item.host_resource.empty() && !seen.insert(item.host_resource).second)
      warn(fmt::format("several devices are the same disk, {}; each gets a copy of its own",
                       text::printable(item.host_resource)));
    disk.disk.controller = disk.at.controller;
    disks.push_back(std::move(disk));
  }
  machine_.disks = in_guest_order(std::move(disks));
}

/// HostResource is "ovf:/disk/ID", with or without what stands before "disk".
OvfDisk Reader::read_disk(const Item &item) {
  std::string_view resource = item.host_resource;
  if (resource.substr(0, 4) == "ovf:") resource.remove_prefix(4);
  while (!resource.empty() && resource[0] == '/') resource.remove_prefix(1);
  const auto shown = text::printable(item.name.empty() ? item.id : item.name);
  OvfDisk disk;
  if (resource.substr(0, 5) == "file/") {
    disk.id = resource.substr(5);
    disk.file = file(disk.id);
    if (!disk.file)
      damaged(fmt::format("\"{}\" lies in a file that the OVF does not list: {}", shown,
                          text::printable(disk.id)));
    return disk;
  }
  if (resource.empty()) return blank_disk(item, shown);
  if (resource.substr(0, 5) != "disk/")
    damaged(fmt::format("\"{}\" does not say which disk of the OVF it is (HostResource \"{}\")",
                        shown, text::printable(item.host_resource)));
  disk.id = resource.substr(5);
  const auto node = disks_.find(disk.id);
  if (node == disks_.end())
    damaged(fmt::format("the OVF's hardware has a disk that its DiskSection does not: {}",
                        text::printable(disk.id)));
  const auto id = attribute(node->second, "fileRef");
  disk.capacity = disk_capacity(node->second, *properties_, id.empty(), name_, machine_.warnings);
  disk.format = attribute(node->second, "format");
  disk.has_parent = !attribute(node->second, "parentRef").empty();
  if (id.empty()) return disk;
  disk.file = file(id);
  if (!disk.file)
    damaged(fmt::format("the disk \"{}\" lies in a file that the OVF does not list: {}",
                        text::printable(disk.id), text::printable(id)));
  return disk;
}

/// A disk that is nowhere but in the hardware section (OVF 2.0's StorageItem) is new with the machine.
OvfDisk Reader::blank_disk(const Item &item, const std::string &shown) const {
  OvfDisk disk;
  disk.id = item.name.empty() ? item.id : item.name;
  disk.capacity = item_capacity(item, name_);
  if (!disk.capacity || *disk.capacity == 0)
    damaged(
        fmt::format("\"{}\" says neither which disk of the OVF it is (HostResource) nor how large "
                    "it is (VirtualQuantity \"{}\", AllocationUnits \"{}\")",
                    shown, text::printable(item.quantity), text::printable(item.units)));
  return disk;
}

std::optional<FileReference> Reader::file(const std::string &id) const {
  auto known = files_.find(id);
  // OVF 0.9 wrote "file/ID".
  if (known == files_.end() && id.substr(0, 5) == "file/") known = files_.find(id.substr(5));
  if (known == files_.end()) return std::nullopt;
  const auto node = known->second;
  FileReference found;
  found.id = id;
  found.href = attribute(node, "href");
  found.size = parse_number(attribute(node, "size"));
  found.chunked = !attribute(node, "chunkSize").empty();
  const auto compression = text::lower(attribute(node, "compression"));
  if (found.href.empty())
    damaged(fmt::format("the OVF's file \"{}\" has no href", text::printable(id)));
  if (!compression.empty() && compression != "identity" && compression != "gzip")
    throw Error(Code::unsupported,
                fmt::format("{} is compressed with \"{}\"", text::printable(found.href),
                            text::printable(compression)),
                name_, "export the guest again, without compression or with gzip");
  found.gzip = compression == "gzip";
  return found;
}

}  // namespace

OvfMachine read_ovf(std::string_view text, const std::string &name,
                    const std::string &fallback_name, const std::string &chosen) {
  return Reader(text, name).read(fallback_name, chosen);
}

}  // namespace v2v::input_ova
