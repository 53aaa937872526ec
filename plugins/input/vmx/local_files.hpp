// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A guest's files on this machine. Opened read-only and closed again.
#pragma once

#include <v2v/images/confinement.hpp>
#include <v2v/values.hpp>

#include <filesystem>
#include <string>

namespace v2v::input_vmx {

class LocalFiles {
 public:
  /// @param argument  the VMX, as on the command line
  /// @param staging   where vmdk_location may put things
  /// @throws Error if it is not there or no file
  LocalFiles(const std::string &argument, bool allow_references, std::filesystem::path staging);

  std::string read_vmx() const;
  /// @param file  fileName, as the VMX has it
  Location find_disk(const std::string &file);

 private:
  std::string argument_;
  images::Confinement confinement_;
  std::filesystem::path staging_;
  unsigned disks_ = 0;
};

}  // namespace v2v::input_vmx
