// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A disk whose place the user has named, anywhere: a volume that a cluster has mounted, for instance.
// Either it is made there and appears at commit, or what is there is filled where it is and never
// removed. Used by one thread at a time.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <v2v/local_disks/staging.hpp>
#include <v2v/machine/machine.hpp>

namespace v2v::local_disks {

struct LocalRequest;
struct LocalHooks;

class PlacedDisk {
 public:
  /// @param path  absolute
  PlacedDisk(std::string path, TargetDisk disk) : path_(std::move(path)), disk_(std::move(disk)) {}

  /// Changes nothing.
  /// @throws Error if a file is there that is to be made, or is not that is to be filled, or is too
  ///         small
  void precheck(const LocalRequest &request, const LocalHooks &hooks) const;
  Target prepare(const LocalRequest &request, const LocalHooks &hooks);
  void commit();

  machine::DiskSource source() const;
  const std::string &path() const { return path_; }

 private:
  /// The block device to be written to, or nothing.
  std::string device(const LocalRequest &request) const;
  std::string directory() const {
    return path_.substr(0, std::max<std::size_t>(path_.rfind('/'), 1));
  }
  std::string name() const { return path_.substr(path_.rfind('/') + 1); }

  std::string path_;
  TargetDisk disk_;
  bool block_ = false;
  std::unique_ptr<Staging> staging_;
};

}  // namespace v2v::local_disks
