// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// qcow2, versions 2 and 3. All numbers are big-endian. Source: qemu, docs/interop/qcow2.txt.
#include "formats.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::images {
namespace {

constexpr std::uint32_t extension_end = 0;
constexpr std::uint32_t extension_data_file = 0x44415441;

constexpr std::uint64_t feature_dirty = 1 << 0, feature_corrupt = 1 << 1,
                        feature_data_file = 1 << 2, feature_compression = 1 << 3,
                        feature_extended_l2 = 1 << 4;
constexpr std::uint64_t features_known =
    feature_dirty | feature_corrupt | feature_data_file | feature_compression | feature_extended_l2;
constexpr std::uint64_t offset_mask = 0x00fffffffffffe00;  // of an L1 or L2 entry
constexpr std::uint64_t l2_compressed = std::uint64_t(1) << 62, l2_zero = 1;
constexpr std::uint32_t longest_backing_name = 1023;
constexpr std::uint64_t largest_l1 = std::uint64_t(32) << 20;  // bytes; qemu opens no larger one

struct Qcow2 {
  const ImageReader &reader;
  std::uint64_t backing_offset, size, l1_offset, features = 0;
  std::uint32_t backing_length, cluster_bits, crypt, l1_entries, header_length = 72;

  explicit Qcow2(const ImageReader &image) : reader(image) {
    if (reader.read_up_to(0, 4).all() != "QFI\xfb") damaged(reader, "this is not a qcow2 image");
    const auto head = reader.read(0, 72);
    const auto version = head.be32(4);
    if (version != 2 && version != 3)
      throw Error(Code::unsupported, fmt::format("qcow2 version {} is not supported", version),
                  reader.name(), "convert it with qemu-img convert to a current qcow2 image");
    backing_offset = head.be64(8);
    backing_length = head.be32(16);
    cluster_bits = head.be32(20);
    size = head.be64(24);
    crypt = head.be32(32);
    l1_entries = head.be32(36);
    l1_offset = head.be64(40);
    if (version == 3) {
      const auto more = reader.read(72, 32);
      features = more.be64(0);
      header_length = more.be32(28);
    }
    if (cluster_bits < 9 || cluster_bits > 21)
      damaged(reader,
              fmt::format("its header has impossible clusters of 2^{} bytes", cluster_bits));
    if (header_length < 72 || header_length > cluster_size())
      damaged(reader, fmt::format("its header claims to be {} bytes long", header_length));
  }

  std::uint64_t cluster_size() const { return std::uint64_t(1) << cluster_bits; }

  void check_features() const {
    if (features & feature_corrupt)
      throw Error(Code::corrupt, "the image is marked as corrupt by qemu", reader.name(),
                  "repair a copy of it with: qemu-img check -r all IMAGE");
    if (features & ~features_known)
      throw Error(Code::unsupported,
                  fmt::format("the image uses unknown features (bits {:#x})", features),
                  reader.name(), "convert it with the newer qemu-img that made it");
  }

  /// The L1 table, the L2 tables and the clusters they point to are inside the file. The tables are
  /// an 8000th of the data, and reading that all is still to come.
  void check_tables() const {
    const auto entry_bits = features & feature_extended_l2 ? 4u : 3u;
    const auto bytes_per_l1_entry = std::uint64_t(1) << (2 * cluster_bits - entry_bits);
    const auto needed = (size + bytes_per_l1_entry - 1) / bytes_per_l1_entry;
    const auto l1_bytes = std::uint64_t(l1_entries) * 8;
    if (l1_entries < needed || l1_bytes > largest_l1)
      damaged(reader, fmt::format("its table has {} entries and needs {}", l1_entries, needed));
    if (l1_bytes == 0) return;
    const auto table = reader.read(l1_offset, l1_bytes);
    for (std::size_t i = 0; i < l1_entries; ++i) {
      const auto l2 = table.be64(i * 8) & offset_mask;
      if (l2 == 0) continue;
      check_inside(reader, l2, cluster_size());
      // Clusters of an external data file are not in this one.
      if (!(features & feature_data_file))
        check_clusters(reader.read(l2, cluster_size()), entry_bits);
    }
  }

  void check_clusters(const Bytes &l2, unsigned entry_bits) const {
    const auto compressed_mask = (std::uint64_t(1) << (62 - (cluster_bits - 8))) - 1;
    for (std::size_t at = 0; at < l2.size(); at += std::size_t(1) << entry_bits) {
      const auto entry = l2.be64(at);
      const bool zero = entry_bits == 3 && (entry & l2_zero) && !(entry & l2_compressed);
      const auto where = entry & (entry & l2_compressed ? compressed_mask : offset_mask);
      // The last cluster may be shorter than the others.
      if (where != 0 && !zero) check_inside(reader, where, 1);
    }
  }

  void find_backing_file(ImageHeader &header) const {
    if (backing_offset == 0) return;
    if (backing_length > longest_backing_name)
      damaged(reader, "the name of its backing file is too long");
    const auto name = reader.read(backing_offset, backing_length);
    header.references.push_back({"backing file", std::string(name.all())});
  }

  /// A feature bit announces the file; a header extension may name it. The extension alone names
  /// nothing that qemu opens, but an honest image never has it, so it counts as well.
  void find_data_file(ImageHeader &header) const {
    const auto end =
        backing_offset != 0 ? std::min(backing_offset, cluster_size()) : cluster_size();
    std::string name;
    bool named = false;
    for (std::uint64_t at = header_length; at + 8 <= end && reader.holds(at, 8);) {
      const auto head = reader.read(at, 8);
      const auto type = head.be32(0), length = head.be32(4);
      if (type == extension_end) break;
      if (length > end - at - 8) damaged(reader, "an extension of its header is too long");
      if (type == extension_data_file) {
        name = std::string(reader.read(at + 8, length).all());
        named = true;
      }
      at += 8 + (std::uint64_t(length) + 7) / 8 * 8;
    }
    if (named || (features & feature_data_file))
      header.references.push_back({"external data file", name});
  }
};

}  // namespace

ImageHeader read_qcow2(const ImageReader &reader) {
  const Qcow2 image(reader);
  ImageHeader header;
  header.format = "qcow2";
  header.virtual_size = image.size;
  check_virtual_size(reader, image.size);
  image.check_features();
  header.encrypted = image.crypt != 0;
  image.find_backing_file(header);
  image.find_data_file(header);
  image.check_tables();
  return header;
}

}  // namespace v2v::images
