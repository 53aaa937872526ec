// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "formats.hpp"
#include "vmdk_extent.hpp"

#include <v2v/images/vmdk_chain.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace v2v::images {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t deepest_chain = 256;  // VMware ends at 255 snapshots
constexpr const char *again = "copy or export the guest again";

/// A layer as the file says it, before its parent is looked at.
struct ReadLayer {
  VmdkLayer layer;
  VmdkDescriptor descriptor;
  std::pair<dev_t, ino_t> identity;
};

[[noreturn]] void throw_mapping(const std::string &type, const std::string &name) {
  throw Error(
      Code::unsupported,
      fmt::format("the disk is a raw device mapping or a physical disk (type {}): its bytes "
                  "are on a device, not in the guest's files",
                  text::printable(type)),
      name,
      "give the device itself with -i disk, or turn it into a file first: "
      "vmkfstools -i DISK.vmdk NEW.vmdk -d thin on the ESXi host");
}

bool is_device_type(const std::string &type) {
  return type.find("Raw") != type.npos || type.find("RDM") != type.npos ||
         type.find("RAW") != type.npos || type.find("Device") != type.npos;
}

class LayerReader {
 public:
  LayerReader(const Confinement &confinement, const std::string &path)
      : confinement_(confinement), path_(path), name_(text::printable(path)) {}

  ReadLayer read() {
    const OpenImage image(path_);
    const auto reader = image.reader();
    result_.identity = {image.device(), image.inode()};
    result_.layer.path = path_;
    const auto kind = sparse_kind(reader);
    if (kind == SparseKind::hosted || kind == SparseKind::stream_optimized)
      read_monolithic(reader, kind);
    else if (is_vmdk_descriptor(reader.read_up_to(0, 32).all()))
      read_text(reader);
    else if (kind != SparseKind::none)
      throw Error(Code::usage, "this is a part of an ESX snapshot, not a disk", name_,
                  "name the snapshot's descriptor, the small .vmdk without -delta or -sesparse");
    else
      throw Error(Code::corrupt, "this is not a VMDK disk", name_,
                  "if it is the content of a disk (DISK-flat.vmdk), name its descriptor DISK.vmdk; "
                  "a disk in another format is read with -i disk");
    result_.layer.create_type = result_.descriptor.create_type;
    return std::move(result_);
  }

 private:
  /// One sparse file with its descriptor inside.
  void read_monolithic(const ImageReader &reader, SparseKind kind) {
    const auto head = reader.read(0, sector);
    const auto at = head.le64(28), length = head.le64(36);
    if (at > reader.size() / sector) damaged(reader, "its descriptor is beyond its end");
    const auto most = std::min(length, largest_vmdk_descriptor / sector) * sector;
    const auto text = reader.read_up_to(at * sector, at == 0 ? 0 : most);
    if (!is_vmdk_descriptor(text.all()))
      throw Error(Code::usage, "this is one part of a split disk, not the disk", name_,
                  "name the disk's descriptor, the small .vmdk without -s001");
    parse(text.all());
    const auto extent = check_sparse_extent(reader, kind);
    if (!result_.descriptor.has_parent() && !read_vmdk(reader).references.empty())
      damaged(reader, "its descriptor says in one place that it is a snapshot and in another not");
    VmdkPiece piece;
    piece.kind =
        kind == SparseKind::hosted ? VmdkPiece::Kind::sparse : VmdkPiece::Kind::stream_optimized;
    piece.path = path_;
    piece.sectors = extent.sectors;
    piece.file_size = reader.size();
    result_.layer.pieces.push_back(std::move(piece));
  }

  void read_text(const ImageReader &reader) {
    if (reader.size() > largest_vmdk_descriptor)
      damaged(reader, fmt::format("its descriptor of {} bytes is too large", reader.size()));
    parse(reader.read(0, reader.size()).all());
    const auto &descriptor = result_.descriptor;
    if (is_device_type(descriptor.create_type)) throw_mapping(descriptor.create_type, name_);
    if (descriptor.extents.empty()) damaged(reader, "its VMDK descriptor lists no extents");
    for (std::size_t i = 0; i < descriptor.extents.size(); ++i)
      result_.layer.pieces.push_back(
          check_extent(descriptor.extents[i], i + 1 == descriptor.extents.size()));
  }

  void parse(std::string_view text) {
    result_.descriptor = parse_vmdk_descriptor(text, name_);
    if (result_.descriptor.encrypted)
      throw Error(Code::unsupported, "the disk is encrypted by VMware", name_,
                  "remove the encryption in VMware (VM policies, or VM settings, Options, Access "
                  "control) and copy or export the guest again");
  }

  VmdkPiece check_extent(const VmdkExtent &extent, bool last) {
    if (is_device_type(extent.type)) throw_mapping(extent.type, name_);
    if (extent.access == "NOACCESS")
      throw Error(Code::unsupported, "a part of the disk may not be accessed (NOACCESS)", name_,
                  "export the whole disk");
    VmdkPiece piece;
    piece.sectors = extent.sectors;
    piece.offset = extent.offset;
    if (extent.type == "ZERO") {
      piece.kind = VmdkPiece::Kind::zero;
      return piece;
    }
    const bool flat = extent.type == "FLAT" || extent.type == "VMFS";
    if (!flat && extent.type != "SPARSE" && extent.type != "VMFSSPARSE" &&
        extent.type != "SESPARSE")
      throw Error(Code::unsupported,
                  fmt::format("extents of type {} are not supported", text::printable(extent.type)),
                  name_, "consolidate or clone the disk in VMware, or export it as OVA");
    piece.path =
        confinement_.resolve(extent.file, fs::path(path_).parent_path(), "the extent", name_);
    const OpenImage image(piece.path);
    const auto reader = image.reader();
    piece.file_size = reader.size();
    if (flat)
      check_flat(extent, reader);
    else
      check_sparse(extent, reader, last, piece);
    return piece;
  }

  void check_flat(const VmdkExtent &extent, const ImageReader &reader) const {
    if (!reader.holds(extent.offset * sector, extent.sectors * sector))
      damaged(reader, fmt::format("the extent is cut off: the descriptor says {} bytes at {}, the "
                                  "file has {}",
                                  extent.sectors * sector, extent.offset * sector, reader.size()));
  }

  void check_sparse(const VmdkExtent &extent, const ImageReader &reader, bool last,
                    VmdkPiece &piece) const {
    const auto kind = sparse_kind(reader);
    const bool se = extent.type == "SESPARSE";
    if (kind == SparseKind::none || se != (kind == SparseKind::se_sparse))
      throw Error(Code::corrupt,
                  fmt::format("this is no extent of type {}, as {} says",
                              text::printable(extent.type), name_),
                  reader.name(), again);
    if (kind == SparseKind::stream_optimized)
      throw Error(Code::unsupported, "a streamOptimized file cannot be a part of a disk",
                  reader.name(), "export the guest as OVA instead");
    const auto header = check_sparse_extent(reader, kind);
    // The end of a disk may be rounded up to a grain.
    const auto more = header.sectors - extent.sectors;
    if (header.sectors < extent.sectors || (more != 0 && (!last || more >= header.grain)))
      throw Error(Code::corrupt,
                  fmt::format("the extent has {} sectors, but {} says {}", header.sectors, name_,
                              extent.sectors),
                  reader.name(), again);
    piece.kind = se ? VmdkPiece::Kind::se_sparse : VmdkPiece::Kind::sparse;
  }

  const Confinement &confinement_;
  const std::string path_, name_;
  ReadLayer result_;
};

std::string parent_path(const VmdkLayer &child, const VmdkDescriptor &descriptor,
                        const Confinement &confinement) {
  const auto name = text::printable(child.path);
  if (descriptor.parent_hint.empty())
    throw Error(Code::corrupt, "this is a snapshot that does not say what its parent is", name,
                "consolidate the snapshots in VMware and copy or export the guest again");
  const auto directory = fs::path(child.path).parent_path();
  auto hint = descriptor.parent_hint;
  // Who copies a guest from several datastores lays its files side by side. Its content id tells
  // whether the file of that name is the parent.
  std::error_code ignored;
  const fs::path path(hint);
  if (path.is_absolute() && !fs::exists(path, ignored) &&
      fs::exists(directory / path.filename(), ignored))
    hint = path.filename().string();
  return confinement.resolve(hint, directory, "the parent disk", name);
}

void check_parent(const ReadLayer &child, const ReadLayer &parent) {
  if (child.descriptor.parent_cid != parent.descriptor.cid)
    throw Error(Code::corrupt,
                fmt::format("its parent {} was changed after the snapshot was made (its content id "
                            "is {:08x}, the snapshot needs {:08x})",
                            text::printable(parent.layer.path), parent.descriptor.cid,
                            child.descriptor.parent_cid),
                text::printable(child.layer.path),
                "copy all files of the guest at the same time, while it is shut down");
  if (parent.layer.pieces.front().kind == VmdkPiece::Kind::stream_optimized)
    throw Error(Code::unsupported, "a snapshot of a streamOptimized disk cannot be read",
                text::printable(child.layer.path), "export the guest as OVA instead");
}

}  // namespace

VmdkChain read_vmdk_chain(const std::string &path, const Confinement &confinement) {
  VmdkChain chain;
  std::set<std::pair<dev_t, ino_t>> seen;
  auto current = LayerReader(confinement, path).read();
  for (;;) {
    if (!seen.insert(current.identity).second)
      throw Error(Code::corrupt, "the snapshots are their own parents", text::printable(path),
                  again);
    if (chain.layers.size() >= deepest_chain)
      throw Error(Code::unsupported,
                  fmt::format("there are more than {} snapshots", deepest_chain - 1),
                  text::printable(path), "consolidate them in VMware");
    chain.layers.push_back(current.layer);
    if (!current.descriptor.has_parent()) return chain;
    auto parent =
        LayerReader(confinement, parent_path(current.layer, current.descriptor, confinement))
            .read();
    check_parent(current, parent);
    current = std::move(parent);
  }
}

}  // namespace v2v::images
