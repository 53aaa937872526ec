// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The operations on files, which every operating system has. All are done by libguestfs inside the guest.
//
// The handle stays the caller's, who forgets what it knew of the guest's files after each operation.
// Not thread-safe. Failures throw v2v::Error with the path as the object.
#pragma once

#include <v2v/customise/guest_places.hpp>
#include <v2v/text/log.hpp>
#include <v2v/values.hpp>

#include <string>

namespace v2v::customise {

class FileOperations {
 public:
  /// @param names  any_case is Windows, which has no owners and modes as Linux has them, and other line
  ///               ends
  FileOperations(guestfs_h *handle, Names names, text::Log log)
      : appliance_(handle), places_(appliance_, names), names_(names), log_(std::move(log)) {}

  /// Whether this is an operation on files.
  static bool has(const Operation &operation);
  /// What of it can be checked before the guest is changed.
  static void check(const Operation &operation);
  void apply(const Operation &operation);

 private:
  void append_line(const std::string &path, const std::string &line);
  void change_mode(const std::string &path, unsigned mode);
  void change_owner(const std::string &path, int user, int group);
  void copy(const std::string &from, const std::string &to);
  void copy_in(const std::string &local, const std::string &directory);
  void remove(const std::string &pattern);
  void edit(const std::string &path, const std::string &expression);
  void link(const std::string &target, const std::string &path);
  void move(const std::string &from, const std::string &to);
  void truncate_below(const std::string &directory);
  void upload(const std::string &local, const std::string &path);
  void write(const std::string &path, const std::string &content);
  std::string bytes(const std::string &path, int count, std::int64_t offset);

  guestfs::Appliance appliance_;
  GuestPlaces places_;
  Names names_;
  text::Log log_;
};

}  // namespace v2v::customise
