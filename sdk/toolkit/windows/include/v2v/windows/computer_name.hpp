// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The name of the computer, in the SYSTEM hive of a Windows that does not run. Windows reads it at its next
// start from the same places to which its own dialogue writes a name that is to count after a restart.
#pragma once

#include <v2v/windows/hive.hpp>

#include <string>
#include <vector>

namespace v2v::windows {

/// A name that Windows takes: at most 15 letters, digits and '-', and not digits alone.
/// @throws Error(unsupported)
void check_computer_name(const std::string &name);
/// Whether the computer is a member of a domain, which knows it by its name: then its service for the
/// domain starts by itself.
bool is_domain_member(const Hive &system, const std::string &control_set);
/// Does not commit.
void set_computer_name(Hive &system, const std::string &control_set, const std::string &name);
/// What set_computer_name() changes (hive_compare.hpp).
std::vector<std::string> computer_name_keys(const std::string &control_set);

}  // namespace v2v::windows
