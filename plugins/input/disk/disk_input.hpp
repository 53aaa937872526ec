// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a guest that is nothing but disks: local images, block devices, NBD servers. What disks
// alone cannot tell (memory, CPUs, network cards …) has virt-v2v's defaults and
// an option each. Nothing is opened for writing, and no process is started.
#pragma once

#include <v2v/input.hpp>

#include <string>

namespace v2v::input_disk {

class DiskInput : public Input {
 public:
  DiskInput(Host host, InputRequest request) : host_(host), request_(std::move(request)) {}

  /// @throws Error for arguments, options and images that cannot be used, each with its remedy
  Source open() override;

 private:
  std::vector<Disk> disks() const;
  std::string name() const;

  Host host_;
  InputRequest request_;
};

/// What a guest is called whose first disk is this: the file's name without one of the usual
/// suffixes, or the name of the NBD export, or "unknown".
std::string guest_name(const std::string &argument);

}  // namespace v2v::input_disk
