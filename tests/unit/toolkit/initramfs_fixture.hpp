// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Makes initramfs images: archives entry by entry, sane or not, and every compression.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <lz4.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace initramfs_test {

inline void pad(std::string &text) {
  text.resize((text.size() + 3) / 4 * 4);
}

/// A newc archive, written without a library so that it can be wrong as well.
class Cpio {
 public:
  Cpio &entry(const std::string &name, std::uint32_t mode, const std::string &content,
              unsigned nlink = 1, unsigned inode = 0) {
    char header[111];
    std::snprintf(
        header, sizeof header, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
        inode ? inode : ++inode_, mode, 0u, 0u, nlink, 0u, static_cast<unsigned>(content.size()),
        0u, 0u, 0u, 0u, static_cast<unsigned>(name.size() + 1), 0u);
    text_ += header + name + '\0';
    pad(text_);
    text_ += content;
    pad(text_);
    return *this;
  }
  Cpio &file(const std::string &name, const std::string &content) {
    return entry(name, 0100644, content);
  }
  Cpio &directory(const std::string &name) { return entry(name, 0040755, ""); }
  Cpio &link(const std::string &name, const std::string &target) {
    return entry(name, 0120777, target);
  }
  /// Without a trailer.
  const std::string &open() const { return text_; }
  std::string close() const { return Cpio(*this).entry("TRAILER!!!", 0, "").text_; }

 private:
  std::string text_;
  unsigned inode_ = 100;
};

using AddFilter = int (*)(archive *);

inline std::string compressed(AddFilter add_filter, const std::string &content) {
  std::vector<char> out(content.size() * 2 + (1 << 16));
  std::size_t used = 0;
  auto *writer = archive_write_new();
  archive_write_set_format_raw(writer);
  add_filter(writer);
  archive_write_set_bytes_per_block(writer, 0);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  auto *entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(writer, entry);
  archive_write_data(writer, content.data(), content.size());
  archive_entry_free(entry);
  archive_write_free(writer);
  return {out.data(), used};
}

/// What `lz4 -l` makes of up to 8 MiB.
inline std::string lz4_legacy(const std::string &content) {
  const auto size = static_cast<int>(content.size());
  std::vector<char> out(static_cast<std::size_t>(LZ4_compressBound(size)));
  const int packed =
      LZ4_compress_default(content.data(), out.data(), size, static_cast<int>(out.size()));
  std::string text("\x02\x21\x4c\x18");
  for (unsigned i = 0; i < 4; ++i)
    text += static_cast<char>(static_cast<unsigned>(packed) >> (8 * i) & 0xff);
  return text.append(out.data(), static_cast<std::size_t>(packed));
}

}  // namespace initramfs_test
