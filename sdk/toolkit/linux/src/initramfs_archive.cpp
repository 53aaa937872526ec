// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See initramfs_archive.hpp. The loop over segments follows the kernel's unpack_to_rootfs(): zeros
// are skipped, a plain archive begins at a multiple of 4, anything else is a compressed stream that
// holds whole archives.
#include "cpio.hpp"
#include "unpack.hpp"

#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/initramfs_archive.hpp>

#include <fmt/format.h>

#include <utility>

namespace v2v::linux {
namespace {

[[noreturn]] void fail(Code code, const std::string &name, std::uint64_t offset,
                       const std::string &what) {
  throw Error(code, fmt::format("the initramfs cannot be read: {}, at byte {}", what, offset),
              name);
}

/// Whether every kernel reads on behind a stream of this kind. Not so for
/// - lz4: the legacy format has no end mark, and kernels before 5.14 take what follows for another
///   block; its frame format no kernel reads;
/// - lzma: the kernel's decoder may leave the last bytes of the stream, and then takes them for the
///   beginning of the next one.
bool kernel_reads_on(Packing packing) {
  return packing != Packing::lz4_legacy && packing != Packing::lz4_frame &&
         packing != Packing::lzma && packing != Packing::lzop;
}

std::size_t skip_zeros(std::string_view data, std::size_t at) {
  const auto next = data.find_first_not_of('\0', at);
  return next == std::string_view::npos ? data.size() : next;
}

}  // namespace

InitramfsArchive::InitramfsArchive(std::string image, std::string name) : name_(std::move(name)) {
  append(std::move(image));
  if (segments_.empty()) fail(Code::corrupt, name_, 0, "it is empty");
}

void InitramfsArchive::append(std::string tail) {
  const auto base = image_size_;
  const auto stored = std::make_shared<const std::string>(std::move(tail));
  storage_.push_back(stored);
  const std::string_view image = *stored;
  image_.push_back(image);
  image_size_ += image.size();
  read_segments(image, base);
}

bool InitramfsArchive::is_same_image(std::string_view file) const {
  if (file.size() != image_size_) return false;
  for (const auto piece : image_) {
    if (file.substr(0, piece.size()) != piece) return false;
    file.remove_prefix(piece.size());
  }
  return true;
}

void InitramfsArchive::read_segments(std::string_view image, std::uint64_t base) {
  for (auto at = skip_zeros(image, 0); at < image.size(); at = skip_zeros(image, at)) {
    const auto rest = image.substr(at);
    const auto offset = base + at;
    std::size_t size = 0;
    auto packing = Packing::none;
    try {
      if (offset % 4 == 0 && begins_cpio(rest)) {
        size = read_cpio(rest, entries_);
      } else {
        packing = packing_of(rest);
        if (packing == Packing::none)
          fail(Code::corrupt, name_, offset, "neither a cpio archive nor a compressed one");
        auto unpacked = unpack(packing, rest, max_unpacked - unpacked_);
        size = unpacked.consumed;
        unpacked_ += unpacked.content.size();
        const auto stored = std::make_shared<const Bytes>(std::move(unpacked.content));
        storage_.push_back(stored);
        const auto content = stored->view();
        for (auto inner = skip_zeros(content, 0); inner < content.size();
             inner = skip_zeros(content, inner))
          inner += read_cpio(content.substr(inner), entries_);
      }
    } catch (const UnpackFailure &failure) {
      fail(failure.code, name_, offset,
           fmt::format("{} segment: {}", packing_name(packing), failure.reason));
    } catch (const CpioFailure &failure) {
      if (packing == Packing::none)
        fail(Code::corrupt, name_, offset + failure.offset, failure.reason);
      fail(Code::corrupt, name_, offset,
           fmt::format("{} segment: {} ({} bytes into an archive)", packing_name(packing),
                       failure.reason, failure.offset));
    }
    segments_.push_back({packing_name(packing), offset, size, kernel_reads_on(packing)});
    at += size;
  }
}

std::optional<std::string> InitramfsArchive::resolve(const std::string &path) const {
  const auto resolved = resolve_links(path, true, [this](const std::string &name) {
    const auto found = entries_.find(name);
    if (found == entries_.end() || found->second.type != InitramfsEntry::Type::link)
      return PathStep{};
    return PathStep{PathStep::Kind::link, std::string(found->second.content)};
  });
  if (!resolved) return std::nullopt;
  return resolved->path;
}

const InitramfsEntry *InitramfsArchive::find(const std::string &path) const {
  const auto resolved = resolve(path);
  const auto found = resolved ? entries_.find(*resolved) : entries_.end();
  return found == entries_.end() ? nullptr : &found->second;
}

std::optional<std::string_view> InitramfsArchive::read(const std::string &path) const {
  const auto *entry = find(path);
  if (!entry || entry->type != InitramfsEntry::Type::file) return std::nullopt;
  return entry->content;
}

std::string InitramfsArchive::describe() const {
  std::string text;
  for (const auto &segment : segments_)
    text += fmt::format("{}{} at {}", text.empty() ? "" : ", ", segment.packing, segment.offset);
  return text;
}

}  // namespace v2v::linux
