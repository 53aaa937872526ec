// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "archive.hpp"

#include "file.hpp"

#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <locale.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace v2v::input_ova {
namespace {

constexpr std::size_t piece = 1 << 18;

/// libarchive turns names into the thread's locale; in "C" it would lose all that is not ASCII.
class Utf8Locale {
 public:
  Utf8Locale() {
    // Made once: that reads files, and an archive may have a hundred thousand names.
    static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (utf8) old_ = ::uselocale(utf8);
  }
  ~Utf8Locale() {
    if (old_) ::uselocale(old_);
  }
  Utf8Locale(const Utf8Locale &) = delete;
  Utf8Locale &operator=(const Utf8Locale &) = delete;

 private:
  locale_t old_ = nullptr;
};

std::string flaw_of(archive_entry *entry) {
  if (archive_entry_hardlink(entry)) return "a hard link";
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
    case AE_IFDIR:
      return archive_entry_is_encrypted(entry) == 1 ? "encrypted" : "";
    case AE_IFLNK:
      return "a symbolic link";
    default:
      return "a special file";
  }
}

}  // namespace

/// What libarchive reads from: it calls back for the next bytes.
struct Archive::Source {
  std::vector<Segment> segments;
  std::size_t index = 0;
  std::uint64_t at = 0;
  std::unique_ptr<InputFile> file;
  std::string buffer = std::string(piece, '\0');

  ssize_t read(const void **data) {
    while (index < segments.size() && at == segments[index].size) {
      ++index;
      at = 0;
      file.reset();
    }
    if (index == segments.size()) return 0;
    const auto &here = segments[index];
    if (!file) file = std::make_unique<InputFile>(here.file);
    const auto wanted = std::min<std::uint64_t>(piece, here.size - at);
    ssize_t got = -1;
    do {
      got = ::pread(file->fd(), buffer.data(), wanted, static_cast<off_t>(here.offset + at));
    } while (got < 0 && errno == EINTR);
    if (got > 0) at += static_cast<std::uint64_t>(got);
    *data = buffer.data();
    return got;
  }

  static la_ssize_t callback(struct archive *archive, void *self, const void **data) {
    try {
      const auto got = static_cast<Source *>(self)->read(data);
      if (got < 0) archive_set_error(archive, errno, "%s", std::strerror(errno));
      return got;
    } catch (const std::exception &error) {
      archive_set_error(archive, EIO, "%s", error.what());
      return -1;
    }
  }
};

Archive::Archive(std::string name, std::unique_ptr<Source> source)
    : name_(std::move(name)), source_(std::move(source)), archive_(archive_read_new()) {
  if (!archive_) throw std::bad_alloc();
}

Archive::Archive(Archive &&other) noexcept
    : name_(std::move(other.name_)),
      source_(std::move(other.source_)),
      archive_(std::exchange(other.archive_, nullptr)) {}

Archive::~Archive() {
  if (archive_) archive_read_free(archive_);
}

Archive Archive::open(const std::string &path, const std::string &name, Kind kind) {
  Archive made(name, nullptr);
  if (kind == Kind::zip) {
    archive_read_support_format_zip(made.archive_);
  } else {
    archive_read_support_format_tar(made.archive_);
    archive_read_support_filter_gzip(made.archive_);
    archive_read_support_filter_xz(made.archive_);
    archive_read_support_filter_bzip2(made.archive_);
    archive_read_support_filter_zstd(made.archive_);
  }
  if (archive_read_open_filename(made.archive_, path.c_str(), piece) != ARCHIVE_OK) made.fail();
  return made;
}

Archive Archive::stream(std::vector<Segment> segments, const std::string &name, bool gzip) {
  auto source = std::make_unique<Source>();
  source->segments = std::move(segments);
  Archive made(name, std::move(source));
  archive_read_support_format_raw(made.archive_);
  if (gzip) archive_read_support_filter_gzip(made.archive_);
  if (archive_read_open(made.archive_, made.source_.get(), nullptr, Source::callback, nullptr) !=
      ARCHIVE_OK)
    made.fail();
  if (gzip && archive_filter_code(made.archive_, 0) != ARCHIVE_FILTER_GZIP)
    throw Error(Code::corrupt, "the OVF says that it is compressed with gzip, but it is not", name,
                "export the guest again");
  return made;
}

std::optional<ArchiveEntry> Archive::next() {
  const Utf8Locale locale;
  archive_entry *entry = nullptr;
  const auto status = archive_read_next_header(archive_, &entry);
  if (status == ARCHIVE_EOF) return std::nullopt;
  if (status < ARCHIVE_WARN) fail();
  ArchiveEntry found;
  const char *name = archive_entry_pathname(entry);
  if (!name) name = archive_entry_pathname_utf8(entry);
  found.name = name ? name : "";
  found.directory = archive_entry_filetype(entry) == AE_IFDIR;
  found.flaw = flaw_of(entry);
  if (archive_entry_size_is_set(entry))
    found.size = static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_entry_size(entry)));
  return found;
}

std::optional<Archive::Piece> Archive::read() {
  const void *data = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const auto status = archive_read_data_block(archive_, &data, &size, &offset);
  if (status == ARCHIVE_EOF) return std::nullopt;
  if (status < ARCHIVE_WARN || offset < 0) fail();
  return Piece{static_cast<std::uint64_t>(offset), {static_cast<const char *>(data), size}};
}

std::uint64_t Archive::consumed() const {
  return static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_filter_bytes(archive_, -1)));
}

void Archive::fail() const {
  const char *reason = archive_error_string(archive_);
  throw Error(Code::corrupt,
              fmt::format("it cannot be unpacked: {}",
                          text::printable(reason ? reason : "the archive is damaged")),
              name_, "copy, download or export the OVA again");
}

}  // namespace v2v::input_ova
