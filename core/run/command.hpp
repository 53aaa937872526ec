// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The engine's name for an external command.
#pragma once

#include <core/run/cancellation.hpp>
#include <v2v/process/process.hpp>

namespace v2v::core {

using process::Command;
using process::CommandOutput;

}  // namespace v2v::core
