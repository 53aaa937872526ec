// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a VMware guest from its VMX file, on this machine or over ssh. Disks are read in place;
// nothing is opened for writing. Over ssh an nbdkit per disk runs as long as this object lives.
#pragma once

#include <v2v/input.hpp>

#include <memory>

namespace v2v::input_vmx {

class SshFiles;

class VmxInput : public Input {
 public:
  VmxInput(Host host, InputRequest request);
  ~VmxInput() override;

  /// @throws Error for arguments, VMX files and disks that cannot be used, each with its remedy
  Source open() override;

 private:
  Source open_local();
  Source open_over_ssh();

  Host host_;
  InputRequest request_;
  std::unique_ptr<SshFiles> ssh_;
};

}  // namespace v2v::input_vmx
