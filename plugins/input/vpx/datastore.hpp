// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Files on datastores: "[datastore1] guest/guest.vmdk", and the URL under which a vCenter or an ESXi
// host serves one (vSphere Web Services SDK Programming Guide, "Access Files on Datastores"). Pure
// functions.
#pragma once

#include "vpx_uri.hpp"

#include <string>

namespace v2v::input_vpx {

struct DatastorePath {
  std::string datastore;
  std::string path;
};

/// @throws Error(corrupt) if it is not of that form
DatastorePath parse_datastore_path(const std::string &text);

/// @param datacenter  its inventory path, as the server writes it: "Folder/DC"
std::string datastore_url(const VpxUri &uri, const std::string &datacenter,
                          const DatastorePath &file);

/// The file that holds the bytes of the disk with this descriptor, if the disk has one flat extent:
/// guest.vmdk has them in guest-flat.vmdk.
/// @throws Error(corrupt) if it is no VMDK
DatastorePath flat_extent(DatastorePath descriptor);

/// True for guest-000001.vmdk: what the server calls a disk that was made for a snapshot.
bool is_named_like_a_snapshot(const std::string &path);

/// The names in an inventory are written with %25, %2f and %5c for '%', '/' and '\' (vSphere API,
/// ManagedEntity.name); this gives what a person sees.
std::string plain_name(const std::string &inventory_name);
/// The other way. A '%' that begins such a sequence is left, so that both ways to write are taken.
std::string inventory_name(const std::string &plain);

}  // namespace v2v::input_vpx
