// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A real appliance with a small ext4 disk, started once for all tests. The disk holds a shell from the
// host with the libraries it needs, so that run() has something to run.
#pragma once

#include "../temporary_directory.hpp"

#include <v2v/linux/guestfs_guest.hpp>

#include <gmock/gmock.h>

#include <cstdio>
#include <string>
#include <vector>

namespace v2v::linux {

/// What a command of the host prints, line by line.
inline std::vector<std::string> lines_of(const std::string &command) {
  std::vector<std::string> lines;
  FILE *pipe = popen(command.c_str(), "r");
  char line[4096];
  while (pipe && fgets(line, sizeof line, pipe)) {
    lines.emplace_back(line);
    lines.back().pop_back();
  }
  if (pipe) pclose(pipe);
  return lines;
}

class ApplianceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (handle_) return;  // another suite has started it
    temporary_ = new test::TemporaryDirectory;
    handle_ = guestfs_create();
    // Emulated: slow, but it works on every machine.
    guestfs_set_backend(handle_, "direct");
    guestfs_set_backend_setting(handle_, "force_tcg", "1");
    const auto disk = (temporary_->path() / "disk.img").string();
    ASSERT_EQ(guestfs_disk_create(handle_, disk.c_str(), "raw", 128 << 20, -1), 0);
    ASSERT_EQ(
        guestfs_add_drive_opts(handle_, disk.c_str(), GUESTFS_ADD_DRIVE_OPTS_FORMAT, "raw", -1), 0);
    ASSERT_EQ(guestfs_launch(handle_), 0);
    ASSERT_EQ(guestfs_mkfs(handle_, "ext4", "/dev/sda"), 0);
    ASSERT_EQ(guestfs_mount(handle_, "/dev/sda", "/"), 0);
    for (const char *directory : {"/etc/default", "/usr/lib/modules/6.1", "/usr/bin", "/tmp",
                                  "/dev", "/proc", "/sys", "/boot"})
      ASSERT_EQ(guestfs_mkdir_p(handle_, directory), 0);
    install_shell();
    guestfs_ln_s(handle_, "usr/lib", "/lib");
    guestfs_write(handle_, "/etc/fstab", "table", 5);
    guestfs_chmod(handle_, 0600, "/etc/fstab");
    guestfs_chown(handle_, 7, 8, "/etc/fstab");
    guestfs_ln_s(handle_, "/usr/lib/os-release", "/etc/os-release");
    guestfs_write(handle_, "/usr/lib/os-release", "ID=x\n", 5);
    guestfs_write(handle_, "/boot/vmlinuz-6.1", "kernel", 6);
    guestfs_ln_s(handle_, "boot/vmlinuz-6.1", "/vmlinuz");
    guestfs_write(handle_, "/usr/lib/modules/6.1/a.ko", "a", 1);
    guestfs_ln_s(handle_, "/etc", "/usr/evil");  // the appliance has an /etc of its own
    guestfs_mkfifo(handle_, 0600, "/etc/fifo");
  }
  static void install_shell() {
    const std::string programs =
        "/bin/sh /usr/bin/mktemp /usr/bin/tail /usr/bin/tr /bin/rm "
        "/usr/bin/seq /bin/cat /bin/sleep";
    for (const auto &file : lines_of("for p in " + programs +
                                     "; do echo $p; ldd $p | grep -o '/[^ ]*'; done | sort -u")) {
      guestfs_mkdir_p(handle_, file.substr(0, file.rfind('/')).c_str());
      guestfs_upload(handle_, file.c_str(), file.c_str());
      guestfs_chmod(handle_, 0755, file.c_str());
    }
    // So that /lib can become a link: what ldd named goes where links lead.
    if (guestfs_is_dir(handle_, "/lib") == 1) {
      guestfs_cp_r(handle_, "/lib/x86_64-linux-gnu", "/usr/lib/");
      guestfs_rm_rf(handle_, "/lib");
    }
  }

  GuestfsGuest guest_{handle_};
  static inline guestfs_h *handle_ = nullptr;
  static inline test::TemporaryDirectory *temporary_ = nullptr;

  /// Ends it before the process does: libguestfs closes what is open then by itself.
  struct End : testing::Environment {
    void TearDown() override {
      if (handle_) guestfs_close(handle_);
      delete temporary_;
    }
  };
  static inline const auto *end_ = testing::AddGlobalTestEnvironment(new End);
};

}  // namespace v2v::linux
