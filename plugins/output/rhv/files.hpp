// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Files and directories of a storage domain. All of it belongs to the user vdsm and the group kvm,
// which have the same numbers on every oVirt host, and an NFS server often lets nobody else in. So
// root does it all as that user; anybody else as himself.
//
// Linux has a user for file systems apart from that of the process (setfsuid(2)), which belongs to the
// thread: nothing else notices, and no process is needed to switch. Any thread.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <v2v/error.hpp>

namespace v2v::output_rhv {

constexpr uid_t vdsm_user = 36;
constexpr gid_t kvm_group = 36;

/// While it lives, this thread makes files as vdsm:kvm if it is root's; else, and where the user is
/// not to be had (a user namespace), nothing changes.
class AsVdsm {
 public:
  AsVdsm();
  ~AsVdsm();
  AsVdsm(const AsVdsm &) = delete;
  AsVdsm &operator=(const AsVdsm &) = delete;

 private:
  bool switched_ = false;
  uid_t user_ = 0;
  gid_t group_ = 0;
};

/// An error of errno: Code::no_space, access, exists, not_found or io.
Error system_error(int number, const std::string &what, const std::string &object);

// All below are done as vdsm, and make nothing where something is; a mode is what it says, whatever
// the umask.

/// @throws Error
void make_directory(const std::string &path);

/// A small file, mode 0644, on stable storage.
/// @throws Error
void write_file(const std::string &path, const std::string &content);

/// @throws Error
void set_mode(const std::string &path, mode_t mode);

/// To a name that must be free.
/// @throws Error
void rename_directory(const std::string &from, const std::string &to);

/// What was made in a directory is on stable storage.
/// @throws Error
void sync_directory(const std::string &path);

/// Nothing there is no error. As vdsm, and if that may not as the caller.
/// @throws Error
void remove_file(const std::string &path);
void remove_directory(const std::string &path);

/// Who would own a file made in `directory`, found out by making one there.
struct Owner {
  uid_t user;
  gid_t group;
};
/// @param journal  called with the path before it is made
/// @throws Error if no file can be made there
Owner try_file(const std::string &directory,
               const std::function<void(const std::string &)> &journal);

}  // namespace v2v::output_rhv
