// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which files the INF file of a driver names: a driver of which one is missing cannot be installed. The
// format is Microsoft's "General Syntax Rules for INF Files". INF files are ASCII or UTF-16, written by many
// hands, and read leniently: what is not understood is passed over. Pure function; any thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace v2v::windows {

struct InfFile {
  std::string
      device_class;  ///< of [Version], in small letters: "scsiadapter", "net" …; may be empty
  std::set<std::string> files;  ///< see parse_inf(); in small letters
};

/// The files are the catalogue with the signature, and what is both copied (CopyFiles) and on the driver's
/// own medium ([SourceDisksFiles]). Some INF files list files of Windows there too, but copy none of them.
/// @param arch  "i386" or "x86_64": what the INF says for other processors does not count
/// @return nothing if this is no INF file: it has no section [Version]
std::optional<InfFile> parse_inf(std::string_view bytes, const std::string &arch);

}  // namespace v2v::windows
