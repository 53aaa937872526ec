// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Looks at a file's ELF headers before the dynamic loader does. The loader's own messages for a
// damaged or foreign file say little, and a file cut short can kill the process with SIGBUS.
// Reads the file; any thread.
#pragma once

#include <filesystem>

namespace v2v::core {

/// @throws Error(corrupt) for a file that is empty, no ELF file, or cut short;
///         Error(unsupported) for an ELF file of another class, byte order, machine or type
void check_elf(const std::filesystem::path &file);

}  // namespace v2v::core
