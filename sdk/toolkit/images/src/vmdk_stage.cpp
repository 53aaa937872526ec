// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The second half of vmdk_chain.hpp: descriptors of our own for what qemu must put together.
#include "formats.hpp"

#include <v2v/images/vmdk_chain.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

namespace v2v::images {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_unwritten(const fs::path &path, const std::error_code &error) {
  throw Error(error == std::errc::no_space_on_device ? Code::no_space : Code::io,
              fmt::format("cannot write it: {}", error.message()), text::printable(path.string()),
              "see whether there is room and whether VIRT_V2V_TMPDIR may be written");
}

class Stage {
 public:
  explicit Stage(fs::path directory) : directory_(std::move(directory)) {
    std::error_code error;
    fs::create_directories(directory_, error);
    if (!error) fs::permissions(directory_, fs::perms::owner_all, error);
    if (error) throw_unwritten(directory_, error);
  }

  /// @return the path of the descriptor
  fs::path layer(std::size_t number, const VmdkLayer &layer, bool has_parent) {
    const auto cid = [](std::size_t n) { return fmt::format("{:08x}", n + 1); };
    // qemu knows fewer types than VMware, and takes each for any kind of extent.
    std::string text = fmt::format(
        "# Disk DescriptorFile\nversion=1\nCID={}\nparentCID={}\n"
        "createType=\"twoGbMaxExtentSparse\"\n",
        cid(number), has_parent ? cid(number + 1) : "ffffffff");
    if (has_parent) text += fmt::format("parentFileNameHint=\"{}\"\n", layer_name(number + 1));
    // No empty line before an extent: qemu would take it twice.
    for (std::size_t i = 0; i < layer.pieces.size(); ++i)
      text += extent(fmt::format("layer-{}-extent-{}", number, i), layer.pieces[i]);
    auto path = directory_ / layer_name(number);
    write(path, text);
    return path;
  }

 private:
  static std::string layer_name(std::size_t number) { return fmt::format("layer-{}.vmdk", number); }

  std::string extent(const std::string &name, const VmdkPiece &piece) {
    const auto path = directory_ / name;
    std::error_code error;
    if (piece.kind == VmdkPiece::Kind::zero) {
      write(path, "");
      fs::resize_file(path, piece.sectors * sector, error);  // a hole
    } else {
      fs::create_symlink(piece.path, path, error);
    }
    if (error) throw_unwritten(path, error);
    switch (piece.kind) {
      case VmdkPiece::Kind::sparse:
      case VmdkPiece::Kind::stream_optimized:
        return fmt::format("RW {} SPARSE \"{}\"\n", piece.sectors, name);
      case VmdkPiece::Kind::se_sparse:
        return fmt::format("RW {} SESPARSE \"{}\"\n", piece.sectors, name);
      case VmdkPiece::Kind::zero:
      case VmdkPiece::Kind::flat:
        break;
    }
    return fmt::format("RW {} FLAT \"{}\" {}\n", piece.sectors, name, piece.offset);
  }

  static void write(const fs::path &path, const std::string &text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file) throw_unwritten(path, std::error_code(errno, std::generic_category()));
  }

  fs::path directory_;
};

/// One file that can be read without following a name.
bool stands_alone(const VmdkChain &chain) {
  if (chain.layers.size() != 1 || chain.layers.front().pieces.size() != 1) return false;
  const auto &piece = chain.layers.front().pieces.front();
  return piece.kind == VmdkPiece::Kind::flat || piece.path == chain.layers.front().path;
}

}  // namespace

Location vmdk_location(const VmdkChain &chain, const fs::path &staging) {
  Location location;
  if (stands_alone(chain)) {
    const auto &piece = chain.layers.front().pieces.front();
    const bool flat = piece.kind == VmdkPiece::Kind::flat;
    location.path = piece.path;
    location.format = flat ? "raw" : "vmdk";
    if (flat && (piece.offset != 0 || piece.sectors * sector != piece.file_size)) {
      location.offset = piece.offset * sector;
      location.length = piece.sectors * sector;
    }
    return location;
  }
  Stage stage(staging);
  location.format = "vmdk";
  location.references = true;
  for (std::size_t i = chain.layers.size(); i-- > 0;)
    location.path = stage.layer(i, chain.layers[i], i + 1 < chain.layers.size()).string();
  return location;
}

}  // namespace v2v::images
