// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Disks as volumes that libvirt creates, under their final names: devices of this machine, which the
// host writes to, or volumes of another machine, to which they are uploaded. take and read may be
// called for several disks at once, everything else one at a time.
#pragma once

#include "pool.hpp"
#include "upload.hpp"

#include <v2v/machine/machine.hpp>

#include <functional>
#include <string>
#include <vector>

namespace v2v::output_libvirt {

class Volumes {
 public:
  struct Settings {
    std::string uri;  ///< of the connection, for the journal
    std::string format = "raw";
    bool preallocated = false;
    bool upload = false;  ///< the pool is another machine's
    std::function<void(const std::string &record)> journal;
    machine::Warn warn;
  };

  Volumes(const libvirt_client::Connection &connection, const Pool &pool, Settings settings)
      : connection_(connection), pool_(pool), settings_(std::move(settings)) {}

  /// @throws Error(exists) for a name that is taken; Error(no_space)
  void precheck(const std::string &guest, const std::vector<TargetDisk> &disks);
  /// Creates the volumes.
  std::vector<Target> prepare(const std::string &guest, const std::vector<TargetDisk> &disks);
  const std::vector<machine::DiskSource> &sources() const { return sources_; }

  void take(unsigned disk, const std::string &image, const Progress &progress);
  void read(unsigned disk, const std::string &uri, const Progress &progress);

 private:
  void check_space(const std::vector<TargetDisk> &disks, bool sizes_are_known) const;
  libvirt_client::VolumeHandle create(const std::string &name, const TargetDisk &disk);
  Target local_target(virStorageVolPtr volume, const TargetDisk &disk) const;

  const libvirt_client::Connection &connection_;
  const Pool &pool_;
  Settings settings_;
  std::vector<libvirt_client::VolumeHandle> volumes_;
  std::vector<machine::DiskSource> sources_;
};

}  // namespace v2v::output_libvirt
