// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See staging.hpp.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <v2v/error.hpp>
#include <v2v/local_disks/staging.hpp>

namespace v2v::local_disks {
namespace {

using nlohmann::json;

constexpr const char *private_prefix = ".v2v-";

/// How private directories for this guest begin. A hash (FNV-1a), since the name may be as long as a
/// file name can be; two guests with the same one only cannot be converted at the same time.
std::string prefix_of(const std::string &guest) {
  std::uint32_t hash = 2166136261u;
  for (const unsigned char byte : guest) hash = (hash ^ byte) * 16777619u;
  return fmt::format("{}{:08x}-", private_prefix, hash);
}

[[noreturn]] void fail(const std::string &what, const std::string &object) {
  const int error = errno;
  const Code code = error == ENOSPC || error == EDQUOT                    ? Code::no_space
                    : error == EACCES || error == EPERM || error == EROFS ? Code::access
                    : error == EEXIST                                     ? Code::exists
                                                                          : Code::io;
  throw Error(code, fmt::format("{}: {}", what, std::strerror(error)), object);
}

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(const Fd &) = delete;
  Fd &operator=(const Fd &) = delete;
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// Tells whether a file is still the one that was published. Not the device number: that of a
/// network or btrfs volume can differ after the next boot.
std::string fingerprint(const struct stat &file) {
  return fmt::format("{}:{}:{}.{:09}", file.st_ino, file.st_size, file.st_mtim.tv_sec,
                     file.st_mtim.tv_nsec);
}

void sync_path(const std::string &path, int flags) {
  const Fd fd(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | flags));
  if (!fd || fsync(fd.get()) != 0) fail("cannot bring the file to stable storage", path);
}

/// Renames without ever replacing a file, also where the file system cannot do that in one step.
void rename_to_free(const std::string &from, const std::string &to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno == EINVAL || errno == ENOSYS) {
    if (link(from.c_str(), to.c_str()) == 0) {
      unlink(from.c_str());
      return;
    }
    struct stat there;
    if (errno == EPERM && lstat(to.c_str(), &there) != 0 && rename(from.c_str(), to.c_str()) == 0)
      return;
  }
  fail("cannot move the file into place", to);
}

/// @param own  the private directory of the caller
void refuse_others(const std::string &directory, const std::string &guest, const std::string &own) {
  const auto prefix = prefix_of(guest);
  const std::unique_ptr<DIR, int (*)(DIR *)> entries(opendir(directory.c_str()), closedir);
  while (const dirent *entry = entries ? readdir(entries.get()) : nullptr) {
    const std::string path = directory + "/" + entry->d_name;
    if (std::strncmp(entry->d_name, prefix.c_str(), prefix.size()) != 0 || path == own) continue;
    const Fd other(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (other && flock(other.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
      throw Error(Code::exists, "another conversion is making this guest here right now",
                  directory + "/" + guest, "wait for it, or choose another -os or -on");
  }
}

void take_back(const json &record) {
  const std::string final_path = record.at("final");
  const std::string kept = record.at("kept");
  struct stat file;
  const bool there = lstat(final_path.c_str(), &file) == 0;
  const bool ours = there && S_ISREG(file.st_mode) && fingerprint(file) == record.at("print");
  if (ours && unlink(final_path.c_str()) != 0) fail("cannot remove the file", final_path);
  if (!kept.empty() && (ours || !there) && lstat(kept.c_str(), &file) == 0)
    rename_to_free(kept, final_path);
}

/// Only what a Staging makes is emptied: the right name, itself a directory and no link. Its owner
/// says nothing, because an NFS server may turn root into nobody. It holds no directories.
void remove_private(const std::string &path) {
  if (path.empty() || path[0] != '/' ||
      path.compare(path.rfind('/') + 1, std::strlen(private_prefix), private_prefix) != 0)
    return;
  const Fd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) return;
  const std::unique_ptr<DIR, int (*)(DIR *)> entries(fdopendir(dup(fd.get())), closedir);
  if (!entries) fail("cannot list the directory", path);
  while (const dirent *entry = readdir(entries.get()))
    if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
      unlinkat(fd.get(), entry->d_name, 0);
  if (rmdir(path.c_str()) != 0 && errno != ENOENT) fail("cannot remove the directory", path);
}

}  // namespace

Staging::Staging(const std::string &directory, const std::string &guest, Journal journal)
    : directory_(directory), journal_(std::move(journal)) {
  std::random_device random;
  const std::uint64_t number = (std::uint64_t{random()} << 32) | random();
  private_ = fmt::format("{}/{}{:016x}", directory, prefix_of(guest), number);
  journal_(json{{"op", "staging"}, {"path", private_}}.dump());
  if (mkdir(private_.c_str(), 0700) != 0) fail("cannot create a directory", private_);
  const auto lock =
      std::make_shared<Fd>(open(private_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  lock_ = lock;
  // Looked for only after the lock: of two that start at the same time at least one sees the other.
  if (*lock && flock(lock->get(), LOCK_EX | LOCK_NB) == 0)
    refuse_others(directory, guest, private_);
}

void Staging::refuse_if_busy(const std::string &directory, const std::string &guest) {
  refuse_others(directory, guest, {});
}

void Staging::write(const std::string &name, const std::string &content, unsigned mode) {
  const std::string file = path(name);
  const Fd fd(open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!fd) fail("cannot create the file", file);
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t count = ::write(fd.get(), content.data() + done, content.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("cannot write the file", file);
    done += static_cast<std::size_t>(count);
  }
}

void Staging::publish(const std::vector<std::string> &names, bool replace,
                      const std::vector<std::string> &retired) {
  for (const auto &name : names) sync_path(path(name), 0);
  try {
    if (replace)
      for (const auto &name : retired) retire(name);
    for (const auto &name : names) move_into_place(name, replace);
    sync_path(directory_, O_DIRECTORY);
  } catch (...) {
    // The first failure is the one worth telling; abort will try again what fails here.
    for (auto record = published_.rbegin(); record != published_.rend(); ++record) try {
        take_back(json::parse(*record));
      } catch (const std::exception &) {
      }
    throw;
  }
  // From here on the old files cannot come back, so abort must leave the new ones alone.
  if (keeps_old_) journal_(R"({"op":"done"})");
  remove_private(private_);
}

void Staging::move_into_place(const std::string &name, bool replace) {
  const std::string from = path(name), to = directory_ + "/" + name;
  struct stat staged, old;
  if (lstat(from.c_str(), &staged) != 0) fail("cannot find the finished file", from);
  std::string kept;
  if (replace && lstat(to.c_str(), &old) == 0 && S_ISREG(old.st_mode))
    kept = fmt::format("{}/old-{}", private_, published_.size());
  published_.push_back(
      json{{"op", "publish"}, {"final", to}, {"kept", kept}, {"print", fingerprint(staged)}}
          .dump());
  journal_(published_.back());
  if (!kept.empty()) {
    if (rename(to.c_str(), kept.c_str()) != 0) fail("cannot move the old file away", to);
    keeps_old_ = true;
  }
  rename_to_free(from, to);
}

void Staging::retire(const std::string &name) {
  const std::string old = directory_ + "/" + name;
  struct stat file;
  if (lstat(old.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) return;
  const std::string kept = fmt::format("{}/old-{}", private_, published_.size());
  // Nothing is published under this name, so no file can match the empty fingerprint.
  published_.push_back(
      json{{"op", "publish"}, {"final", old}, {"kept", kept}, {"print", ""}}.dump());
  journal_(published_.back());
  if (rename(old.c_str(), kept.c_str()) != 0) fail("cannot move the old file away", old);
  keeps_old_ = true;
}

void Staging::abort(const std::vector<std::string> &records) {
  std::vector<json> parsed;
  bool done = false;
  for (const auto &record : records) {
    json one = json::parse(record, nullptr, false);
    if (!one.is_object()) continue;
    done |= one.value("op", "") == "done";
    parsed.push_back(std::move(one));
  }
  for (auto record = parsed.rbegin(); record != parsed.rend() && !done; ++record)
    if (record->value("op", "") == "publish") take_back(*record);
  for (const auto &record : parsed)
    if (record.value("op", "") == "staging") remove_private(record.value("path", ""));
}

}  // namespace v2v::local_disks
