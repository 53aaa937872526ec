// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The guest in libvirt: its name, its XML, its definition. Used by one thread at a time.
#pragma once

#include "target_host.hpp"

#include <functional>
#include <string>
#include <vector>

namespace v2v::output_libvirt {

class GuestDefinition {
 public:
  using Journal = std::function<void(const std::string &record)>;

  /// @param uri  that of the connection, for the journal: as the user gave it
  GuestDefinition(const libvirt_client::Connection &connection, std::string uri, Journal journal,
                  machine::Warn warn);

  /// @throws Error(exists) if there is a guest of this name
  void check_name(const std::string &name) const;

  /// Defines the guest and takes it back at once: what libvirt refuses, it refuses now and not when
  /// the disks are copied.
  void try_out(const Metadata &guest, const std::vector<machine::DiskSource> &disks);
  void define(const Metadata &guest, const std::vector<machine::DiskSource> &disks);

 private:
  libvirt_client::DomainHandle defined(const std::string &xml, const std::string &name) const;
  std::string xml(const Metadata &guest, const std::vector<machine::DiskSource> &disks,
                  const machine::Warn &warn) const;

  const libvirt_client::Connection &connection_;
  std::string uri_;
  Journal journal_;
  machine::Warn warn_;
  std::string uuid_;
};

}  // namespace v2v::output_libvirt
