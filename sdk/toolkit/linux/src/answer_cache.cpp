// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See answer_cache.hpp.
#include "answer_cache.hpp"

#include <v2v/linux/guest_path.hpp>

#include <algorithm>

namespace v2v::linux {
namespace {

/// The names directly below `directory` among the sorted `paths`. They may repeat in `paths` as the
/// beginning of longer ones.
std::vector<std::string> names_among(const std::vector<std::string> &paths,
                                     const std::string &directory) {
  const auto prefix = join_path(directory, "");
  std::vector<std::string> names;
  for (auto it = std::lower_bound(paths.begin(), paths.end(), prefix);
       it != paths.end() && it->compare(0, prefix.size(), prefix) == 0; ++it)
    if (it->find('/', prefix.size()) == std::string::npos)
      names.push_back(it->substr(prefix.size()));
  return names;
}

}  // namespace

std::optional<std::vector<std::string>> AnswerCache::names_in(const std::string &directory) {
  if (const auto found = known_.find(directory); found != known_.end() && found->second.names)
    return found->second.names;
  for (const auto &[root, known] : known_) {
    if (!known.below || !is_below(directory, root)) continue;
    // No names: it may be an empty directory, or a link that the search did not follow.
    if (auto names = names_among(*known.below, directory); !names.empty()) return names;
  }
  return std::nullopt;
}

bool AnswerCache::is_surely_absent(const std::string &path) {
  const auto names = names_in(parent_path(path));
  return names && !std::binary_search(names->begin(), names->end(), base_name(path));
}

const std::pair<const std::string, AnswerCache::Known> *AnswerCache::search_above(
    const std::vector<std::string> &paths) {
  for (const auto &entry : known_) {
    const auto &known = entry.second;
    const bool covers = known.below && known.real && *known.real &&
                        std::all_of(paths.begin(), paths.end(), [&](const std::string &path) {
                          return is_below(path, entry.first);
                        });
    if (covers) return &entry;
  }
  return nullptr;
}

std::optional<std::string> AnswerCache::real_directory(const std::string &directory) {
  const auto *search = search_above({directory});
  // What has something below it was entered, so it is no link, nor is anything on the way.
  if (!search || names_among(*search->second.below, directory).empty()) return std::nullopt;
  return **search->second.real + directory.substr(search->first.size());
}

void AnswerCache::content_changed(const std::string &path, const std::optional<FileInfo> &before) {
  for (auto &[name, known] : known_) {
    known.content.reset();
    const bool same_file = before && known.info && *known.info &&
                           (*known.info)->device == before->device &&
                           (*known.info)->inode == before->inode;
    if (same_file || name == path) known.info.reset();
  }
}

void AnswerCache::name_added(const std::optional<std::string> &real) {
  for (auto &[name, known] : known_) {
    if (real && known.real && *known.real && !is_below(*real, **known.real)) continue;
    known.names.reset();
    known.below.reset();
    known.content.reset();
    if (known.info && !*known.info) known.info.reset();
    if (known.link && !*known.link) known.link.reset();
    if (known.real && !*known.real) known.real.reset();
  }
}

void AnswerCache::clear() {
  known_.clear();
  questions_.clear();
}

}  // namespace v2v::linux
