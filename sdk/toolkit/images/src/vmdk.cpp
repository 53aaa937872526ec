// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// VMDK: one file (monolithicSparse, streamOptimized), or a text descriptor that names extents. All
// numbers are little-endian; sizes are sectors. Source: VMware, "Virtual Disk Format 5.0"; and
// for what a reader follows, the behaviour of qemu's vmdk driver: extents of a descriptor that
// stands in a sparse file count only if that file's capacity is 0, a parent hint counts always.
//
// WHY this does not use vmdk_descriptor.hpp. That one reads what a descriptor means, and refuses what is
// not well formed. Here is asked what any reader, however lax, might take for a reference to another
// file, so that nothing passes which only that reader would follow.
#include "formats.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace v2v::images {
namespace {

// How much of a descriptor qemu reads, whatever a header says: of a text file (or of extents in a
// sparse file without data), and when it looks for a parent in a sparse file.
constexpr std::uint64_t largest_descriptor = 1 << 20;
constexpr std::uint64_t embedded_descriptor = 20 * sector;
constexpr std::string_view no_parent = "ffffffff";

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

/// The value of `key = value` or `key="value"` on a line of its own.
std::string descriptor_value(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != text.npos; at = text.find(key, at + 1)) {
    if (at != 0 && !is_space(text[at - 1])) continue;
    auto rest = text.substr(at + key.size());
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) rest.remove_prefix(1);
    if (rest.empty() || rest[0] != '=') continue;
    rest.remove_prefix(1);
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '"'))
      rest.remove_prefix(1);
    return std::string(rest.substr(0, rest.find_first_of("\"\r\n")));
  }
  return {};
}

struct Extents {
  std::vector<ImageReference> files;
  std::uint64_t sectors = 0;
  bool any = false;
};

/// Extents, `RW 20480 FLAT "disk-flat.vmdk" 0`. Looks at words, not at lines: a reader built on
/// scanf, as qemu's is, takes a line end for a space, so this must not need an extent on one line.
Extents find_extents(std::string_view text) {
  static constexpr std::array<std::string_view, 3> access = {"RW", "RDONLY", "NOACCESS"};
  Extents found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at != 0 && !is_space(text[at - 1])) continue;
    for (const auto word : access) {
      const auto end = at + word.size();
      if (text.substr(at, word.size()) != word || end >= text.size() || !is_space(text[end]))
        continue;
      auto rest = text.substr(end);
      while (!rest.empty() && is_space(rest[0])) rest.remove_prefix(1);
      std::uint64_t sectors = 0;
      const auto number = std::from_chars(rest.data(), rest.data() + rest.size(), sectors);
      if (number.ec != std::errc() || sectors > largest_disk / sector) continue;
      found.any = true;
      found.sectors = std::min(found.sectors + sectors, largest_disk);
      rest.remove_prefix(static_cast<std::size_t>(number.ptr - rest.data()));
      // An extent of type ZERO names no file: the next quote is then another line's.
      const auto quote = rest.find_first_of("\"=#");
      if (quote == rest.npos || rest[quote] != '"') continue;
      rest.remove_prefix(quote + 1);
      found.files.push_back({"extent", std::string(rest.substr(0, rest.find_first_of("\"\r\n")))});
    }
  }
  return found;
}

/// @return whether a parent was found
bool find_parent(const ImageReader &reader, std::string_view text, ImageHeader &header) {
  if (text.find("parentFileNameHint") != text.npos) {
    header.references.push_back({"parent", descriptor_value(text, "parentFileNameHint")});
    return true;
  }
  const auto parent = descriptor_value(text, "parentCID");
  if (!parent.empty() && parent != no_parent)
    throw Error(Code::unsupported, "this is a snapshot that does not say what its parent is",
                reader.name(), "consolidate the snapshots in VMware and export the disk again");
  return false;
}

/// A text file, or the descriptor of a sparse file without any data of its own.
void read_descriptor(const ImageReader &reader, std::string_view text, ImageHeader &header) {
  auto extents = find_extents(text);
  if (!extents.any) damaged(reader, "its VMDK descriptor lists no extents");
  header.virtual_size = extents.sectors * sector;
  header.subformat = text::printable(descriptor_value(text, "createType"));
  for (auto &file : extents.files) header.references.push_back(std::move(file));
}

/// The header that counts: for a streamOptimized file the footer, which is a copy of it with the
/// real place of the grain directory.
Bytes final_header(const ImageReader &reader, const Bytes &first) {
  if (first.le64(56) != directory_at_end) return first;
  constexpr std::uint64_t footer = 2 * sector;
  if (reader.size() < 3 * sector || reader.read(reader.size() - footer, 4).all() != "KDMV")
    damaged(reader, "the streamOptimized image is cut off: its footer is missing");
  return reader.read(reader.size() - footer, sector);
}

std::string text_at(const ImageReader &reader, std::uint64_t at_sector, std::uint64_t length) {
  if (at_sector > reader.size() / sector) damaged(reader, "its descriptor is beyond its end");
  return std::string(reader.read_up_to(at_sector * sector, length).all());
}

/// Where readers look for the descriptor of a sparse file, in sectors. They differ, so a parent
/// counts wherever one of them would find it.
std::vector<std::uint64_t> descriptor_places(const Bytes &first, const Bytes &final) {
  std::vector<std::uint64_t> places = {1, first.le64(28), final.le64(28)};
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  places.erase(std::remove(places.begin(), places.end(), 0u), places.end());
  return places;
}

ImageHeader read_sparse(const ImageReader &reader) {
  const auto first = reader.read(0, sector);
  const auto final = final_header(reader, first);
  const auto version = final.le32(4);
  if (version < 1 || version > 3)
    throw Error(Code::unsupported, fmt::format("VMDK version {} is not supported", version),
                reader.name(), "export the disk again as streamOptimized (ovftool does it)");
  ImageHeader header;
  header.format = "vmdk";
  const auto capacity = final.le64(12);
  header.virtual_size = std::min(capacity, largest_disk / sector + 1) * sector;
  if (capacity != 0) check_virtual_size(reader, header.virtual_size);
  bool parent = false;
  for (const auto place : descriptor_places(first, final)) {
    if (parent) break;
    const auto text = text_at(reader, place, embedded_descriptor);
    if (header.subformat.empty())
      header.subformat = text::printable(descriptor_value(text, "createType"));
    parent = find_parent(reader, text, header);
  }
  if (first.le64(12) == 0 || capacity == 0)
    read_descriptor(reader, text_at(reader, first.le64(28), largest_descriptor), header);
  else
    check_grain_tables(reader, {capacity, final.le64(20), final.le32(44), final.le64(56), 512},
                       first.le64(56) != directory_at_end);
  return header;
}

}  // namespace

bool vmdk_has_parent(const ImageReader &reader) {
  const auto first = reader.read(0, sector);
  ImageHeader header;
  for (const auto place : descriptor_places(first, final_header(reader, first)))
    if (find_parent(reader, text_at(reader, place, embedded_descriptor), header)) return true;
  return false;
}

ImageHeader read_vmdk(const ImageReader &reader) {
  ImageHeader header;
  const auto start = reader.read_up_to(0, 21);
  if (start.all().substr(0, 4) == "KDMV") {
    header = read_sparse(reader);
  } else if (start.all() == "# Disk DescriptorFile") {
    const auto text = reader.read_up_to(0, largest_descriptor);
    header.format = "vmdk";
    read_descriptor(reader, text.all(), header);
    find_parent(reader, text.all(), header);
  } else {
    damaged(reader, "this is not a VMDK image");
  }
  check_virtual_size(reader, header.virtual_size);
  return header;
}

}  // namespace v2v::images
