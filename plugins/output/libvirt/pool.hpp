// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The storage pool that the disks go to. Used by one thread at a time.
#pragma once

#include <v2v/libvirt_client/connection.hpp>

#include <cstdint>
#include <string>

namespace v2v::output_libvirt {

class Pool {
 public:
  /// @param name_or_uuid  as the user gave it
  /// @throws Error(not_found) that lists the pools there are; Error(unsupported) for pools in which
  ///         nothing can be created
  Pool(const libvirt_client::Connection &connection, const std::string &name_or_uuid);

  virStoragePoolPtr get() const { return pool_.get(); }
  const std::string &name() const { return name_; }
  const std::string &uuid() const { return uuid_; }
  const std::string &type() const { return type_; }
  /// Where its volumes are, a directory for those of which holds_files() is true.
  const std::string &path() const { return path_; }

  /// Volumes are files in a directory, in any format; else they are devices.
  bool holds_files() const { return type_ == "dir" || type_ == "fs" || type_ == "netfs"; }

  /// @throws Error if it is not started
  void check_started() const;
  /// Bytes that can still be allocated.
  /// @throws Error(io)
  std::uint64_t available() const;
  bool has_volume(const std::string &name) const;
  /// Makes libvirt see what changed.
  /// @throws Error(io)
  void refresh() const;

 private:
  libvirt_client::PoolHandle pool_;
  std::string name_, uuid_, type_, path_;
};

}  // namespace v2v::output_libvirt
