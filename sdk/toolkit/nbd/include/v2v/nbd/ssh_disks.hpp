// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Disks of another machine, read over ssh without anything being installed or written there.
//
// HOW. A file is read by sftp, through nbdkit's ssh plugin. A block device cannot be: sftp says that it has
// no bytes, and reads nothing behind that. So its size is asked with blockdev, and each read is a dd
// there, all through one connection; what the conversion reads is kept, in large blocks, since each costs
// a few round trips. A qcow2 file is read by a qemu-nbd here on top of the first server.
//
// Used by one thread. The servers live as long as this object.
#pragma once

#include <v2v/nbd/nbdkit.hpp>
#include <v2v/nbd/qemu_nbd.hpp>
#include <v2v/nbd/ssh_shell.hpp>
#include <v2v/values.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace v2v::nbd {

/// What helps with a disk that is not read so.
constexpr const char *serve_it_there =
    "serve it on that machine (qemu-nbd --read-only --persistent --shared=8 --bind=127.0.0.1 "
    "--format=FORMAT DISK), forward the port (ssh -L 10809:127.0.0.1:10809 HOST), and give all "
    "disks "
    "with -i disk, this one as nbd://127.0.0.1";

struct SshDisk {
  std::string path;     ///< on the other machine; absolute
  bool device = false;  ///< a block device, or a link to one
  std::string format;   ///< as its owner or the user says; empty: nobody does
  std::string name;     ///< what messages call it
};

class SshDisks {
 public:
  /// @param shell  outlives this object
  SshDisks(SshShell &shell, std::string run_directory, std::function<void()> check_cancelled);
  ~SshDisks();

  /// A server of the disk's bytes.
  /// @throws Error: not there, not readable, empty, of a format that is not read so, or one that names
  ///         other files; or one that nobody says, and that the disk's guest may have written
  Location serve(const SshDisk &disk);

  /// From now on nothing is read twice.
  void stop_keeping();

 private:
  std::uint64_t device_size(const SshDisk &disk);
  Nbdkit::Settings settings(const SshDisk &disk, std::uint64_t size);
  std::unique_ptr<Nbdkit> start(const Nbdkit::Settings &settings);
  std::string start_of(const Nbdkit &server, const SshDisk &disk, std::uint64_t &size);
  std::string serve_qcow2(const Nbdkit &server, const SshDisk &disk);

  SshShell &shell_;
  std::string run_directory_;
  std::function<void()> check_cancelled_;
  std::vector<std::string> connection_;  ///< options of ssh; empty: no device was served yet
  std::vector<std::unique_ptr<Nbdkit>> servers_;
  std::vector<std::unique_ptr<QemuNbd>> readers_;  ///< of the servers; end before them
  unsigned started_ = 0;
};

/// The command of a POSIX shell that reads COUNT bytes at OFFSET, which are $3 and $4, of a device, as
/// nbdkit's eval plugin calls it. Both are multiples of 512.
/// @param ssh  the words of the ssh that runs what follows them
std::string device_read_script(const std::vector<std::string> &ssh, const std::string &path);

}  // namespace v2v::nbd
