// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Pure function; any thread.
#pragma once

#include <v2v/values.hpp>

#include <string>

namespace v2v::windows {

/// The machine a Windows guest gets. Windows before Vista (major version 6) has no driver for the AHCI
/// controller of q35 and would not find its disk there.
Machine choose_machine(const std::string &arch, int major);

}  // namespace v2v::windows
