// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// VDI, VirtualBox's own format. Little-endian. Source: VirtualBox, src/VBox/Storage/VDICore.h.
#include "formats.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace v2v::images {
namespace {

constexpr std::uint32_t vdi_dynamic = 1, vdi_fixed = 2, vdi_differencing = 4;

bool is_zero(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == 0; });
}

}  // namespace

ImageHeader read_vdi(const ImageReader &reader) {
  const auto head = reader.read_up_to(0, 512);
  if (head.size() < 512 || head.le32(0x40) != 0xbeda107f)
    damaged(reader, "this is not a VDI image");
  const auto version = head.le32(0x44);
  if (version != 0x00010001)
    throw Error(Code::unsupported,
                fmt::format("VDI version {}.{} is not supported", version >> 16, version & 0xffff),
                reader.name(), "convert it with: VBoxManage clonemedium IMAGE NEW.vdi");
  const auto type = head.le32(0x4c);
  const bool has_parent = !is_zero(head.text(0x1a8, 16)) || !is_zero(head.text(0x1b8, 16));
  if (type == vdi_differencing || has_parent)
    throw Error(Code::unsupported, "this is a differencing image, which needs its parent",
                reader.name(), "join them with: VBoxManage clonemedium IMAGE NEW.vdi");
  if (type != vdi_dynamic && type != vdi_fixed)
    damaged(reader, fmt::format("its header has the unknown image type {}", type));

  ImageHeader header;
  header.format = "vdi";
  header.subformat = type == vdi_fixed ? "fixed" : "dynamic";
  header.virtual_size = head.le64(0x170);
  check_virtual_size(reader, header.virtual_size);

  const std::uint64_t map = head.le32(0x154), data = head.le32(0x158), block = head.le32(0x178);
  const std::uint64_t blocks = head.le32(0x180), allocated = head.le32(0x184);
  if (block == 0 || blocks < (header.virtual_size + block - 1) / block || allocated > blocks)
    damaged(reader, fmt::format("its header has impossible blocks ({} of {} bytes, {} allocated)",
                                blocks, block, allocated));
  if (!reader.holds(map, blocks * 4) || !reader.holds(data, allocated * block))
    damaged(reader,
            fmt::format("the image is cut off: its {} blocks of {} bytes do not fit into {}",
                        allocated, block, reader.size()));
  return header;
}

}  // namespace v2v::images
