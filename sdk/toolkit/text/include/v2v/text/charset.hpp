// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Text in the encodings that VMware writes into VMX files and disk descriptors: the one of the
// machine that made them, named in the file. Only encodings in which ASCII stays ASCII are known,
// so keys, quotes and line ends can be trusted. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

namespace v2v::text {

/// True for a name in the manner of VMware that to_utf8 can decode: "UTF-8", "windows-1252",
/// "Shift_JIS", "GBK" …
bool known_charset(const std::string &name);

/// The bytes as UTF-8. What is not of the encoding becomes U+FFFD, so this never fails; an encoding
/// that is not known is taken for windows-1252, of which every byte is a character or U+FFFD.
std::string to_utf8(std::string_view bytes, const std::string &charset);

}  // namespace v2v::text
