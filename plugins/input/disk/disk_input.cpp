// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "disk_input.hpp"

#include "nic_option.hpp"

#include <v2v/images/image.hpp>
#include <v2v/images/local_disk.hpp>
#include <v2v/nbd/nbd_uri.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace v2v::input_disk {
namespace {

constexpr std::uint64_t default_memory = std::uint64_t(2048) << 20;

std::uint64_t number(const Options &options, const std::string &name, std::uint64_t least,
                     std::uint64_t fallback) {
  const auto text = options.get(name);
  if (!text) return fallback;
  std::uint64_t value = 0;
  const auto *end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value < least)
    throw Error(Code::usage, fmt::format("\"{}\" is no value for it", *text), "-io " + name,
                fmt::format("give a number of at least {}", least));
  return value;
}

Firmware firmware(const Options &options) {
  const auto text = options.get("firmware");
  if (!text) return Firmware::unknown;
  if (*text == "bios") return Firmware::bios;
  if (*text == "uefi" || *text == "efi") return Firmware::uefi;
  throw Error(Code::usage, fmt::format("unknown firmware \"{}\"", *text), "-io firmware",
              "give bios or uefi");
}

Controller controller(const Options &options) {
  static constexpr std::array<std::pair<std::string_view, Controller>, 6> names = {{
      {"ide", Controller::ide},
      {"sata", Controller::sata},
      {"scsi", Controller::scsi},
      {"nvme", Controller::nvme},
      {"virtio", Controller::virtio_blk},
      {"virtio-scsi", Controller::virtio_scsi},
  }};
  const auto text = options.get("controller");
  if (!text) return Controller::unknown;
  for (const auto &[name, value] : names)
    if (*text == name) return value;
  throw Error(Code::usage, fmt::format("unknown controller \"{}\"", *text), "-io controller",
              "give ide, sata, scsi, nvme, virtio or virtio-scsi");
}

std::vector<Nic> nics(const Options &options) {
  const auto texts = options.all("nic");
  if (texts.empty()) {
    Nic nic;
    nic.network = "default";
    return {nic};
  }
  if (texts.size() == 1 && texts.front() == "none") return {};
  std::vector<Nic> values;
  for (const auto &text : texts) values.push_back(parse_nic(text));
  return values;
}

void check_name(const std::string &name, const std::string &origin) {
  if (name.empty() || text::has_control_character(name) || !text::is_utf8(name))
    throw Error(Code::usage, "this gives no usable name for the guest", text::printable(origin),
                "give one with -io name=NAME");
}

Location nbd_location(const std::string &uri, const std::string &format) {
  nbd::parse_nbd_uri(uri);
  if (!format.empty() && images::canonical_format(format) != "raw")
    throw Error(Code::unsupported, fmt::format("-if {} does not fit: NBD serves raw bytes", format),
                uri,
                "export the image with qemu-nbd -f FORMAT, which unpacks it, and leave -if out");
  Location location;
  location.type = Location::Type::uri;
  location.path = uri;
  location.format = "raw";
  return location;
}

}  // namespace

std::string guest_name(const std::string &argument) {
  if (nbd::looks_like_nbd_uri(argument)) {
    const auto name = nbd::parse_nbd_uri(argument).export_name;
    return name.empty() ? "unknown" : name.substr(name.find_last_of('/') + 1);
  }
  auto file = argument.substr(argument.find_last_of('/') + 1);
  // As in virt-v2v one suffix at most, the first that fits; the last four are our addition.
  for (const std::string_view suffix :
       {".img", ".ova", ".qcow2", ".raw", ".vmdk", ".vmx", "-sda", ".vdi", ".vpc", ".vhd", ".vhdx"})
    if (file.size() >= suffix.size() &&
        file.compare(file.size() - suffix.size(), suffix.size(), suffix) == 0)
      return file.substr(0, file.size() - suffix.size());
  return file;
}

std::string DiskInput::name() const {
  if (const auto given = request_.options.get("name")) {
    check_name(*given, "-io name");
    return *given;
  }
  const auto local = std::find_if_not(request_.arguments.begin(), request_.arguments.end(),
                                      nbd::looks_like_nbd_uri);
  const auto &origin = local != request_.arguments.end() ? *local : request_.arguments.front();
  auto found = guest_name(origin);
  check_name(found, origin);
  return found;
}

std::vector<Disk> DiskInput::disks() const {
  const auto attached = controller(request_.options);
  std::vector<Disk> disks;
  std::vector<images::LocalDisk> files;
  std::vector<nbd::NbdUri> exports;
  for (const auto &argument : request_.arguments) {
    Disk disk;
    disk.controller = attached;
    disk.id = argument;
    bool again = false;
    if (nbd::looks_like_nbd_uri(argument)) {
      disk.location = nbd_location(argument, request_.format);
      const auto uri = nbd::parse_nbd_uri(argument);
      again = std::find(exports.begin(), exports.end(), uri) != exports.end();
      exports.push_back(uri);
    } else {
      auto file =
          images::open_local_disk(host_, argument, request_.format, request_.allow_references);
      again = std::any_of(files.begin(), files.end(),
                          [&](const images::LocalDisk &other) { return other.same_as(file); });
      disk.location = file.location;
      files.push_back(std::move(file));
    }
    if (again)
      throw Error(Code::usage, "the same disk is given twice", argument,
                  "give each disk of the guest once, in the order the guest sees them");
    disks.push_back(std::move(disk));
  }
  return disks;
}

Source DiskInput::open() {
  if (request_.arguments.empty())
    throw Error(Code::usage, "expecting a disk image (filename) on the command line", "-i disk",
                "give the guest's disks: v2v -i disk DISK.img …");
  for (const auto &[option, value] :
       {std::pair{"-ic", request_.connection}, std::pair{"-it", request_.transport}})
    if (!value.empty())
      host_.warning(fmt::format("{} has no meaning for -i disk and is ignored", option));
  Source source;
  // Before the name: that a directory is no disk says more than that it gives no name.
  source.disks = disks();
  source.name = name();
  source.memory = number(request_.options, "memory", std::uint64_t(1) << 20, default_memory);
  source.vcpus =
      static_cast<unsigned>(std::min<std::uint64_t>(number(request_.options, "vcpus", 1, 1), 8192));
  source.firmware = firmware(request_.options);
  source.features = {"acpi", "apic", "pae"};
  source.display = Display{};
  source.display->type = Display::Type::window;
  source.nics = nics(request_.options);
  return source;
}

}  // namespace v2v::input_disk
