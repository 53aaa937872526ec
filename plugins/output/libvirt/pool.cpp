// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "pool.hpp"

#include <v2v/libvirt/document.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <array>

namespace v2v::output_libvirt {

using libvirt_client::last_error;
using libvirt_client::taken;

Pool::Pool(const libvirt_client::Connection &connection, const std::string &name_or_uuid)
    : pool_(connection.find_pool(name_or_uuid)) {
  const auto shown = text::printable(name_or_uuid);
  if (!pool_)
    throw Error(Code::not_found, "libvirt has no storage pool of this name", shown,
                fmt::format("it has: {}; choose one with -os",
                            libvirt_client::some_of(connection.pool_names())));
  std::array<char, VIR_UUID_STRING_BUFLEN> uuid{};
  if (virStoragePoolGetUUIDString(get(), uuid.data()) != 0)
    throw last_error("cannot read what the storage pool is", shown);
  name_ = virStoragePoolGetName(get());
  uuid_ = uuid.data();

  const auto xml = taken(virStoragePoolGetXMLDesc(get(), 0));
  if (xml.empty()) throw last_error("cannot read what the storage pool is", shown);
  pugi::xml_document document;
  libvirt::load_document(document, xml, "pool", shown);
  const auto root = document.document_element();
  type_ = libvirt::attribute(root, "type");
  path_ = libvirt::text_of(libvirt::child_at(root, {"target", "path"}));
  if (!holds_files() && type_ != "logical" && type_ != "disk" && type_ != "zfs")
    throw Error(Code::unsupported,
                fmt::format("v2v cannot create volumes in a storage pool of type \"{}\"",
                            text::printable(type_)),
                shown, "choose one of type dir, fs, netfs, logical, disk or zfs with -os");
}

void Pool::check_started() const {
  const int active = virStoragePoolIsActive(get());
  if (active < 0) throw last_error("cannot see whether the storage pool is started", name_);
  if (active == 0)
    throw Error(Code::not_found, "the storage pool is not started", text::printable(name_),
                fmt::format("virsh pool-start '{}'", text::printable(name_)));
}

std::uint64_t Pool::available() const {
  virStoragePoolInfo info = {};
  if (virStoragePoolGetInfo(get(), &info) != 0)
    throw last_error("cannot read how much room the storage pool has", name_);
  return info.available;
}

bool Pool::has_volume(const std::string &name) const {
  return libvirt_client::VolumeHandle(virStorageVolLookupByName(get(), name.c_str())) != nullptr;
}

void Pool::refresh() const {
  if (virStoragePoolRefresh(get(), 0) != 0)
    throw last_error("cannot refresh the storage pool", name_);
}

}  // namespace v2v::output_libvirt
