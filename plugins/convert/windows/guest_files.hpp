// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The files of a mounted Windows. Paths are libguestfs's, with slashes from the system drive's top; Windows
// does not care for the case of letters and the appliance does, so a path is first looked up.
//
// Every call costs 1 ms under KVM and 80 ms without. The handle stays the caller's. Not thread-safe.
// Failures throw v2v::Error with the guest's path as the object.
#pragma once

#include <v2v/guestfs/appliance.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace v2v::convert_windows {

class GuestFiles {
 public:
  explicit GuestFiles(guestfs_h *handle) : appliance_(handle) {}

  /// The path as the file system spells it; nothing if there is no such file or directory.
  std::optional<std::string> find(const std::string &path);
  /// A path of which the end need not be there.
  struct Place {
    std::string path;  ///< what is there as the file system spells it, the rest as it was given
    std::size_t there = 0;  ///< length of the part of it that is there
    bool exists() const { return there == path.size(); }
  };
  Place place(const std::string &path);
  void download(const std::string &path, const std::string &host_file);
  /// Replaces the content of a file that is there, which keeps its attributes.
  void upload(const std::string &host_file, const std::string &path);
  /// Puts the files of a tar archive of the host into the guest, with one call.
  void unpack(const std::string &tar_file);
  /// The first bytes of a file, at most `most`.
  std::string head(const std::string &path, std::size_t most);
  void make_directory(const std::string &path);
  void copy(const std::string &from, const std::string &to);
  /// With everything in it, if it is a directory.
  void remove(const std::string &path);
  bool equal(const std::string &one, const std::string &other);
  /// Bytes that can still be written to the system drive.
  std::uint64_t free_space();

  void mount(const std::string &device, const std::string &directory);
  void unmount(const std::string &directory);

  std::uint64_t calls() const { return appliance_.calls(); }

 private:
  guestfs::Appliance appliance_;
};

}  // namespace v2v::convert_windows
