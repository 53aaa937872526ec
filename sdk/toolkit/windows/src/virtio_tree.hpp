// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The two forms of a virtio-win tree, for VirtioWin. Paths are relative to the tree's top. Each function
// opens the tree, does its work and closes it; any thread.
#pragma once

#include <v2v/windows/virtio_win.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace v2v::windows {

struct WantedFile {
  std::uint64_t size = 0;  ///< bytes, as listed
  std::set<std::string> names =
      {};  ///< in the target directory; more than one for a hard link in an ISO
};
using Wanted = std::map<std::string, WantedFile>;

/// Refuses a path from a tree that leads out of it or could drive a terminal.
void check_tree_path(const std::string &path, const std::string &place);
[[noreturn]] void refuse_too_many_files(const std::string &place);

/// Follows symbolic links; a link to a directory above itself, or to nothing, is passed over.
std::vector<VirtioWinFile> list_directory(const std::string &top);
/// @param wanted  by path
void extract_directory(const std::string &top, const Wanted &wanted, const std::string &target);

struct IsoFile {
  std::string path;
  std::uint64_t size = 0;
  std::string
      content;  ///< the path under which libarchive gives the bytes; `path`, or a link's target
};
std::vector<IsoFile> list_iso(const std::string &file);
/// @param wanted  by IsoFile::content
void extract_iso(const std::string &file, const Wanted &wanted, const std::string &target);

}  // namespace v2v::windows
