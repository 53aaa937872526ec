// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// --collect and --collect-output.
#pragma once

#include "settings.hpp"

#include <core/guest/collect.hpp>

#include <string>

namespace v2v::host {

/// The value of --collect: GUEST[:LOCAL].
/// @throws Error(usage)
core::CollectedPath collected_path(const std::string &value);

/// What is to be collected, with the file opened that it goes into.
/// @throws Error(usage) if one option is given without the other; as core::NewFile
core::Collection collection(const CommandLine &command_line);

}  // namespace v2v::host
