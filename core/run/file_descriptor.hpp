// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The engine's name for an owned file descriptor.
#pragma once

#include <v2v/toolkit/file_descriptor.hpp>

namespace v2v::core {

using toolkit::FileDescriptor;

}  // namespace v2v::core
