// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Directories of a guest held in memory, as they were read in one go with a tar stream. The stream
// is hostile: names that lead outside are dropped, and above the limits nothing of it is kept.
//
// Owns its copies. Not thread-safe. Private to the toolkit.
#pragma once

#include <v2v/linux/guest.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace v2v::linux {

class PreloadedTree {
 public:
  static constexpr std::uint64_t max_total = 256u << 20;  ///< bytes of content in one directory
  static constexpr std::uint64_t max_file = 16u << 20;    ///< bytes; larger files stay outside
  static constexpr std::size_t max_entries = 200'000;

  struct Node {
    FileInfo::Type type = FileInfo::Type::other;
    std::optional<std::string> link = {};  ///< target of a symbolic link, as written
    /// Shared by hard links; null for what is no file and for a file above max_file.
    std::shared_ptr<std::string> content = {};
  };

  /// What the tree knows about a path.
  struct Answer {
    bool known = false;          ///< false: ask the guest
    std::string path = {};       ///< if known: without links
    const Node *node = nullptr;  ///< null although known: there is nothing of that name
  };

  /// Takes in the tar stream of a directory, read from `fd` up to its end or up to where it is
  /// found to be unusable.
  /// @param asked      the directory as the caller of preload() named it
  /// @param directory  the same without links
  /// @return false if it is damaged or above the limits; then nothing of it is kept
  bool read_tar(int fd, const std::string &asked, const std::string &directory);

  Answer look_up(const std::string &path, bool follow_last = true) const;
  bool is_empty() const { return roots_.empty(); }
  /// Whether the path (one without links) belongs to a directory that is held.
  bool holds(const std::string &path) const;
  /// Names directly below a directory, or all paths below it; sorted. The path has no links.
  std::vector<std::string> names_in(const std::string &directory) const;
  std::vector<std::string> paths_below(const std::string &directory) const;

  /// Follow a change that was made in the guest; paths without links that holds() is true for.
  void put_file(const std::string &path, std::string content);
  void put_link(const std::string &path, const std::string &target);
  void erase(const std::string &path);
  /// @return false if it is a directory, or not there; then nothing is done
  bool move_file(const std::string &from, const std::string &to);

  void clear();

 private:
  using Nodes = std::map<std::string, Node>;

  Nodes nodes_;                                 ///< by path without links
  std::set<std::string> roots_;                 ///< paths without links
  std::map<std::string, std::string> aliases_;  ///< what preload() was asked for, and its root
};

}  // namespace v2v::linux
