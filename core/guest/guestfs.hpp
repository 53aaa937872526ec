// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// libguestfs's C results as C++ values. What a call returned is freed at once; a failed call
// becomes an Error with libguestfs's own words in it.
#pragma once

#include <v2v/error.hpp>

#include <guestfs.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace v2v::core {

struct FreeStruct {
  void operator()(struct guestfs_statvfs *value) const { guestfs_free_statvfs(value); }
  void operator()(struct guestfs_btrfssubvolume_list *value) const {
    guestfs_free_btrfssubvolume_list(value);
  }
  void operator()(struct guestfs_application2_list *value) const {
    guestfs_free_application2_list(value);
  }
};
template <class T>
using GuestfsStruct = std::unique_ptr<T, FreeStruct>;

/// @throws Error(io) with libguestfs's last error
[[noreturn]] inline void throw_guestfs(guestfs_h *g, const std::string &what,
                                       const std::string &object = {},
                                       const std::string &remedy = {}) {
  const char *detail = guestfs_last_error(g);
  throw Error(Code::io, detail ? what + ": " + detail : what, object, remedy);
}

/// The text of a result, or nothing if the call failed.
inline std::string take_text(char *value) {
  std::string text = value ? value : "";
  std::free(value);
  return text;
}

/// The words of a null-terminated result; none if the call failed.
inline std::vector<std::string> take_list(char **values) {
  std::vector<std::string> list;
  for (char **value = values; value && *value; ++value) list.push_back(take_text(*value));
  std::free(values);
  return list;
}

/// The pairs of a result that is a hash table.
inline std::vector<std::pair<std::string, std::string>> take_pairs(char **values) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const auto words = take_list(values);
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) pairs.emplace_back(words[i], words[i + 1]);
  return pairs;
}

}  // namespace v2v::core
