// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a GuestfsGuest is made of: the appliance, the preloaded directories, the kept answers, and
// the questions that need all three. Paths are clean (clean_path()).
//
// Not thread-safe. Private to the toolkit.
#pragma once

#include "answer_cache.hpp"
#include "lifted_attributes.hpp"
#include "preloaded_tree.hpp"

#include <v2v/guestfs/appliance.hpp>
#include <v2v/linux/guestfs_guest.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace v2v::linux {

using guestfs::Appliance;
using guestfs::OwnedText;
using guestfs::Releaser;

class GuestfsGuest::State {
 public:
  explicit State(guestfs_h *handle) : appliance_(handle) {}

  Appliance &appliance() { return appliance_; }
  PreloadedTree &tree() { return tree_; }
  AnswerCache &cache() { return cache_; }

  void preload(const std::string &directory) { wanted_.emplace(directory, false); }
  void forget();
  /// Reads these files with one call and keeps their contents; a hint, does nothing if it cannot.
  void preload_files(const std::vector<std::string> &files);

  /// What the preloaded directories know; reads them first if `path` is in one.
  PreloadedTree::Answer preloaded(const std::string &path, bool follow_last = true);

  std::optional<FileInfo> stat(const std::string &path);
  std::vector<std::string> list(const std::string &directory);
  std::vector<std::string> find(const std::string &directory);
  std::optional<std::string> link_target(const std::string &path);
  std::string download(const std::string &path);
  /// The path without links; nothing if there is nothing at it.
  std::optional<std::string> real_path(const std::string &path);

  /// Where a change at `path` takes place, without links in its directory. Only correct when
  /// the directory is there.
  std::string place_of(const std::string &path, bool follow_last);
  /// The same if it is in a preloaded directory, otherwise nothing; saves the call if it can.
  std::optional<std::string> preloaded_place(const std::string &path, bool follow_last);

  std::uint64_t free_space(const std::string &directory);
  /// Writes or appends, as change(). If that fails everything is forgotten: nobody knows how far it came.
  void store(const std::string &path, std::string_view content);
  void append(const std::string &path, std::string_view content, std::uint64_t size);
  void make_parents(const std::string &path);
  using Body = std::function<int(guestfs_h *)>;
  /// Every other change. One that is not permitted is made once more without the attributes
  /// "immutable" and "append only" of what it touches, which has them again afterwards.
  /// @param what     what failed, in a person's words
  /// @param touched  asked for after a refusal only
  void change(const std::string &what, const std::string &path, const Body &body,
              const std::function<std::vector<Touched>()> &touched);
  /// A file at this name, links followed or not, and its directory.
  std::vector<Touched> file_and_directory(const std::string &path, bool follow_last);

 private:
  void load(const std::string &directory);
  void upload(const std::string &path, std::string_view content, std::optional<std::uint64_t> at);
  std::optional<FileInfo> stat_one(const std::string &path);
  void stat_all(const std::string &directory, const std::vector<std::string> &names);

  Appliance appliance_;
  PreloadedTree tree_;
  AnswerCache cache_;
  std::map<std::string, bool> wanted_;  ///< preload() asked for it; whether it was tried
};

}  // namespace v2v::linux
