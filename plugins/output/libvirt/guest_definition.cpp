// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "guest_definition.hpp"

#include "records.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <libvirt/virterror.h>

#include <random>

namespace v2v::output_libvirt {
namespace {

using libvirt_client::last_error;

/// RFC 9562, version 4.
std::string random_uuid() {
  std::random_device random;
  const auto part = [&] { return static_cast<unsigned>(random()); };
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:08x}{:04x}", part(), part() & 0xffff,
                     part() & 0xfff, 0x8000 | (part() & 0x3fff), part(), part() & 0xffff);
}

}  // namespace

GuestDefinition::GuestDefinition(const libvirt_client::Connection &connection, std::string uri,
                                 Journal journal, machine::Warn warn)
    : connection_(connection),
      uri_(std::move(uri)),
      journal_(std::move(journal)),
      warn_(std::move(warn)),
      uuid_(random_uuid()) {}

void GuestDefinition::check_name(const std::string &name) const {
  machine::check_guest_name(name);
  const auto stem = machine::file_stem(name);
  const libvirt_client::DomainHandle there(virDomainLookupByName(connection_.get(), stem.c_str()));
  if (there)
    throw Error(Code::exists, "libvirt has a guest of this name already", text::printable(stem),
                "choose another name with -on, or remove that guest with virsh undefine");
  if (libvirt_client::last_error_number() != VIR_ERR_NO_DOMAIN)
    throw last_error("cannot look for a guest of the same name", text::printable(stem),
                     "see whether libvirtd still runs");
}

std::string GuestDefinition::xml(const Metadata &guest,
                                 const std::vector<machine::DiskSource> &disks,
                                 const machine::Warn &warn) const {
  const auto host =
      ask_target_host(connection_, guest.caps.arch, machine::effective_machine(guest));
  auto text = libvirt::domain_xml(fitted(guest, host, warn), disks, host.features, warn);
  // In no text or attribute is there a '<', so this is the end of the name.
  const std::string after = "</name>\n";
  text.insert(text.find(after) + after.size(), fmt::format("  <uuid>{}</uuid>\n", uuid_));
  return text;
}

libvirt_client::DomainHandle GuestDefinition::defined(const std::string &xml,
                                                      const std::string &name) const {
  libvirt_client::DomainHandle domain(
      virDomainDefineXMLFlags(connection_.get(), xml.c_str(), VIR_DOMAIN_DEFINE_VALIDATE));
  if (!domain)
    throw last_error("libvirt does not accept the guest", text::printable(name),
                     "see which device or name it does not like; the disks of -o local come with "
                     "XML that can be edited");
  return domain;
}

void GuestDefinition::try_out(const Metadata &guest,
                              const std::vector<machine::DiskSource> &disks) {
  // What there is to warn about is told once, with the real definition.
  const auto text = xml(guest, disks, [](const std::string &) {});
  journal_(domain_record(uri_, uuid_));
  const auto domain = defined(text, guest.name);
  if (!libvirt_client::undefine(domain.get()))
    throw last_error("cannot take back the guest that was defined for a try",
                     text::printable(guest.name));
  journal_(undefined_record(uuid_));
}

void GuestDefinition::define(const Metadata &guest, const std::vector<machine::DiskSource> &disks) {
  const auto text = xml(guest, disks, warn_);
  journal_(domain_record(uri_, uuid_));
  (void)defined(text, guest.name);
}

}  // namespace v2v::output_libvirt
