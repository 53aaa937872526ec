// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See virtio_tree.hpp. libarchive walks an ISO image in the order of its bytes and skips what is not
// asked for by seeking. It gives names from Rock Ridge if the image has it, else from Joliet, and tells
// files that share their bytes as hard links to the first of them.
#include "virtio_tree.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <system_error>

namespace v2v::windows {
namespace {

const char *const another_place = "set VIRTIO_WIN to another directory or ISO image of virtio-win";
const char *const fetch_again =
    "the image is damaged: fetch it again, or set VIRTIO_WIN to another one";

class Iso {
 public:
  explicit Iso(const std::string &file)
      : file_(file), reader_(archive_read_new(), &archive_read_free) {
    if (!reader_ || archive_read_support_format_iso9660(reader_.get()) != ARCHIVE_OK)
      throw Error(Code::internal, "libarchive cannot read ISO images", file);
    constexpr std::size_t block = 1 << 16;
    if (archive_read_open_filename(reader_.get(), file.c_str(), block) == ARCHIVE_OK) return;
    const int why = archive_errno(reader_.get());
    if (why != EACCES && why != EPERM && why != EIO) not_an_iso();
    throw Error(why == EIO ? Code::io : Code::access,
                std::string("cannot read the virtio drivers for Windows: ") + std::strerror(why),
                file_, std::string("make it readable, or ") + another_place);
  }

  /// The next file, directory or other thing; null at the end.
  archive_entry *next() {
    archive_entry *entry = nullptr;
    const int status = archive_read_next_header(reader_.get(), &entry);
    if (status == ARCHIVE_EOF) return nullptr;
    if (status < ARCHIVE_WARN && archive_format(reader_.get()) == 0) not_an_iso();
    if (status < ARCHIVE_WARN) damaged(archive_error_string(reader_.get()));
    if (++seen_ > VirtioWin::max_files) refuse_too_many_files(file_);
    return entry;
  }

  /// Bytes of the current file, 0 at its end.
  std::size_t read(char *buffer, std::size_t size) {
    const auto got = archive_read_data(reader_.get(), buffer, size);
    if (got < 0) damaged(archive_error_string(reader_.get()));
    return static_cast<std::size_t>(got);
  }

  [[noreturn]] void damaged(const char *why) const {
    throw Error(Code::corrupt, std::string("cannot read the ISO image: ") + (why ? why : "damaged"),
                file_, fetch_again);
  }

 private:
  [[noreturn]] void not_an_iso() const {
    throw Error(Code::unsupported,
                "this is neither a directory nor an ISO image with virtio drivers", file_,
                another_place);
  }

  std::string file_;
  std::unique_ptr<archive, decltype(&archive_read_free)> reader_;
  std::size_t seen_ = 0;
};

/// The path of a file; nothing if the name is not text, which no driver's is.
std::optional<std::string> path_of(archive_entry *entry) {
  if (const char *name = archive_entry_pathname_utf8(entry)) return name;
  return std::nullopt;
}

void write(const std::filesystem::path &target, std::ostream &stream, const char *data,
           std::size_t size) {
  stream.write(data, static_cast<std::streamsize>(size));
  if (!stream)
    throw Error(errno == ENOSPC ? Code::no_space : Code::io,
                std::string("cannot write a driver: ") + std::strerror(errno), target);
}

void duplicate(const std::filesystem::path &from, const std::filesystem::path &to) {
  std::error_code error;
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, error);
  if (error)
    throw Error(error == std::errc::no_space_on_device ? Code::no_space : Code::io,
                "cannot write a driver: " + error.message(), to);
}

/// The bytes of the current file into `target`. What libarchive gives is counted, not what the image
/// promised: a compressed file (zisofs) could be longer. Returns their number.
std::uint64_t copy_out(Iso &iso, const std::filesystem::path &target, std::uint64_t most) {
  std::ofstream stream(target, std::ios::binary | std::ios::trunc);
  std::string buffer(1 << 16, '\0');
  std::uint64_t copied = 0;
  write(target, stream, nullptr, 0);
  while (const auto got = iso.read(buffer.data(), buffer.size())) {
    if ((copied += got) > most) iso.damaged("a file is longer than the image says");
    write(target, stream, buffer.data(), got);
  }
  write(target, stream.flush(), nullptr, 0);
  return copied;
}

}  // namespace

std::vector<IsoFile> list_iso(const std::string &file) {
  Iso iso(file);
  std::vector<IsoFile> files;
  std::map<std::string, std::uint64_t> sizes;
  while (archive_entry *entry = iso.next()) {
    const auto path = path_of(entry);
    if (!path || archive_entry_filetype(entry) != AE_IFREG) continue;
    check_tree_path(*path, file);
    IsoFile found{*path, 0, *path};
    if (const char *target = archive_entry_hardlink_utf8(entry)) {
      found.content = target;
      if (sizes.count(target) == 0) iso.damaged("a link to a file that is not there");
      found.size = sizes[target];
    } else {
      const auto size = archive_entry_size(entry);
      if (size < 0) iso.damaged("a file of negative size");
      found.size = static_cast<std::uint64_t>(size);
    }
    sizes[found.path] = found.size;
    files.push_back(std::move(found));
  }
  return files;
}

void extract_iso(const std::string &file, const Wanted &wanted, const std::string &target) {
  Iso iso(file);
  const std::filesystem::path base(target);
  std::set<std::string> missing;
  for (const auto &[content, unused] : wanted) missing.insert(content);
  while (archive_entry *entry = missing.empty() ? nullptr : iso.next()) {
    const auto path = path_of(entry);
    if (!path || missing.erase(*path) == 0) continue;
    const auto &[size, names] = wanted.at(*path);
    const auto first = base / *names.begin();
    if (copy_out(iso, first, size) != size) iso.damaged("a file is shorter than the image says");
    for (auto name = std::next(names.begin()); name != names.end(); ++name)
      duplicate(first, base / *name);
  }
  if (!missing.empty()) iso.damaged("files have gone since it was listed");
}

}  // namespace v2v::windows
