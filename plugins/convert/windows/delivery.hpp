// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a conversion puts into the guest, as one tar archive: one call into the appliance, however many files.
//
// Files and directories get a security descriptor of their own, as Windows's own system files have it:
// SYSTEM and the administrators may do everything, users may read. What the appliance makes otherwise
// may be changed by everyone, and the first boot runs it as SYSTEM. The archive carries the descriptor as
// the extended attribute through which ntfs-3g sets it (system.ntfs_acl).
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct archive;

namespace v2v::convert_windows {

class Delivery {
 public:
  /// @param tar_file  on the host, made here
  explicit Delivery(std::string tar_file);

  /// Paths are those of the guest, absolute, as the file system spells them.
  void add_directory(const std::string &path);
  void add(const std::string &path, const std::string &content);
  void add_file(const std::string &path, const std::string &host_file);
  /// Nothing can be added after that. The archive's path.
  const std::string &finish();

  std::uint64_t bytes() const { return bytes_; }  ///< of content, so far

 private:
  void entry(const std::string &path, bool directory, const std::string &content);
  [[noreturn]] void fail() const;

  struct Close {
    void operator()(struct archive *archive) const;
  };
  std::string tar_file_;
  std::unique_ptr<struct archive, Close> archive_;
  std::uint64_t bytes_ = 0;
};

}  // namespace v2v::convert_windows
