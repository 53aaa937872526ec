// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See guest_path.hpp.
#include <v2v/linux/guest_path.hpp>

#include <deque>

namespace v2v::linux {
namespace {

constexpr int max_links = 40;

/// The names of a path, in order, without empty ones and `.`.
std::deque<std::string> names_of(const std::string &path) {
  std::deque<std::string> names;
  std::size_t begin = 0;
  while (begin < path.size()) {
    const auto end = std::min(path.find('/', begin), path.size());
    const auto name = path.substr(begin, end - begin);
    if (!name.empty() && name != ".") names.push_back(name);
    begin = end + 1;
  }
  return names;
}

}  // namespace

std::string parent_path(const std::string &path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

std::string base_name(const std::string &path) {
  return path.substr(path.rfind('/') + 1);
}

std::string join_path(const std::string &directory, const std::string &name) {
  return !directory.empty() && directory.back() == '/' ? directory + name : directory + "/" + name;
}

bool is_below(const std::string &path, const std::string &directory) {
  if (directory == "/") return true;
  return path.compare(0, directory.size(), directory) == 0 &&
         (path.size() == directory.size() || path[directory.size()] == '/');
}

std::string clean_path(const std::string &path) {
  std::string cleaned;
  for (const auto &name : names_of(path)) cleaned += "/" + name;
  return cleaned.empty() ? "/" : cleaned;
}

std::optional<ResolvedPath> resolve_links(const std::string &path, bool follow_last,
                                          const PathLookUp &look_up) {
  auto names = names_of(path);
  ResolvedPath resolved{"/", true};
  int links = 0;
  while (!names.empty()) {
    const auto name = names.front();
    names.pop_front();
    if (name == "..") {
      resolved.path = parent_path(resolved.path);
      continue;
    }
    const auto next = join_path(resolved.path, name);
    const auto step = names.empty() && !follow_last ? PathStep{} : look_up(next);
    if (step.kind == PathStep::Kind::unknown) resolved.known = false;
    if (step.kind != PathStep::Kind::link) {
      resolved.path = next;
      continue;
    }
    if (++links > max_links) return std::nullopt;
    if (!step.target.empty() && step.target.front() == '/') resolved.path = "/";
    auto target = names_of(step.target);
    names.insert(names.begin(), target.begin(), target.end());
  }
  return resolved;
}

}  // namespace v2v::linux
