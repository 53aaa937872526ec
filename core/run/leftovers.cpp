// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A directory is in use while a socket bound below it exists: /proc/PID/net/unix shows the path of a
// listening socket and of every connection accepted through it, in that process's network namespace.
#include <core/run/leftovers.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

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

// What /proc/PID/net/unix says in every network namespace that can be seen from here: a libguestfs in
// a container may share /tmp with us.
std::string bound_sockets() {
  std::string bound;
  std::set<fs::path> seen;
  for (const auto &process : fs::directory_iterator("/proc")) {
    std::error_code ended;
    const auto space = fs::read_symlink(process.path() / "ns" / "net", ended);
    if (ended || !seen.insert(space).second) continue;
    std::ifstream file(process.path() / "net" / "unix");
    bound.append(std::istreambuf_iterator<char>(file), {});
  }
  return bound;
}

std::vector<fs::path> candidates(const fs::path &parent) {
  std::vector<fs::path> found;
  for (const auto &entry : fs::directory_iterator(parent))
    if (entry.path().filename().string().rfind("libguestfs", 0) == 0 && is_ours(entry.path()) &&
        holds_socket(entry.path()))
      found.push_back(entry.path());
  return found;
}

void sweep(const fs::path &parent) {
  const auto found = candidates(parent);
  if (found.empty()) return;
  // Asked after the directories were listed: one that appears later is not touched.
  const auto bound = bound_sockets();
  for (const auto &path : found)
    if (bound.find(path.string() + "/") == std::string::npos) fs::remove_all(path);
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
