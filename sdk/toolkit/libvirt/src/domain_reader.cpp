// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See domain.hpp: everything of a domain but its devices.
#include "domain_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <v2v/error.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::libvirt {
namespace {

constexpr std::uint64_t default_memory = std::uint64_t{1} << 30;  // as virt-v2v
constexpr std::uint64_t most_memory = std::uint64_t{1} << 50;
constexpr std::uint64_t most_vcpus = 8192;

class Reader {
 public:
  explicit Reader(const Reading &reading) : reading_(reading), domain_(reading.domain) {}

  Source source() const {
    Source source;
    source.hypervisor = attribute(domain_, "type");
    if (source.hypervisor.empty()) wrong("the domain has no type", "type");
    source.name = name();
    source.genid = text_of(child(domain_, "genid"));
    source.memory = memory();
    cpu(source);
    features(source);
    source.firmware = firmware();
    source.secure_boot = secure_boot();
    source.tpm = static_cast<bool>(child(reading_.devices, "tpm"));
    source.os_type = os_type();
    source.display = read_display(reading_);
    source.sound = read_sound(reading_);
    source.removables = read_removables(reading_);
    source.nics = read_nics(reading_);
    return source;
  }

 private:
  [[noreturn]] void wrong(const std::string &what, const char *where) const {
    throw Error(Code::corrupt, what, reading_.name,
                fmt::format("put its {} right with virsh edit, or in the XML", where));
  }

  std::string name() const {
    auto name = text_of(child(domain_, "name"));
    // A name is one line in everything that follows.
    std::replace_if(name.begin(), name.end(), text::is_control, ' ');
    if (name.find_first_not_of(' ') == name.npos) wrong("the domain has no name", "<name>");
    return name;
  }

  std::uint64_t memory() const {
    const auto node = child(domain_, "memory");
    if (!node) return default_memory;
    const auto bytes = scaled_bytes(node);
    if (!bytes || *bytes == 0 || *bytes > most_memory)
      wrong(fmt::format("\"{} {}\" cannot be its memory", text::printable(text_of(node)),
                        text::printable(attribute(node, "unit"))),
            "<memory>");
    return *bytes;
  }

  /// A number of processors: nothing if it is not there.
  std::optional<unsigned> processors(const std::string &text, const char *where) const {
    if (text.empty()) return std::nullopt;
    const auto value = whole_number(text);
    if (!value || *value == 0 || *value > most_vcpus)
      wrong(fmt::format("\"{}\" cannot be a number of processors", text::printable(text)), where);
    return static_cast<unsigned>(*value);
  }

  void cpu(Source &source) const {
    const auto cpu = child(domain_, "cpu");
    source.cpu_vendor = text_of(child(cpu, "vendor"));
    source.cpu_model = text_of(child(cpu, "model"));
    const auto topology = child(cpu, "topology");
    const auto number = [&](const char *name) {
      return processors(attribute(topology, name), "<topology>");
    };
    const auto sockets = number("sockets"), cores = number("cores"), threads = number("threads");
    // What is between a socket and its cores counts as more cores.
    const std::uint64_t cores_in_all = std::uint64_t{number("dies").value_or(1)} *
                                       number("clusters").value_or(1) * cores.value_or(1);
    const std::uint64_t product =
        sockets.value_or(1) * std::uint64_t{threads.value_or(1)} * cores_in_all;
    if (cores_in_all > most_vcpus || product > most_vcpus)
      wrong("its topology has absurdly many processors", "<topology>");
    const auto vcpus = processors(text_of(child(domain_, "vcpu")), "<vcpu>");
    source.vcpus = vcpus.value_or(static_cast<unsigned>(product));
    if (!sockets || !cores || !threads) return;
    source.cpu_sockets = *sockets;
    source.cpu_cores = static_cast<unsigned>(cores_in_all);
    source.cpu_threads = *threads;
  }

  void features(Source &source) const {
    for (const auto &feature : child(domain_, "features").children()) {
      if (feature.type() != pugi::node_element || attribute(feature, "state") == "off") continue;
      source.features.push_back(local_name(feature));
    }
  }

  /// Without a word about it the guest's disks tell.
  Firmware firmware() const {
    const auto os = child(domain_, "os");
    const auto said = attribute(os, "firmware");
    if (said == "bios") return Firmware::bios;
    if (said == "efi") return Firmware::uefi;
    const auto loader = child(os, "loader");
    if (attribute(loader, "type") == "pflash") return Firmware::uefi;
    // Xen, and old libvirt: only the name of the file says it.
    const auto file = text::lower(text_of(loader));
    for (const auto *uefi : {"ovmf", "aavmf", "edk2"})
      if (file.find(uefi) != file.npos) return Firmware::uefi;
    return Firmware::unknown;
  }

  /// Firmware that could check signatures does so only with keys. That they are there is told by a
  /// feature, or in older XML by the name of the template for NVRAM.
  std::optional<bool> secure_boot() const {
    const auto os = child(domain_, "os");
    std::optional<bool> on, keys;
    for (const auto &feature : children(child(os, "firmware"), "feature")) {
      const bool enabled = attribute(feature, "enabled") == "yes";
      if (attribute(feature, "name") == "secure-boot") on = enabled;
      if (attribute(feature, "name") == "enrolled-keys") keys = enabled;
    }
    if (on) return *on && keys.value_or(true);
    const auto loader = attribute(child(os, "loader"), "secure");
    if (loader == "no") return false;
    if (loader != "yes") return std::nullopt;
    const auto vars = text::lower(attribute(child(os, "nvram"), "template"));
    for (const auto *with_keys : {"secboot", ".ms.", ".snakeoil."})
      if (vars.find(with_keys) != vars.npos) return true;
    return std::nullopt;
  }

  /// virt-manager and virt-install name the system by its URI in libosinfo.
  std::string os_type() const {
    for (const auto &info : child(domain_, "metadata").children())
      for (const auto &os : children(info, "os"))
        if (attribute(os, "id").find("microsoft.com/win") != std::string::npos) return "windows";
    return {};
  }

  const Reading &reading_;
  pugi::xml_node domain_;
};

}  // namespace

void Reading::warn(const std::string &what) const {
  if (warning) warning(name + ": " + what);
}

Domain read_domain(std::string_view xml, const std::string &name, const machine::Warn &warn) {
  pugi::xml_document document;
  load_document(document, xml, "domain", name);
  const auto root = document.document_element();
  const Reading reading{root, child(root, "devices"), name, warn};
  Domain domain;
  domain.source = Reader(reading).source();
  domain.disks = read_disks(reading);
  warn_of_what_stays_behind(reading);
  return domain;
}

std::string volume_format(std::string_view xml, const std::string &name) {
  pugi::xml_document document;
  load_document(document, xml, "volume", name);
  return format_name(
      attribute(child_at(document.document_element(), {"target", "format"}), "type"));
}

}  // namespace v2v::libvirt
