// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "target_host.hpp"

#include <v2v/libvirt/document.hpp>
#include <v2v/libvirt_client/uri.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace v2v::output_libvirt {
namespace {

using libvirt::attribute;
using libvirt::child;
using libvirt::children;

/// Whether <enum name=…> has the value; nothing without such an enum.
std::optional<bool> offers(pugi::xml_node node, const std::string &name, const std::string &value) {
  for (const auto &each : children(node, "enum")) {
    if (attribute(each, "name") != name) continue;
    const auto values = children(each, "value");
    return std::any_of(values.begin(), values.end(),
                       [&](const auto &one) { return libvirt::text_of(one) == value; });
  }
  return std::nullopt;
}

const char *machine_name(Machine machine) {
  switch (machine) {
    case Machine::i440fx:
      return "pc";
    case Machine::virt:
      return "virt";
    case Machine::q35:
      break;
  }
  return "q35";
}

/// How good a type of domain is. Of others than QEMU's there is one to a connection.
int rank(const std::string &type) {
  return type == "kvm" ? 2 : type == "qemu" ? 1 : 0;
}

}  // namespace

std::optional<libvirt::TargetFeatures> read_capabilities(const std::string &xml,
                                                         const std::string &arch) {
  pugi::xml_document document;
  libvirt::load_document(document, xml, "capabilities", "libvirt's capabilities");
  std::optional<libvirt::TargetFeatures> best;
  for (const auto &guest : children(document.document_element(), "guest")) {
    const auto node = child(guest, "arch");
    if (libvirt::text_of(child(guest, "os_type")) != "hvm" || attribute(node, "name") != arch)
      continue;
    for (const auto &domain : children(node, "domain")) {
      const auto type = attribute(domain, "type");
      if (best && rank(type) <= rank(best->type)) continue;
      // Whether there are floppy drives is told by the domain capabilities, if at all.
      best = libvirt::TargetFeatures::of_arch(arch);
      best->type = type;
      best->features.clear();
      for (const auto &feature : child(guest, "features").children())
        best->features.push_back(libvirt::local_name(feature));
    }
  }
  return best;
}

void read_domain_capabilities(const std::string &xml, TargetHost &host) {
  pugi::xml_document document;
  libvirt::load_document(document, xml, "domainCapabilities", "libvirt's domain capabilities");
  const auto root = document.document_element();
  const auto os = child(root, "os"), devices = child(root, "devices");
  host.uefi = offers(os, "firmware", "efi");
  host.secure_boot = offers(child(os, "loader"), "secure", "yes");
  if (const auto tpm = child(devices, "tpm"))
    host.tpm = attribute(tpm, "supported") == "yes" &&
               offers(tpm, "backendModel", "emulator").value_or(false);
  if (const auto floppy = offers(child(devices, "disk"), "diskDevice", "floppy"))
    host.features.floppy = *floppy;
}

TargetHost ask_target_host(const libvirt_client::Connection &connection, const std::string &arch,
                           Machine machine) {
  const auto uri = connection.uri();
  const auto capabilities = libvirt_client::taken(virConnectGetCapabilities(connection.get()));
  if (capabilities.empty())
    throw libvirt_client::last_error("cannot ask libvirt what it can do", uri,
                                     "see whether libvirtd (or virtqemud) still runs");
  const auto features = read_capabilities(capabilities, arch);
  if (!features)
    throw Error(Code::unsupported, fmt::format("it runs no guests for {}", arch), uri,
                fmt::format("install QEMU for {} there, or choose another -oc", arch));
  TargetHost host;
  host.features = *features;
  // Not every driver has them.
  const auto more = libvirt_client::taken(
      virConnectGetDomainCapabilities(connection.get(), nullptr, arch.c_str(),
                                      machine_name(machine), host.features.type.c_str(), 0));
  if (!more.empty()) read_domain_capabilities(more, host);
  // libvirt does not tell, and without this device the guest would not start.
  host.vsock =
      !libvirt_client::parse_uri(uri).remote() && std::filesystem::exists("/dev/vhost-vsock");
  return host;
}

Metadata fitted(Metadata guest, const TargetHost &host, const machine::Warn &warn) {
  if (host.features.type == "qemu")
    warn("the target has no KVM; the guest will be emulated, which is slow");
  if (guest.firmware == Firmware::uefi && !host.uefi.value_or(true))
    throw Error(Code::unsupported, "the guest needs UEFI, and the target has no firmware for it",
                guest.name,
                "install it there: the package ovmf (Debian, Ubuntu) or edk2-ovmf (Fedora, RHEL)");
  if (machine::wants_secure_boot(guest) && !host.secure_boot.value_or(true)) {
    warn("the target has no firmware with Secure Boot; the guest will start without it");
    guest.source.secure_boot = false;
  }
  if (guest.source.tpm.value_or(false) && !host.tpm.value_or(true)) {
    warn(
        "the target has no software TPM (package swtpm); the guest gets none, and what it has "
        "sealed with its old one is lost");
    guest.source.tpm = false;
  }
  // Nobody asked for this device, so nobody misses it.
  if (!host.vsock.value_or(true)) guest.caps.virtio_socket = false;
  return guest;
}

}  // namespace v2v::output_libvirt
