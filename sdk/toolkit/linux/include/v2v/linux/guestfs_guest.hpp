// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The real guest, behind libguestfs. Its file systems must be mounted. The handle stays the
// caller's and must outlive this object; whoever changes the guest through the handle itself calls
// forget().
//
// Every call into the appliance costs 1 ms under KVM and 80 ms without, so what was learnt is kept:
// - a preloaded directory is read with one tar stream when first asked about, and then answers
//   everything but stat(); a write into it changes the copy;
// - outside, each answer is kept. A write forgets what it may have changed, by inode, so that no
//   other name of the file shows the old content; a new name forgets listings and "not there"; a
//   removed or renamed one and run() forget everything;
// - the third question about a file in one directory reads the whole directory.
//
// Nothing that a guest holds is followed by the appliance outside the guest's root: where
// libguestfs would (find, tar, cp), the path is resolved inside the guest first.
//
// Not thread-safe.
#pragma once

#include <v2v/linux/guest.hpp>

#include <guestfs.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace v2v::linux {

class GuestfsGuest final : public Guest {
 public:
  static constexpr std::uint64_t max_file = 512u << 20;  ///< bytes that read() takes into memory

  explicit GuestfsGuest(guestfs_h *handle);
  ~GuestfsGuest() override;
  GuestfsGuest(const GuestfsGuest &) = delete;
  GuestfsGuest &operator=(const GuestfsGuest &) = delete;

  /// Appliance calls made through this object so far.
  std::uint64_t calls() const;
  /// Drops everything that was kept.
  void forget();

  std::optional<FileInfo> stat(const std::string &path) override;
  std::vector<std::string> list(const std::string &directory) override;
  std::vector<std::string> find(const std::string &directory) override;
  std::optional<std::string> link_target(const std::string &path) override;
  std::string read(const std::string &path) override;
  void write(const std::string &path, std::string_view content, std::uint32_t mode = 0644) override;
  void append(const std::string &path, std::string_view content) override;
  void remove(const std::string &path) override;
  void rename(const std::string &from, const std::string &to) override;
  void copy(const std::string &from, const std::string &to) override;
  void symlink(const std::string &target, const std::string &path) override;
  void make_directory(const std::string &path, std::uint32_t mode = 0755) override;
  void set_owner(const std::string &path, unsigned user, unsigned group) override;
  /// The output is cut to its last 256 KiB. Status 127 also when the guest has no shell.
  std::uint64_t free_space(const std::string &directory) override;
  CommandResult run(const std::vector<std::string> &argv) override;
  void preload(const std::vector<std::string> &directories) override;
  void preload_files(const std::vector<std::string> &files) override;
  bool is_file(const std::string &path) override;
  bool is_directory(const std::string &path) override;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace v2v::linux
