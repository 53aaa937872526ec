// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Paths inside a guest, resolved by hand: a link that a guest holds must never be followed by the
// host's kernel, which would end up in the host's own files. Pure functions; thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace v2v::linux {

/// What one name on a path is, as far as the caller of resolve_links() knows.
struct PathStep {
  enum class Kind {
    plain,    ///< anything but a link, or not there at all
    link,     ///< a symbolic link
    unknown,  ///< the caller cannot tell
  };
  Kind kind = Kind::plain;
  std::string target = {};  ///< of a link, as written
};

/// Asked with absolute paths whose parent holds no link.
using PathLookUp = std::function<PathStep(const std::string &path)>;

struct ResolvedPath {
  std::string path;   ///< absolute, without links, `.` and `..`
  bool known = true;  ///< false: the look-up did not know a name, `path` is only a guess
};

/// Follows the symbolic links on `path` inside the guest: absolute targets start at its root, `..`
/// stops there. Nothing for a loop (more than 40 links, as in Linux).
/// @param follow_last  whether the last name is followed, too
std::optional<ResolvedPath> resolve_links(const std::string &path, bool follow_last,
                                          const PathLookUp &look_up);

/// The directory of an absolute path; "/" for one in the root.
std::string parent_path(const std::string &path);
/// The last name of a path.
std::string base_name(const std::string &path);
/// `directory` and `name` with exactly one slash between.
std::string join_path(const std::string &directory, const std::string &name);
/// Whether `path` is `directory` or below it, by its names alone.
bool is_below(const std::string &path, const std::string &directory);
/// `path` with a leading slash and without empty names, `.` and a trailing slash; `..` stays.
std::string clean_path(const std::string &path);

}  // namespace v2v::linux
