// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "guest.hpp"

#include "datastore.hpp"
#include "soap.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace v2v::input_vpx {
namespace {

constexpr std::uint64_t most_memory = std::uint64_t(1) << 30;  // MiB
constexpr std::uint64_t most_vcpus = 8192;

std::uint64_t number(pugi::xml_node hardware, const char *name, std::uint64_t most,
                     const std::string &guest) {
  const auto text = text_of(hardware, name);
  std::uint64_t value = 0;
  const auto *end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value == 0 || value > most)
    throw Error(Code::corrupt,
                fmt::format("the server says {} = \"{}\" of it", name, text::printable(text)),
                text::printable(guest), "see whether the guest starts in VMware");
  return value;
}

void add_topology(Source &source, pugi::xml_node hardware) {
  const unsigned cores = hardware.child("numCoresPerSocket").text().as_uint();
  // 1 is what every guest has that nobody has thought about; then there is nothing to keep.
  if (cores < 2 || source.vcpus % cores != 0) return;
  source.cpu_sockets = source.vcpus / cores;
  source.cpu_cores = cores;
  source.cpu_threads = 1;
}

bool has_device(pugi::xml_node hardware, const char *type) {
  for (const auto &device : hardware.children("device"))
    if (soap::type_of(device) == type) return true;
  return false;
}

std::string sound_of(pugi::xml_node hardware) {
  if (has_device(hardware, "VirtualSoundBlaster16")) return "sb16";
  if (has_device(hardware, "VirtualEnsoniq1371")) return "es1370";
  if (has_device(hardware, "VirtualHdAudioCard")) return "ich6";
  return {};
}

std::string extra(pugi::xml_node config, const std::string &key) {
  for (const auto &option : config.children("extraConfig"))
    if (text::lower(text_of(option, "key")) == key) return text_of(option, "value");
  return {};
}

}  // namespace

Bus bus_of(pugi::xml_node hardware, const std::string &key) {
  for (const auto &device : hardware.children("device")) {
    if (text_of(device, "key") != key) continue;
    const auto type = soap::type_of(device);
    Bus bus;
    bus.number = device.child("busNumber").text().as_uint();
    if (type == "VirtualIDEController")
      bus = {"ide", bus.number, Controller::ide};
    else if (type == "VirtualAHCIController" || type == "VirtualSATAController")
      bus = {"sata", bus.number, Controller::sata};
    else if (type == "VirtualNVMEController")
      bus = {"nvme", bus.number, Controller::nvme};
    else if (type == "ParaVirtualSCSIController" || type == "VirtualBusLogicController" ||
             type == "VirtualLsiLogicController" || type == "VirtualLsiLogicSASController" ||
             type == "VirtualSCSIController")
      bus = {"scsi", bus.number, Controller::scsi};
    return bus;
  }
  return {};
}

std::string generation_id(const std::string &low, const std::string &high) {
  const auto parse = [](const std::string &text) -> std::optional<std::uint64_t> {
    std::int64_t value = 0;
    const auto *end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return static_cast<std::uint64_t>(value);
  };
  const auto a = parse(low), b = parse(high);
  if (!a || !b) return {};
  // A GUID as Microsoft stores it: the first three fields little-endian, the rest bytes in order.
  std::string uuid =
      fmt::format("{:08x}-{:04x}-{:04x}-", *a & 0xffffffff, *a >> 32 & 0xffff, *a >> 48);
  for (unsigned i = 0; i < 8; ++i)
    uuid += fmt::format("{}{:02x}", i == 2 ? "-" : "", *b >> (8 * i) & 0xff);
  return uuid;
}

Guest read_guest(pugi::xml_node config, const PortGroupName &port_group, const Warn &warn) {
  const auto hardware = config.child("hardware");
  Guest guest;
  auto &source = guest.source;
  source.name = plain_name(text_of(config, "name"));
  // A name is one line in everything that follows.
  std::replace_if(source.name.begin(), source.name.end(), text::is_control, ' ');
  source.hypervisor = "vmware";
  source.memory = number(hardware, "memoryMB", most_memory, source.name) << 20;
  source.vcpus = static_cast<unsigned>(number(hardware, "numCPU", most_vcpus, source.name));
  add_topology(source, hardware);
  source.genid = generation_id(extra(config, "vm.genid"), extra(config, "vm.genidx"));
  source.firmware = text_of(config, "firmware") == "efi" ? Firmware::uefi : Firmware::bios;
  source.secure_boot =
      text_of(config.child("bootOptions"), "efiSecureBootEnabled") == std::string("true");
  source.tpm = has_device(hardware, "VirtualTPM");
  const auto guest_os = text::lower(text_of(config, "guestId"));
  if (guest_os.rfind("win", 0) == 0) source.os_type = "windows";
  source.sound = sound_of(hardware);
  source.removables = read_removables(hardware);
  source.nics = read_nics(hardware, source.name, port_group, warn);
  guest.disks = read_disks(hardware, source.name, warn);
  return guest;
}

}  // namespace v2v::input_vpx
