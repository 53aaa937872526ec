// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/plugin/vet.hpp>
#include <v2v/error.hpp>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <string>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;  // as the kernel's limit (path_resolution(7))

/// One walk from the root to the file.
class Walk {
 public:
  Walk(const fs::path &file, uid_t caller) : file_(fs::absolute(file)), caller_(caller) {}

  fs::path run() {
    push_front(file_);
    check_directory("/", examine("/"));
    while (!rest_.empty()) {
      const std::string name = rest_.front();
      rest_.pop_front();
      if (name == "..")
        here_ = here_.parent_path();
      else if (!name.empty() && name != "." && name != "/")
        enter(here_ / name);
    }
    if (!arrived_)
      throw Error(Code::corrupt, "is a directory, not a plugin", file_.string(), name_a_file);
    return here_;
  }

 private:
  static constexpr const char *name_a_file = "give the path of a v2v-KIND-NAME.so file";

  void push_front(const fs::path &path) { rest_.insert(rest_.begin(), path.begin(), path.end()); }

  void enter(const fs::path &next) {
    if (arrived_) throw missing(next, ENOTDIR);
    const struct stat info = examine(next);
    check_owner(next, info);
    if (S_ISLNK(info.st_mode)) {
      follow(next);
    } else if (S_ISDIR(info.st_mode)) {
      check_directory(next, info);
      here_ = next;
    } else if (S_ISREG(info.st_mode)) {
      check_mode(next, "file", info);
      here_ = next;
      arrived_ = true;
    } else {
      throw Error(Code::corrupt, "is not a regular file", file_.string(), name_a_file);
    }
  }

  void follow(const fs::path &link) {
    if (++links_ > most_links) throw missing(link, ELOOP);
    const fs::path target = fs::read_symlink(link);
    if (target.is_absolute()) here_ = "/";
    push_front(target);
  }

  struct stat examine(const fs::path &path) const {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) throw missing(path, errno);
    return info;
  }

  Error missing(const fs::path &path, int reason) const {
    const std::string what = path == file_
                                 ? std::strerror(reason)
                                 : fmt::format("{}: {}", path.string(), std::strerror(reason));
    return Error(reason == EACCES ? Code::access : Code::not_found, what, file_.string(),
                 name_a_file);
  }

  void check_owner(const fs::path &path, const struct stat &info) const {
    if (info.st_uid == 0 || info.st_uid == caller_) return;
    throw refused(fmt::format("{} belongs to user {}, neither to root nor to you", path.string(),
                              info.st_uid),
                  fmt::format("if you trust what is in it: chown -h root {}", path.string()));
  }

  void check_directory(const fs::path &path, const struct stat &info) const {
    check_owner(path, info);
    if (!(info.st_mode & S_ISVTX)) check_mode(path, "directory", info);
  }

  void check_mode(const fs::path &path, const char *noun, const struct stat &info) const {
    if (!(info.st_mode & (S_IWGRP | S_IWOTH))) return;
    throw refused(
        fmt::format("the {} {} is writable by {} (mode {:04o})", noun, path.string(),
                    info.st_mode & S_IWOTH ? "everybody" : "its group", info.st_mode & 07777),
        fmt::format("if you trust what is in it: chmod go-w {}", path.string()));
  }

  Error refused(const std::string &reason, const std::string &remedy) const {
    return Error(Code::access, "refused, because others could have changed it: " + reason,
                 file_.string(), remedy);
  }

  const fs::path file_;
  const uid_t caller_;
  fs::path here_ = "/";
  std::deque<std::string> rest_;
  int links_ = 0;
  bool arrived_ = false;
};

}  // namespace

fs::path vet(const fs::path &file, uid_t caller) {
  return Walk(file, caller).run();
}
fs::path vet(const fs::path &file) {
  return vet(file, ::geteuid());
}

}  // namespace v2v::core
