// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What may forbid a driver that v2v put into the guest: the policies of a domain and virus scanners. Both
// are known to end in stop error 7B (no boot device), so a converter says it when it finds them.
//
// Not thread-safe: as the hive.
#pragma once

#include <v2v/windows/hive.hpp>

#include <string>
#include <vector>

namespace v2v::windows {

/// True if policies of a domain have been applied to this machine.
bool has_group_policy(const Hive &software);

/// The names of the virus scanners that are installed, each once, fit for a message; Windows Defender is
/// one of them unless it is switched off.
std::vector<std::string> antivirus(const Hive &software);

}  // namespace v2v::windows
