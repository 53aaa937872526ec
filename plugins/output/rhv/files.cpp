// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See files.hpp.
#include "files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <v2v/ovf/volume_meta.hpp>
#include <v2v/process/file_descriptor.hpp>

namespace v2v::output_rhv {
namespace {

using process::FileDescriptor;

/// Removes with `call`, as vdsm and then as the caller.
void remove(const std::string &path, int (*call)(const char *), const char *what) {
  int failed = 0;
  {
    const AsVdsm as_vdsm;
    if (call(path.c_str()) != 0) failed = errno;
  }
  if (failed == EACCES || failed == EPERM) failed = call(path.c_str()) == 0 ? 0 : errno;
  if (failed != 0 && failed != ENOENT) throw system_error(failed, what, path);
}

FileDescriptor create_file(const std::string &path) {
  FileDescriptor fd(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!fd) throw system_error(errno, "cannot create the file", path);
  return fd;
}

}  // namespace

AsVdsm::AsVdsm() {
  if (geteuid() != 0) return;
  switched_ = true;
  group_ = static_cast<gid_t>(setfsgid(kvm_group));
  user_ = static_cast<uid_t>(setfsuid(vdsm_user));
}

AsVdsm::~AsVdsm() {
  if (!switched_) return;
  setfsuid(user_);
  setfsgid(group_);
}

Error system_error(int number, const std::string &what, const std::string &object) {
  const bool full = number == ENOSPC || number == EDQUOT;
  const bool access = number == EACCES || number == EPERM || number == EROFS;
  const Code code = full               ? Code::no_space
                    : access           ? Code::access
                    : number == EEXIST ? Code::exists
                    : number == ENOENT ? Code::not_found
                                       : Code::io;
  std::string remedy;
  if (full) remedy = "free some space there";
  if (number == EROFS) remedy = "mount it writable";
  if (number == EACCES || number == EPERM)
    remedy =
        fmt::format("everything in a storage domain must belong to {}:{}: run chown -R {}:{} on it",
                    vdsm_user, kvm_group, vdsm_user, kvm_group);
  return {code, fmt::format("{}: {}", what, std::strerror(number)), object, remedy};
}

void make_directory(const std::string &path) {
  const AsVdsm as_vdsm;
  if (mkdir(path.c_str(), 0755) != 0 || chmod(path.c_str(), 0755) != 0)
    throw system_error(errno, "cannot create the directory", path);
}

void write_file(const std::string &path, const std::string &content) {
  const AsVdsm as_vdsm;
  const auto fd = create_file(path);
  if (fchmod(fd.get(), 0644) != 0) throw system_error(errno, "cannot set the mode", path);
  for (std::size_t done = 0; done < content.size();) {
    const auto count = ::write(fd.get(), content.data() + done, content.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error(errno, "cannot write the file", path);
    done += static_cast<std::size_t>(count);
  }
  if (fsync(fd.get()) != 0) throw system_error(errno, "cannot write the file", path);
}

void set_mode(const std::string &path, mode_t mode) {
  const AsVdsm as_vdsm;
  if (chmod(path.c_str(), mode) != 0) throw system_error(errno, "cannot set the mode", path);
}

void rename_directory(const std::string &from, const std::string &to) {
  const AsVdsm as_vdsm;
  // rename(2) replaces an empty directory only, and nobody has one of this random name.
  if (rename(from.c_str(), to.c_str()) != 0)
    throw system_error(errno, "cannot move the directory into place", to);
}

void sync_directory(const std::string &path) {
  const AsVdsm as_vdsm;
  const FileDescriptor fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems have no fsync for directories and say so.
  if (!fd || (fsync(fd.get()) != 0 && errno != EINVAL))
    throw system_error(errno, "cannot write the directory", path);
}

void remove_file(const std::string &path) {
  remove(path, unlink, "cannot remove the file");
}

void remove_directory(const std::string &path) {
  remove(path, rmdir, "cannot remove the directory");
}

Owner try_file(const std::string &directory,
               const std::function<void(const std::string &)> &journal) {
  const std::string path = directory + "/.v2v-" + ovf::new_uuid();
  journal(path);
  struct stat made {};
  {
    const AsVdsm as_vdsm;
    const auto fd = create_file(path);
    if (fstat(fd.get(), &made) != 0) throw system_error(errno, "cannot look at the file", path);
  }
  remove_file(path);
  return {made.st_uid, made.st_gid};
}

}  // namespace v2v::output_rhv
