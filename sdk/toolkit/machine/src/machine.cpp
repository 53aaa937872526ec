// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See machine.hpp: names and facts of the new machine. drives.cpp has the drives.
#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <v2v/machine/machine.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::machine {

std::string file_stem(const std::string &name) {
  std::string stem = name;
  std::replace(stem.begin(), stem.end(), '/', '_');
  return stem;
}

void check_guest_name(const std::string &name) {
  const char *const remedy = "give the new machine another name with -on";
  if (name.find_first_not_of(' ') == std::string::npos)
    throw Error(Code::usage, "the guest has no name", {}, remedy);
  if (text::has_control_character(name))
    throw Error(Code::usage, "the guest's name has a control character", text::printable(name),
                remedy);
  if (!text::is_xml_text(name))
    throw Error(Code::usage, "the guest's name is not valid UTF-8", text::printable(name), remedy);
}

bool wants_secure_boot(const Metadata &metadata) {
  return metadata.firmware == Firmware::uefi && metadata.source.secure_boot.value_or(false);
}

bool is_x86(const std::string &arch) {
  return arch == "x86_64" || std::regex_match(arch, std::regex("i[3-6]86"));
}

Machine effective_machine(const Metadata &metadata) {
  if (wants_secure_boot(metadata) && is_x86(metadata.caps.arch)) return Machine::q35;
  return metadata.caps.machine;
}

bool wants_transitional(const Metadata &metadata) {
  return effective_machine(metadata) == Machine::q35 && !metadata.caps.virtio_1_0;
}

std::string usable_mac(const Nic &nic, const Warn &warn) {
  if (nic.mac.empty()) return {};
  static const std::regex form("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");
  // The lowest bit of the first byte marks a multicast address, which no card can own.
  const bool usable =
      std::regex_match(nic.mac, form) && std::stoul(nic.mac.substr(0, 2), nullptr, 16) % 2 == 0;
  if (usable) return nic.mac;
  if (warn)
    warn(fmt::format("\"{}\" is no MAC address of a network card; the card gets a new one",
                     text::printable(nic.mac)));
  return {};
}

std::string usable_genid(const Source &source, const Warn &warn) {
  if (source.genid.empty()) return {};
  static const std::regex form("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  if (std::regex_match(source.genid, form)) return source.genid;
  if (warn)
    warn(fmt::format("the VM generation id \"{}\" is not a UUID and is left out",
                     text::printable(source.genid)));
  return {};
}

bool has_topology(const Source &source, const Warn &warn) {
  const std::uint64_t product =
      std::uint64_t{source.cpu_sockets} * source.cpu_cores * source.cpu_threads;
  if (product == 0) return false;
  if (product == source.vcpus) return true;
  if (warn)
    warn(
        fmt::format("the CPU topology of the source ({} sockets, {} cores, {} threads) does not "
                    "make up its {} vCPUs and is left out",
                    source.cpu_sockets, source.cpu_cores, source.cpu_threads, source.vcpus));
  return false;
}

}  // namespace v2v::machine
