// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A directory tree of the host shown as a guest, for tests of converters: no appliance, no root
// rights, milliseconds. Links are resolved inside the tree and never lead out of it. Programs are
// not run: a handler that the test sets answers, and what was asked for is recorded.
//
//   v2v::linux::DirectoryGuest guest(directory);
//   guest.write("/etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n");
//   guest.on_run([](const auto &argv) { return v2v::linux::CommandResult{0, ""}; });
//
// Not thread-safe.
#pragma once

#include <v2v/linux/guest.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace v2v::linux {

class DirectoryGuest final : public Guest {
 public:
  using Handler = std::function<CommandResult(const std::vector<std::string> &argv)>;

  /// @param root  an existing directory of the host; stays the caller's
  explicit DirectoryGuest(std::string root);

  /// Answers run() from now on. Without a handler every command succeeds with no output.
  void on_run(Handler handler) { handler_ = std::move(handler); }
  /// The commands that run() was asked for, in order.
  const std::vector<std::vector<std::string>> &commands() const { return commands_; }
  /// The directories that preload() was asked for, in order.
  const std::vector<std::string> &preloaded() const { return preloaded_; }
  /// What free_space() answers from now on; until then: without end.
  void set_free_space(std::uint64_t bytes) { free_space_ = bytes; }
  /// Who was given what with set_owner(), which only root could do on the host: "path user:group".
  const std::vector<std::string> &owners() const { return owners_; }

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
  std::uint64_t free_space(const std::string &directory) override;
  CommandResult run(const std::vector<std::string> &argv) override;
  void preload(const std::vector<std::string> &directories) override;

 private:
  /// Where a guest's path is on the host; nothing if its links form a loop.
  std::optional<std::string> locate(const std::string &path, bool follow_last) const;
  /// The same, and a loop is an error.
  std::string on_host(const std::string &path, bool follow_last) const;

  std::string root_;
  std::uint64_t free_space_ = UINT64_MAX;
  Handler handler_;
  std::vector<std::vector<std::string>> commands_;
  std::vector<std::string> preloaded_, owners_;
};

}  // namespace v2v::linux
