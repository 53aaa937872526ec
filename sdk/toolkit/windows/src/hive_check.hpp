// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which keys of a hive are damaged in a way that hivex is not safe against. It checks what it reads, but
// not that two keys do not share a cell: freeing one twice ends the process with a failed assertion. Nor
// does it check the list of lists of a key with many subkeys, and the chain of security records, against
// the ends of their cells. A damaged part of a hive does not spoil the rest: only the keys in question
// are refused.
//
// Structure of the file: hbins of cells; a key (nk) has a list of subkeys (lf, lh, li, or ri with more of them), a
// list of values (vk) with a cell of data each, a class name and a security record (sk), which is shared.
// Layout as in "Windows registry file format specification" by M. Suhanov.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

namespace v2v::windows {

/// What not to do with a key; the flags are or-ed.
enum Damage : unsigned {
  no_listing = 1,  ///< its list of subkeys leads out of its cell
  no_editing = 2,  ///< a cell of it is another's as well
  no_removal = 4   ///< or something below it is damaged
};

/// The damaged keys by their place in the file, which is hivex's handle. For a file that hivex has opened.
/// Nothing if the hive is longer than the file: hivex would make the file as long as the hive says.
std::optional<std::unordered_map<std::size_t, unsigned>> damaged_keys(const std::string &file);

}  // namespace v2v::windows
