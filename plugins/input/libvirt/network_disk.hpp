// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How a network disk of a domain is read: by its NBD URI, or through an nbdkit. What qemu can read and
// nbdkit cannot is refused with the way to serve it. Pure functions.
#pragma once

#include <v2v/libvirt/domain.hpp>
#include <v2v/nbd/nbdkit.hpp>

#include <string>
#include <variant>

namespace v2v::input_libvirt {

/// An nbd:// or nbd+unix:// URI, or the nbdkit that makes one.
using NetworkAccess = std::variant<std::string, nbd::Nbdkit::Settings>;

/// @param name  what messages call the disk
/// @throws Error(unsupported) for what cannot be read, with another way; Error(corrupt) for a place
///         that is incomplete
NetworkAccess network_access(const libvirt::DomainDisk &disk, const std::string &name);

}  // namespace v2v::input_libvirt
