// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// An export storage domain of oVirt, and what a conversion makes in it:
//
//   DOMAIN/images/IMAGE/VOLUME, VOLUME.meta   a disk, for each an image of its own
//   DOMAIN/master/vms/MACHINE/MACHINE.ovf     the machine
//
// All four are random UUIDs, so that nothing of anybody else is touched; what is made is noted first
// (Journal), and taken back by abort, which needs nothing but the notes. Used by one thread at a time.
//
// A note is one line of JSON: {"op":"mount","from":EXPORT,"at":DIR}, {"op":"directory","path":P} or
// {"op":"file","path":P}.
#pragma once

#include <functional>
#include <string>
#include <v2v/local_disks/local_disks.hpp>
#include <vector>

#include "mounting.hpp"

namespace v2v::output_rhv {

class ExportDomain {
 public:
  /// @param storage  as -os has it
  /// @throws Error(usage)
  ExportDomain(const std::string &storage, local_disks::LocalHooks hooks);

  /// Mounts the domain if it is to be mounted, and checks that it is one: a single UUID, attached to a
  /// data center, and that files can be made in it. Warns if they would belong to somebody else than
  /// vdsm. Once.
  /// @throws Error
  void attach();

  /// @throws Error(no_space) if reserved disks do not fit, or nothing does
  void check_room(const std::vector<TargetDisk> &disks, bool preallocated) const;

  /// Makes an image with an empty volume in it.
  /// @return the path of the volume
  std::string make_volume(const std::string &image, const std::string &volume,
                          const TargetDisk &disk, bool preallocated);
  void write_meta(const std::string &image, const std::string &volume, const std::string &content);
  /// Bytes that the volume takes.
  std::uint64_t actual_size(const std::string &image, const std::string &volume) const;

  /// Makes the machine visible, and all that belongs to it lasting.
  void write_machine(const std::string &machine, const std::string &ovf);

  /// Unmounts what attach mounted; a failure is a warning only.
  void detach();

  const std::string &uuid() const { return uuid_; }
  /// A path in the domain as a user would name it.
  std::string name_of(const std::string &path) const;

  /// Removes what the notes name, and unmounts. What is not there is no error; can be called again.
  static void abort(const std::vector<std::string> &records);

 private:
  std::string root() const { return mount_.at + "/" + uuid_; }
  std::string image_directory(const std::string &image) const {
    return root() + "/images/" + image;
  }
  std::string vms() const { return root() + "/master/vms"; }
  void find_uuid();
  void check_owner() const;
  void note(const char *operation, const std::string &path) const;

  std::string storage_;
  Mount mount_;
  local_disks::LocalHooks hooks_;
  std::string uuid_;
  std::vector<std::string> images_;  ///< directories made
};

}  // namespace v2v::output_rhv
