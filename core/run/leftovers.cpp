// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A directory is in use while a socket bound below it exists: /proc/net/unix shows the path of a
// listening socket and of every connection accepted through it.
#include <core/run/leftovers.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace v2v::core {
namespace fs = std::filesystem;
namespace {

bool is_ours(const fs::path &directory) {
  struct stat info {};
  return ::lstat(directory.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
         info.st_uid == ::geteuid();
}

// A directory without a socket is left alone: libguestfs may be starting in it right now.
bool holds_socket(const fs::path &directory) {
  for (const auto &entry : fs::directory_iterator(directory))
    if (fs::is_socket(entry.symlink_status())) return true;
  return false;
}

void sweep(const fs::path &parent) {
  std::ifstream file("/proc/net/unix");
  const std::string bound((std::istreambuf_iterator<char>(file)), {});
  for (const auto &entry : fs::directory_iterator(parent)) {
    const auto &path = entry.path();
    if (path.filename().string().rfind("libguestfs", 0) == 0 && is_ours(path) &&
        holds_socket(path) && bound.find(path.string() + "/") == std::string::npos)
      fs::remove_all(path);
  }
}

}  // namespace

void remove_appliance_leftovers() noexcept {
  for (const char *parent : {"/tmp", static_cast<const char *>(std::getenv("XDG_RUNTIME_DIR"))}) {
    if (!parent) continue;
    try {
      sweep(parent);
    } catch (const fs::filesystem_error &) {
      // Somebody else removed something at the same time; the next run sweeps again.
    }
  }
}

}  // namespace v2v::core
