// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reading much of a guest with one call: whole directories, or files picked out of a tree, as a tar
// stream. Everything here only saves calls; what fails is read again, one by one, when it is asked
// for, and what is really wrong shows then. See guestfs_state.hpp.
#include "guestfs_state.hpp"

#include <v2v/linux/guest_path.hpp>

#include <algorithm>
#include <set>

namespace v2v::linux {
namespace {

constexpr std::size_t max_excludes = 4000;  ///< tar compares each with each name it meets

std::string common_directory(const std::vector<std::string> &files) {
  auto directory = parent_path(files.front());
  for (const auto &file : files)
    while (!is_below(file, directory)) directory = parent_path(directory);
  return directory;
}

/// What tar has to leave out of `directory` so that only `files` and the directories on the way to
/// them remain, in tar's notation. `paths` is sorted: all there is.
std::vector<std::string> excludes_for(const std::vector<std::string> &paths,
                                      const std::string &directory,
                                      const std::vector<std::string> &files) {
  std::set<std::string> kept{directory};
  for (const auto &file : files)
    for (auto path = file; kept.insert(path).second; path = parent_path(path)) {
    }
  std::vector<std::string> excludes;
  for (const auto &path : paths) {
    // What is deeper below something excluded need not be named.
    if (!is_below(path, directory) || kept.count(path) || !kept.count(parent_path(path))) continue;
    // A pattern to tar; left in, it does no harm.
    if (path.find_first_of("*?[]\\\n") != std::string::npos) continue;
    excludes.push_back("." + path.substr(directory == "/" ? 0 : directory.size()));
  }
  return excludes;
}

}  // namespace

void GuestfsGuest::State::forget() {
  cache_.clear();
  tree_.clear();
  for (auto &[directory, tried] : wanted_) tried = false;
}

PreloadedTree::Answer GuestfsGuest::State::preloaded(const std::string &path, bool follow_last) {
  for (auto &[directory, tried] : wanted_) {
    if (tried || !is_below(path, directory)) continue;
    tried = true;
    if (!tree_.look_up(directory).known) load(directory);
  }
  return tree_.look_up(path, follow_last);
}

void GuestfsGuest::State::load(const std::string &directory) try {
  const auto real = real_path(directory);
  if (!real) return;
  appliance_.receive(
      "cannot read the directory", directory,
      [&](guestfs_h *g, const char *file) { return guestfs_tar_out(g, real->c_str(), file); },
      [&](int fd) { return tree_.read_tar(fd, directory, *real); });
} catch (const Error &) {
}

void GuestfsGuest::State::preload_files(const std::vector<std::string> &files) try {
  const auto *search = files.empty() ? nullptr : cache_.search_above(files);
  if (!search) return;
  const auto directory = common_directory(files);
  const auto real = cache_.real_directory(directory);
  if (!real) return;
  const auto excludes = excludes_for(*search->second.below, directory, files);
  if (excludes.size() > max_excludes) return;
  std::vector<char *> list;
  list.reserve(excludes.size() + 1);
  for (const auto &exclude : excludes) list.push_back(const_cast<char *>(exclude.c_str()));
  list.push_back(nullptr);
  PreloadedTree picked;
  appliance_.receive(
      "cannot read files", directory,
      [&](guestfs_h *g, const char *file) {
        return guestfs_tar_out_opts(g, real->c_str(), file, GUESTFS_TAR_OUT_OPTS_EXCLUDES,
                                    list.data(), -1);
      },
      [&](int fd) { return picked.read_tar(fd, directory, *real); });
  for (const auto &file : files) {
    const auto answer = picked.look_up(file, false);
    if (answer.known && answer.node && answer.node->content)
      cache_.at(file).content = *answer.node->content;
  }
} catch (const Error &) {
}

}  // namespace v2v::linux
