// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads an initramfs on the host, without running anything of the guest. An initramfs is a sequence
// of cpio archives (newc), each plain or compressed on its own, with zeros between; the kernel
// unpacks them one over the other (init/initramfs.c). A typical one is a plain archive with
// microcode and a compressed one with all the rest.
//
// The image comes from a guest and is hostile: everything is bounded, nothing is written, and names
// that lead outside are dropped.
//
// An object owns the image and what was unpacked from it; views into it live as long as it does.
// Not thread-safe.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::linux {

struct InitramfsEntry {
  enum class Type { file, directory, link, other };
  Type type = Type::other;
  std::uint32_t mode = 0;    ///< permission bits
  std::string_view content;  ///< of a file; the target of a link
};

struct InitramfsSegment {
  std::string packing;       ///< cpio, gzip, bzip2, lzma, xz, lz4 (legacy), lz4, zstd
  std::uint64_t offset = 0;  ///< in the image, bytes
  std::uint64_t size = 0;    ///< in the image, bytes
  bool readable_on = true;   ///< whether every kernel finds what is appended behind it
};

class InitramfsArchive {
 public:
  static constexpr std::uint64_t max_unpacked = 1u << 30;  ///< bytes, over all segments
  static constexpr std::size_t max_entries = 500'000;

  /// @param image  the whole file
  /// @param name   its path, for messages
  /// @throws Error(corrupt) with offset and reason; Error(unsupported) above the limits and for
  /// lzop
  InitramfsArchive(std::string image, std::string name);
  InitramfsArchive(InitramfsArchive &&) = delete;

  const std::string &name() const { return name_; }
  std::uint64_t image_size() const { return image_size_; }
  /// Whether a file is exactly what this was read from, with what was appended.
  bool is_same_image(std::string_view file) const;
  const std::vector<InitramfsSegment> &segments() const { return segments_; }
  /// By absolute path; where several archives have the same name, the last one, as in the kernel.
  const std::map<std::string, InitramfsEntry> &entries() const { return entries_; }

  /// Where an absolute path leads when the links of the archive are followed; nothing for a loop.
  std::optional<std::string> resolve(const std::string &path) const;
  /// What is at an absolute path, links followed; null if there is nothing.
  const InitramfsEntry *find(const std::string &path) const;
  /// The content of a regular file, links followed; nothing if it is not one.
  std::optional<std::string_view> read(const std::string &path) const;

  /// Takes in bytes that are appended to the image, as if they had been in it from the beginning.
  void append(std::string tail);

  /// "cpio at 0, zstd at 3584, cpio at 34053208"
  std::string describe() const;

 private:
  void read_segments(std::string_view image, std::uint64_t base);

  std::string name_;
  std::uint64_t image_size_ = 0;
  std::vector<std::string_view> image_;  ///< the image and what was appended
  std::uint64_t unpacked_ = 0;
  std::vector<std::shared_ptr<const void>> storage_;  ///< what the views point into
  std::vector<InitramfsSegment> segments_;
  std::map<std::string, InitramfsEntry> entries_;
};

}  // namespace v2v::linux
