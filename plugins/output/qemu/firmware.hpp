// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where distributions keep UEFI firmware: a file with the code and a template of the variables that
// goes with it. Pure but for firmware_here; any thread.
#pragma once

#include <string>
#include <vector>

namespace v2v::output_qemu {

struct FirmwarePair {
  std::string code, variables;
};

/// Where to look, the best first; empty for an architecture without one.
/// @param secure_boot  firmware that enforces Secure Boot, its variables with Microsoft's keys
std::vector<FirmwarePair> firmware_pairs(const std::string &arch, bool secure_boot);

/// The package that has them, for a person.
std::string firmware_package(const std::string &arch);

/// True if this machine has one of the pairs.
bool firmware_here(const std::vector<FirmwarePair> &pairs);

}  // namespace v2v::output_qemu
