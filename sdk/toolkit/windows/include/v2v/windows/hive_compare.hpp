// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What an edit did to a hive: everything that differs between the hive as it was and as it is, so that a
// converter can prove that it touched what it meant to and nothing else.
//
// Names compare in any case of ASCII letters, as everywhere in the registry; the order of keys and values
// says nothing. Both hives are read once. Not thread-safe: as the hives.
#pragma once

#include <v2v/windows/hive.hpp>

#include <string>
#include <vector>

namespace v2v::windows {

struct Difference {
  enum class What { added, removed, changed };
  /// Of the key, or of the key and the value in it. The default value's name is "(Default)".
  std::string path;
  What what = What::changed;
  bool is_key = false;  ///< a key is added or removed, never changed: its values are
};

/// Of each key first the values, then the keys, by name. Of a key that is only in one of the two, everything
/// below it is listed.
/// Error(corrupt) for a hive whose keys lie in each other in a circle, or deeper than Windows allows.
std::vector<Difference> differences(const Hive &before, const Hive &after);

/// Those that are at none of the `planned` paths nor below one. Keys that had to be made above a planned
/// one belong to it.
std::vector<Difference> unplanned(const std::vector<Difference> &differences,
                                  const std::vector<std::string> &planned);

}  // namespace v2v::windows
