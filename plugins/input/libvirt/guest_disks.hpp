// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where the bytes of a domain's disks are. Files and devices are looked at and closed again; network
// disks may need an nbdkit each, which lives as long as this object. Used by one thread.
#pragma once

#include <v2v/host.hpp>
#include <v2v/images/local_disk.hpp>
#include <v2v/libvirt/domain.hpp>
#include <v2v/nbd/nbdkit.hpp>
#include <v2v/nbd/ssh_disks.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace v2v::input_libvirt {

/// A volume of a storage pool.
struct Volume {
  std::string path;
  std::string format;   ///< empty: the pool knows none
  bool device = false;  ///< a block device
};

class GuestDisks {
 public:
  struct Settings {
    std::string format;  ///< -if: of disks of which the XML names none
    bool allow_references = false;
    /// @throws Error if a pool's volume is no file or device here
    std::function<Volume(const libvirt::DomainDisk &disk, const std::string &name)> find_volume;
    nbd::SshDisks *elsewhere = nullptr;  ///< the files and devices are those of another machine
  };

  GuestDisks(Host host, Settings settings) : host_(host), settings_(std::move(settings)) {}

  /// The source with its disks.
  /// @throws Error that names the first disk that cannot be read, and the way to read it
  Source locate(libvirt::Domain domain);

 private:
  Location locate(const libvirt::DomainDisk &disk, const std::string &name);
  Location local(const libvirt::DomainDisk &disk, const std::string &path,
                 const std::string &format, const std::string &name);
  Location remote(const libvirt::DomainDisk &disk, const std::string &name);
  Location elsewhere(libvirt::DomainDisk disk, const std::string &name);

  Host host_;
  Settings settings_;
  std::vector<images::LocalDisk> seen_;
  std::vector<std::unique_ptr<nbd::Nbdkit>> servers_;
};

/// Reads the XML; of a strange one only the first warnings are shown.
libvirt::Domain read_guest(const Host &host, const std::string &xml, const std::string &name);

}  // namespace v2v::input_libvirt
