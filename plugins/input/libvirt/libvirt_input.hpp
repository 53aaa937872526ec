// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a guest that libvirt manages, on this machine or on one that is reached over ssh. The guest must be shut off; nothing about it
// changes. The connection stays open until the end, so that a start in between is noticed.
#pragma once

#include "guest_disks.hpp"

#include <v2v/input.hpp>
#include <v2v/libvirt_client/connection.hpp>

#include <optional>

namespace v2v::input_libvirt {

class LibvirtInput : public Input {
 public:
  LibvirtInput(Host host, InputRequest request) : host_(host), request_(std::move(request)) {}

  /// @throws Error for a connection that is another input's, for a guest that is not there or not
  ///         shut off, and for disks that cannot be read
  Source open() override;
  /// @throws Error(corrupt) if the guest was started since
  void verify() override;

 private:
  void check_arguments() const;
  void connect();
  void find_guest(const std::string &name);
  void refuse_if_in_use(const std::string &name) const;
  void reach_disks(const libvirt::Domain &domain);
  Volume find_volume(const libvirt::DomainDisk &disk, const std::string &name) const;

  Host host_;
  InputRequest request_;
  std::optional<libvirt_client::Connection> connection_;
  libvirt_client::DomainHandle guest_;
  std::optional<nbd::SshShell> shell_;      ///< to the machine of a connection over ssh
  std::optional<nbd::SshDisks> elsewhere_;  ///< its disks
  std::optional<GuestDisks> disks_;
  bool pretends_ = false;  ///< libvirt's test driver, whose guests never run
};

/// How the machine of a connection over ssh is reached: as libvirt does, as far as its URI says.
/// @throws Error(usage) for a URI that ssh cannot follow
nbd::SshAccess ssh_access(const std::string &uri);

/// @throws Error(usage) for a URI of guests that another input reads, naming it
void refuse_foreign_uri(const std::string &uri);

}  // namespace v2v::input_libvirt
