// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a guest of a Xen host over ssh: what it is from the libvirt there, its disks as
// v2v/nbd/ssh_disks.hpp says. Nothing is written there.
#pragma once

#include "virsh.hpp"

#include <v2v/input.hpp>
#include <v2v/libvirt/domain.hpp>
#include <v2v/nbd/ssh_disks.hpp>

#include <optional>
#include <string>

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

  Host host_;
  InputRequest request_;
  std::optional<nbd::SshShell> shell_;
  std::optional<Virsh> virsh_;
  std::optional<nbd::SshDisks> disks_;
  std::string guest_;
};

}  // namespace v2v::input_xen
