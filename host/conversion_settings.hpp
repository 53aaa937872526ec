// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// From the command line to what the engine is asked to do.
#pragma once

#include "settings.hpp"

#include <core/convert/conversion.hpp>

#include <istream>

namespace v2v::host {

/// Reads the files of --key, `in` for --keys-from-stdin, and the files that the options of virt-customize
/// name; opens nothing else. The callbacks
/// are left empty, except for map_nic.
/// @throws Error(not_found), Error(access) for such a file; for a check that is one of its problems
core::ConversionSettings conversion_settings(const CommandLine &command_line, std::istream &in);
}  // namespace v2v::host
