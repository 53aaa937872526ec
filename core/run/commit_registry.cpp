// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/commit_registry.hpp>

#include <core/run/durable.hpp>
#include <core/run/shell_command.hpp>
#include <v2v/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace v2v::core {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr const char *roots_directory = "/var/lib/v2v";

json to_json(const CommittedDisk &disk) {
  const auto &[location, identity, overlay] = disk;
  return {{"path", location.path},
          {"format", location.format},
          {"offset", location.offset},
          {"length", location.length},
          {"references", location.references},
          {"block-device", identity.block_device},
          {"inode", identity.inode},
          {"born", {identity.born_seconds, identity.born_nanoseconds}},
          {"overlay", overlay}};
}

CommittedDisk disk_from(const json &entry) {
  CommittedDisk disk;
  disk.location.path = entry.at("path").get<std::string>();
  disk.location.format = entry.at("format").get<std::string>();
  disk.location.offset = entry.at("offset").get<std::uint64_t>();
  disk.location.length = entry.at("length").get<std::uint64_t>();
  disk.location.references = entry.at("references").get<bool>();
  disk.identity.block_device = entry.at("block-device").get<bool>();
  disk.identity.inode = entry.at("inode").get<std::uint64_t>();
  disk.identity.born_seconds = entry.at("born").at(0).get<std::int64_t>();
  disk.identity.born_nanoseconds = entry.at("born").at(1).get<std::int64_t>();
  disk.overlay = entry.at("overlay").get<std::string>();
  return disk;
}

Commit read_entry(const fs::path &file) {
  std::ifstream stream(file);
  try {
    const auto entry = json::parse(stream);
    Commit commit{
        entry.at("run-directory").get<std::string>(), entry.at("guest").get<std::string>(), {}};
    for (const auto &disk : entry.at("disks")) commit.disks.push_back(disk_from(disk));
    return commit;
  } catch (const json::exception &) {
    throw Error(Code::corrupt, "this note of an unfinished conversion cannot be read",
                file.string(),
                "see which disk it is about; remove it if that disk is whole or given up");
  }
}

/// A path means the disk that it leads to now: links under /dev change theirs at a restart.
bool is_same_file(const fs::path &a, const fs::path &b) {
  struct stat first {
  }, second{};
  if (::stat(a.c_str(), &first) != 0 || ::stat(b.c_str(), &second) != 0) return false;
  if (S_ISBLK(first.st_mode) && S_ISBLK(second.st_mode)) return first.st_rdev == second.st_rdev;
  return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

std::vector<fs::path> entries_in(const fs::path &directory) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->path().extension() == ".json") files.push_back(entry->path());
  return files;
}

fs::path commits_in(const fs::path &state_directory) {
  return state_directory / "commits";
}

/// Run directories have random names, so that two of them in different places do not meet here.
fs::path entry_in(const fs::path &directory, const fs::path &run_directory) {
  return directory / (run_directory.filename().string() + ".json");
}

}  // namespace

DiskIdentity identify(const fs::path &disk) {
  struct statx status {};
  if (::statx(AT_FDCWD, disk.c_str(), 0, STATX_BASIC_STATS | STATX_BTIME, &status) != 0)
    throw Error(errno == ENOENT   ? Code::not_found
                : errno == EACCES ? Code::access
                                  : Code::io,
                std::strerror(errno), disk.string());
  DiskIdentity identity;
  identity.block_device = S_ISBLK(status.stx_mode);
  if (identity.block_device) return identity;
  identity.inode = status.stx_ino;
  if (status.stx_mask & STATX_BTIME) {
    identity.born_seconds = status.stx_btime.tv_sec;
    identity.born_nanoseconds = status.stx_btime.tv_nsec;
  }
  return identity;
}

CommitRegistry CommitRegistry::of_this_user() {
  std::vector<fs::path> directories;
  const char *chosen = std::getenv("V2V_STATE_DIR");
  const char *state = std::getenv("XDG_STATE_HOME"), *home = std::getenv("HOME");
  if (chosen && *chosen)
    directories.push_back(commits_in(fs::absolute(chosen)));
  else if (::geteuid() != 0 && state && *state == '/')
    directories.push_back(commits_in(fs::path(state) / "v2v"));
  else if (::geteuid() != 0 && home && *home == '/')
    directories.push_back(commits_in(fs::path(home) / ".local/state/v2v"));
  directories.push_back(commits_in(roots_directory));
  return CommitRegistry(std::move(directories));
}

void CommitRegistry::add(const Commit &commit) const {
  json disks = json::array();
  for (const auto &disk : commit.disks) disks.push_back(to_json(disk));
  std::string text;
  try {
    text = json{{"run-directory", commit.run_directory.string()},
                {"guest", commit.guest},
                {"disks", std::move(disks)}}
               .dump(1);
  } catch (const json::exception &) {
    throw Error(Code::unsupported, "a path is not UTF-8", commit.run_directory.string(),
                "rename it, or set VIRT_V2V_TMPDIR to another directory");
  }
  make_directories(directories_.front());
  write_new_file(entry_in(directories_.front(), commit.run_directory), text + "\n");
}

void CommitRegistry::remove(const Commit &commit) const {
  for (const auto &directory : directories_) {
    const auto entry = entry_in(directory, commit.run_directory);
    std::error_code error;
    if (fs::remove(entry, error)) sync_path(directory);
    if (error)
      throw Error(Code::io, fmt::format("cannot remove it: {}", error.message()), entry.string(),
                  "the disks are whole; remove it by hand");
  }
}

std::optional<Commit> CommitRegistry::of(const fs::path &run_directory) const {
  for (const auto &directory : directories_)
    if (const auto entry = entry_in(directory, run_directory); fs::exists(entry))
      return read_entry(entry);
  return std::nullopt;
}

std::optional<Commit> CommitRegistry::find(const fs::path &disk) const {
  const auto identity = identify(disk);
  for (const auto &directory : directories_)
    for (const auto &file : entries_in(directory)) {
      auto commit = read_entry(file);
      for (const auto &one : commit.disks) {
        const bool moved = !identity.block_device && identity == one.identity;
        if (moved || is_same_file(disk, one.location.path)) return commit;
      }
    }
  return std::nullopt;
}

std::string finishing_command(const Commit &commit) {
  const auto &disk = commit.disks.front().location;
  return fmt::format("v2v --in-place -i disk {} -if {}{}", shell_quoted(disk.path), disk.format,
                     disk.references ? " --allow-references" : "");
}

}  // namespace v2v::core
