// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What GuestfsGuest has already been told about paths outside its preloaded directories, and what a
// change makes of it. Keyed by the path that was asked about, links and all, because to resolve it
// would cost another call; what a change may have reached through another name is therefore
// dropped.
//
// Not thread-safe. Private to the toolkit.
#pragma once

#include <v2v/linux/guest.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace v2v::linux {

class AnswerCache {
 public:
  static constexpr std::size_t max_content = 1u << 20;  ///< bytes; larger contents are not kept

  /// In each member the outer optional says whether the answer is known.
  struct Known {
    std::optional<std::optional<FileInfo>> info = {};
    std::optional<std::optional<std::string>> link = {};
    std::optional<std::optional<std::string>> real = {};  ///< the path without links
    std::optional<std::vector<std::string>> names = {};
    std::optional<std::vector<std::string>> below = {};
    std::optional<std::string> content = {};
  };

  Known &at(const std::string &path) { return known_[path]; }

  /// The names in a directory, if it was listed or lies in a tree that was.
  std::optional<std::vector<std::string>> names_in(const std::string &directory);
  /// The searched directory that all these paths are below of, with its answer; null if none is.
  const std::pair<const std::string, Known> *search_above(const std::vector<std::string> &paths);
  /// Where a directory is without links, if a search that went through it tells.
  std::optional<std::string> real_directory(const std::string &directory);
  /// Whether a listing of its parent shows that there is nothing at `path`.
  bool is_surely_absent(const std::string &path);
  /// How often a file in this directory was asked about, this time included.
  unsigned count_question(const std::string &directory) { return ++questions_[directory]; }

  /// The content of `path` changed; `before` is what was there, if that is known.
  void content_changed(const std::string &path, const std::optional<FileInfo> &before);
  /// Something got a new name.
  /// @param real  its path without links, if that is known: what is known of other directories,
  ///              whose real paths are known as well, stays
  void name_added(const std::optional<std::string> &real);
  void clear();

 private:
  std::map<std::string, Known> known_;
  std::map<std::string, unsigned> questions_;
};

}  // namespace v2v::linux
