// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a guest of a Xen host over ssh: what it is from the libvirt there, its disks through nbdkit's
// ssh plugin. Nothing is written there. An nbdkit for each disk lives as long as this object.
#pragma once

#include "virsh.hpp"

#include <v2v/input.hpp>
#include <v2v/libvirt/domain.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace v2v::input_xen {

class XenInput : public Input {
 public:
  XenInput(Host host, InputRequest request) : host_(host), request_(std::move(request)) {}

  /// @throws Error for every way in which the guest cannot be read, each with its remedy
  Source open() override;
  /// @throws Error(corrupt) if the guest was started since
  void verify() override;

 private:
  void check_request();
  void refuse_running();
  Location serve(const libvirt::DomainDisk &disk);
  void check_format(const nbd::Nbdkit &server, const libvirt::DomainDisk &disk);

  Host host_;
  InputRequest request_;
  nbd::SshAccess access_;
  std::optional<Virsh> virsh_;
  std::string guest_;
  std::vector<std::unique_ptr<nbd::Nbdkit>> servers_;
};

/// The file on the host that has the disk's bytes.
/// @throws Error(unsupported) if there is none, with another way to read the disk
std::string remote_file(const libvirt::DomainDisk &disk);

}  // namespace v2v::input_xen
