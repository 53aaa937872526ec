// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What processor a program or driver of Windows is for. The two headers that say so are described in
// Microsoft's "PE Format": 4 bytes at 0x3c give the place of the signature, the machine follows it.
// Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

namespace v2v::windows {

/// "i386", "x86_64", "aarch64" as libguestfs has them; "" if these are not the first bytes of a PE file,
/// or of one for another processor. The first 4 KiB are enough.
std::string pe_architecture(std::string_view first_bytes);

/// The same of a file on the host; "" too if it cannot be read.
std::string pe_architecture_of(const std::string &file);

}  // namespace v2v::windows
