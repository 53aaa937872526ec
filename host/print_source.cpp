// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "print_source.hpp"

#include "text.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <boost/algorithm/string/join.hpp>

#include <algorithm>

namespace v2v::host {
namespace {

/// One line: the label right-aligned to 15 characters. A missing value leaves the blank behind the
/// colon, as virt-v2v does.
std::string field(const std::string &label, const std::string &value) {
  return fmt::format("{:>15}: {}\n", label, printable(value, false));
}

std::string heading(const std::string &label, const std::vector<std::string> &lines) {
  std::string text = label + ":\n";
  for (const std::string &line : lines) text += "\t" + printable(line, false) + "\n";
  return lines.empty() ? text + "\n" : text;
}

std::string controller_word(Controller controller) {
  switch (controller) {
    case Controller::ide:
      return "ide";
    case Controller::sata:
      return "sata";
    case Controller::scsi:
      return "scsi";
    case Controller::nvme:
      return "nvme";
    case Controller::virtio_blk:
      return "virtio-blk";
    case Controller::virtio_scsi:
      return "virtio-scsi";
    case Controller::unknown:
      break;
  }
  return {};
}

/// " [ide]", or nothing if it is not known.
std::string bracketed(const std::string &word) {
  return word.empty() ? "" : fmt::format(" [{}]", word);
}

std::string firmware_word(Firmware firmware) {
  if (firmware == Firmware::bios) return "bios";
  return firmware == Firmware::uefi ? "uefi" : "unknown";
}

bool is_ip_address(const std::string &text) {
  in6_addr room;
  return ::inet_pton(AF_INET, text.c_str(), &room) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &room) == 1;
}

std::string display_text(const Display &display) {
  std::string text = "window";
  if (display.type == Display::Type::vnc) text = "vnc";
  if (display.type == Display::Type::spice) text = "spice";
  if (!display.keymap.empty()) text += " " + display.keymap;
  if (!display.password.empty()) text += " with password";
  if (display.listen == "none")
    text += " listening on private fd";
  else if (!display.listen.empty())
    text += (is_ip_address(display.listen) ? " listening on address " : " listening on network ") +
            display.listen;
  return text;
}

std::string removable_text(const Removable &drive) {
  std::string text = drive.type == Removable::Type::floppy ? "Floppy" : "CD-ROM";
  text += bracketed(controller_word(drive.controller));
  if (drive.slot) text += fmt::format(" in slot {}", *drive.slot);
  return text;
}

std::string nic_text(const Nic &nic) {
  const std::string network = nic.network.empty() ? "default" : nic.network;
  std::string text =
      fmt::format("{} \"{}\"", nic.type == Nic::Type::bridge ? "Bridge" : "Network", network);
  if (!nic.mac.empty()) text += " mac: " + nic.mac;
  return text + bracketed(nic.model);
}

template <class Values, class Describe>
std::vector<std::string> lines_of(const Values &values, Describe describe) {
  std::vector<std::string> lines;
  for (const auto &value : values) lines.push_back(describe(value));
  return lines;
}

}  // namespace

std::string print_source(const Source &source) {
  std::vector<std::string> features = source.features;
  std::sort(features.begin(), features.end());
  std::string topology;
  if (source.cpu_sockets)
    topology = fmt::format("sockets: {} cores/socket: {} threads/core: {}", source.cpu_sockets,
                           source.cpu_cores, source.cpu_threads);
  std::vector<std::string> disks;
  for (std::size_t i = 0; i < source.disks.size(); ++i)
    disks.push_back(fmt::format("{}{}", i, bracketed(controller_word(source.disks[i].controller))));

  std::string text = "Source guest information (--print-source option):\n\n";
  text += field("source name", source.name);
  text += field("hypervisor type", source.hypervisor.empty() ? "unknownhv" : source.hypervisor);
  text += field("VM genid", source.genid);
  text += field("memory", fmt::format("{} (bytes)", source.memory));
  text += field("nr vCPUs", fmt::format("{}", source.vcpus));
  text += field("CPU vendor", source.cpu_vendor);
  text += field("CPU model", source.cpu_model);
  text += field("CPU topology", topology);
  text += field("CPU features", boost::join(features, ","));
  text += field("firmware", firmware_word(source.firmware));
  text += field("UEFI secureboot", source.secure_boot.value_or(false) ? "true" : "false");
  text += field("display", source.display ? display_text(*source.display) : "");
  text += field("sound", source.sound);
  text += heading("disks", disks);
  text += heading("removable media", lines_of(source.removables, removable_text));
  text += heading("NICs", lines_of(source.nics, nic_text));
  return text + "\n";
}

}  // namespace v2v::host
