// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The engine's name for an owned file descriptor.
#pragma once

#include <v2v/process/file_descriptor.hpp>

namespace v2v::core {

using process::FileDescriptor;

}  // namespace v2v::core
