// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See virtio_tree.hpp. The package's directory consists of symbolic links for a good part (by-os into
// by-driver), so they are followed; only a directory that is already being listed further up is not.
#include "virtio_tree.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace v2v::windows {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path &path, int error) {
  throw Error(
      error == EACCES ? Code::access : Code::io,
      std::string("cannot read this part of the virtio drivers for Windows: ") +
          std::strerror(error),
      text::printable(path.string()),
      "make it readable, or set VIRTIO_WIN to another directory or ISO image of virtio-win");
}

class Lister {
 public:
  explicit Lister(const std::string &top) : top_(top) {}

  std::vector<VirtioWinFile> run() {
    enter(top_, "");
    return std::move(files_);
  }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  void enter(const fs::path &directory, const std::string &path) {
    struct stat info = {};
    if (::stat(directory.c_str(), &info) != 0) fail(directory, errno);
    const Identity identity(info.st_dev, info.st_ino);
    if (std::find(above_.begin(), above_.end(), identity) != above_.end()) return;
    above_.push_back(identity);
    std::error_code error;
    fs::directory_iterator entries(directory, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error))
      add(*entries, path);
    if (error) fail(directory, error.value());
    above_.pop_back();
  }

  void add(const fs::directory_entry &entry, const std::string &directory) {
    if (++seen_ > VirtioWin::max_files) refuse_too_many_files(top_);
    const auto path = directory + entry.path().filename().string();
    check_tree_path(path, top_);
    struct stat info = {};
    if (::stat(entry.path().c_str(), &info) != 0) {
      if (errno == ENOENT || errno == ELOOP) return;
      fail(entry.path(), errno);
    }
    if (S_ISDIR(info.st_mode)) {
      enter(entry.path(), path + "/");
    } else if (S_ISREG(info.st_mode)) {
      files_.push_back({path, static_cast<std::uint64_t>(info.st_size)});
    }
  }

  const std::string top_;
  std::vector<VirtioWinFile> files_;
  std::vector<Identity> above_;  ///< the directories that are being listed
  std::size_t seen_ = 0;
};

}  // namespace

std::vector<VirtioWinFile> list_directory(const std::string &top) {
  return Lister(top).run();
}

void extract_directory(const std::string &top, const Wanted &wanted, const std::string &target) {
  for (const auto &[path, file] : wanted) {
    for (const auto &name : file.names) {
      std::error_code error;
      fs::copy_file(fs::path(top) / path, fs::path(target) / name,
                    fs::copy_options::overwrite_existing, error);
      if (error) fail(fs::path(top) / path, error.value());
    }
  }
}

}  // namespace v2v::windows
