// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/vmdk_stream.hpp>

#include <core/disk/file_io.hpp>
#include <core/disk/qemu_location.hpp>

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <new>

namespace v2v::core {
namespace {

std::uint64_t little(std::span<const std::byte> bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (auto i = count; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
  return value;
}

}  // namespace

Inflater::Inflater() : state_(libdeflate_alloc_decompressor()) {
  if (!state_) throw std::bad_alloc();
}

Inflater::~Inflater() {
  libdeflate_free_decompressor(state_);
}

VmdkStream::VmdkStream(FileDescriptor file, images::ImageReader reader, VmdkHeader header,
                       std::uint64_t offset)
    : file_(std::move(file)), reader_(std::move(reader)), header_(header), offset_(offset) {}

std::optional<VmdkStream> VmdkStream::open(const Location &location) {
  if (location.type == Location::Type::uri || location.format != "vmdk") return std::nullopt;
  auto file = open_for_reading(location);
  images::ImageReader reader(file.get(), display_name(location), location.offset, location.length);
  const auto header = read_vmdk_header(reader);
  if (!header) return std::nullopt;
  return VmdkStream(std::move(file), std::move(reader), *header, location.offset);
}

std::uint64_t VmdkStream::length(const Grain &grain) const {
  return std::min(header_.grain_size, header_.capacity - grain.start);
}

std::uint64_t VmdkStream::longest_stored() const {
  // Deflate makes nothing much larger. qemu reads as much as this.
  return header_.compressed ? 2 * header_.grain_size : header_.grain_size;
}

void VmdkStream::read(std::span<std::byte> bytes, std::uint64_t at) const {
  read_fully(file_.get(), bytes, offset_ + at, reader_.name());
}

void VmdkStream::will_read(std::uint64_t at, std::uint64_t length) const {
  core::will_read(file_.get(), offset_ + at, length);
}

bool VmdkStream::is_hole(std::uint64_t at, std::uint64_t length) const {
  return next_data(file_.get(), offset_ + at, offset_ + at + length).empty();
}

std::uint64_t VmdkStream::entry_at(std::uint64_t place) const {
  std::array<std::byte, 4> bytes;
  read(bytes, place);
  return little(bytes, 0, bytes.size());
}

VmdkStream::Found VmdkStream::find(std::uint64_t at) const {
  const auto index = at / header_.grain_size, number = index / header_.table_entries;
  const auto first = number * header_.table_entries;
  const auto ends = [&](std::uint64_t grains) {
    return std::min(grains * header_.grain_size, header_.capacity);
  };
  const auto table = entry_at(header_.directory + number * 4) * vmdk_sector;
  if (table == 0) return {{}, ends(first + header_.table_entries)};
  if (!reader_.holds(table, header_.table_size()))
    vmdk_damaged(reader_, header_.directory + number * 4,
                 fmt::format("a grain table at byte {} is not inside the image", table));
  const auto sector = entry_at(table + (index - first) * 4);
  if (!holds_data(sector)) return {{}, ends(index + 1)};
  return {checked_grain(index, sector), ends(index + 1)};
}

bool VmdkStream::holds_data(std::uint64_t sector) const {
  constexpr std::uint64_t zeroed = 1;
  return sector != 0 && !(sector == zeroed && header_.zero_grains);
}

Grain VmdkStream::checked_grain(std::uint64_t index, std::uint64_t sector) const {
  const Grain grain{index * header_.grain_size, sector * vmdk_sector};
  if (!reader_.holds(grain.place, header_.compressed ? vmdk_marker : length(grain)))
    vmdk_damaged(
        reader_, grain.place,
        fmt::format("the grain for byte {} of the disk is not inside the image", grain.start));
  return grain;
}

std::span<const std::byte> VmdkStream::decode(const Grain &grain, std::span<const std::byte> stored,
                                              std::span<std::byte> scratch,
                                              const Inflater &inflater) const {
  const auto wanted = length(grain);
  const auto fail = [&](const std::string &what) {
    vmdk_damaged(reader_, grain.place,
                 fmt::format("the grain for byte {} of the disk {}", grain.start, what));
  };
  if (!header_.compressed) {
    if (stored.size() < wanted) fail("is cut off, or runs into another");
    return stored.first(wanted);
  }
  if (stored.size() < vmdk_marker) fail("is cut off");
  const auto sector = little(stored, 0, 8), size = little(stored, 8, 4);
  if (sector != grain.start / vmdk_sector)
    fail(fmt::format("has the marker of sector {} there", sector));
  if (size == 0 || size > longest_stored() - vmdk_marker)
    fail(fmt::format("has {} bytes of compressed data", size));
  if (size > stored.size() - vmdk_marker)
    fail(
        fmt::format("has {} bytes of compressed data, which run into the next grain or beyond "
                    "the end of the image",
                    size));
  std::size_t inflated = 0;
  const auto result = libdeflate_zlib_decompress(inflater.get(), stored.data() + vmdk_marker, size,
                                                 scratch.data(), header_.grain_size, &inflated);
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) fail("inflates to more than a grain");
  if (result != LIBDEFLATE_SUCCESS) fail("does not inflate");
  if (inflated < wanted) fail(fmt::format("inflates to only {} bytes", inflated));
  return scratch.first(wanted);
}

}  // namespace v2v::core
