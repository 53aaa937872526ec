// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The virtio drivers for Windows on the host: the tree of virtio-win, as a directory or as the ISO image
// that distributions and the virtio-win project ship. An ISO is read with libarchive, here, without an
// appliance. The tree is listed once, and what a guest needs is taken out in one pass.
//
// The tree is hostile: names, sizes and the image's structure are checked, and what is refused is an
// Error with the place as its object. The place is not held open; do not change it in between.
// Thread-safe as long as each thread extracts into a directory of its own.
#pragma once

#include <v2v/error.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace v2v::windows {

struct VirtioWinFile {
  std::string path;        ///< relative to the top of the tree, parts joined with '/'
  std::uint64_t size = 0;  ///< bytes
};

class VirtioWin {
 public:
  static constexpr std::uint64_t max_file = 128ULL << 20;   ///< bytes of one extracted file
  static constexpr std::uint64_t max_total = 512ULL << 20;  ///< bytes of one extract()
  static constexpr std::size_t max_files = 100'000;         ///< files and directories of a tree

  /// The tree the user named in the environment (VIRTIO_WIN, or VIRTIO_WIN_DIR, its old name), else the
  /// ISO, else the directory that the package virtio-win installs below `datadir`.
  static VirtioWin find(const std::string &datadir = "/usr/share");

  /// @param place  a directory, or an ISO image in a file or on a block device. Where there is nothing
  ///               of these, found() is false.
  /// @throws Error if it cannot be read, is no ISO image or is not to be trusted
  explicit VirtioWin(const std::string &place) : VirtioWin(place, place) {}

  bool found() const { return kind_ != Kind::none; }
  /// Where the tree is, or where it was looked for, for a message.
  const std::string &place() const { return place_text_; }
  /// Every regular file, sorted by path.
  const std::vector<VirtioWinFile> &files() const { return files_; }
  std::vector<std::string> paths() const;

  /// Writes the files at `paths` into a directory that exists, all beside each other, under their own
  /// name in small letters. Of several with the same name the last in `paths` is written.
  /// @throws Error also for a name that Windows cannot have, and for a path that is not in files()
  void extract(const std::vector<std::string> &paths, const std::string &directory) const;

 private:
  enum class Kind { none, directory, iso };
  VirtioWin(std::string place, std::string place_text);
  void open_directory();
  void open_iso();

  std::string place_, place_text_;
  Kind kind_ = Kind::none;
  std::vector<VirtioWinFile> files_;
  std::map<std::string, std::string> links_;  ///< ISO: from a hard link's path to its target's
};

}  // namespace v2v::windows
