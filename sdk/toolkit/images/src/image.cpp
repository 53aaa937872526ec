// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "formats.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::images {
namespace {

using namespace std::string_view_literals;

/// Bytes at a fixed place that tell what a file is.
struct Magic {
  std::size_t at;
  std::string_view bytes;
  const char *meaning;  ///< a format's name, or what the file is instead of a disk
  const char *remedy;   ///< null: `meaning` is a format that is read
};

constexpr const char *convert = "convert it with: qemu-img convert -O qcow2 IMAGE NEW.qcow2";
constexpr const char *unpack = "unpack it first; if it is a raw disk all the same, give -if raw";

// Sources: qemu docs/interop/qcow2.txt; VMware Virtual Disk Format 5.0; VirtualBox VDICore.h;
// Microsoft VHD 1.0 and MS-VHDX. Archives: POSIX.1-2017 pax (ustar), PKWARE APPNOTE.TXT 4.3, RFC
// 1952 (gzip), The .xz File Format 2.1.1.1.
constexpr Magic magics[] = {
    {0, "QFI\xfb\0\0\0\1"sv, "a qcow image of version 1", convert},
    {0, "QFI\xfb"sv, "qcow2", nullptr},
    {0, "KDMV"sv, "vmdk", nullptr},
    {0, "# Disk DescriptorFile"sv, "vmdk", nullptr},
    {0, "COWD"sv, "an extent of an ESX snapshot",
     "give the descriptor of the disk with -if vmdk --allow-references"},
    {0x40, "\x7f\x10\xda\xbe"sv, "vdi", nullptr},
    {0, "conectix"sv, "vpc", nullptr},
    {0, "vhdxfile"sv, "vhdx", nullptr},
    {0, "QED\0"sv, "a QED image", convert},
    {0, "WithoutFreeSpace"sv, "a Parallels image", convert},
    {0, "WithouFreSpacExt"sv, "a Parallels image", convert},
    {257, "ustar"sv, "a tar archive",
     "if it is an OVA, give -i ova; if it is a raw disk all the same, give -if raw"},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     "a file compressed with xz", unpack},
    {0, "\x1f\x8b\x08"sv, "a file compressed with gzip", unpack},
    {0, "BZh91AY&SY"sv, "a file compressed with bzip2", unpack},
    {0, "\x28\xb5\x2f\xfd"sv, "a file compressed with zstd", unpack},
    {0, "PK\3\4"sv, "a zip archive", unpack},
};

std::string list_references(const ImageHeader &header) {
  std::string list;
  for (const auto &reference : header.references) {
    if (!list.empty()) list += ", ";
    list += fmt::format("{} \"{}\"", reference.role, text::printable(reference.name));
  }
  return list;
}

void refuse_references(const ImageReader &reader, const ImageHeader &header) {
  throw Error(
      Code::unsupported,
      fmt::format("the image names other files, which is not trusted: {}", list_references(header)),
      reader.name(),
      fmt::format("flatten it with: qemu-img convert -f {0} -O qcow2 IMAGE NEW.qcow2; or, "
                  "if you trust the image, give -if {0} --allow-references",
                  header.format));
}

}  // namespace

const std::vector<std::string> &image_formats() {
  static const std::vector<std::string> formats = {"raw", "qcow2", "vmdk", "vdi", "vpc", "vhdx"};
  return formats;
}

std::string canonical_format(const std::string &name) {
  auto lower = text::lower(name);
  if (lower == "vhd") return "vpc";
  if (lower == "img") return "raw";
  const auto &formats = image_formats();
  if (std::find(formats.begin(), formats.end(), lower) != formats.end()) return lower;
  throw Error(
      Code::usage, fmt::format("unknown disk format \"{}\"", text::printable(name)), "-if",
      fmt::format("the formats are {} and vhd (the same as vpc)", fmt::join(formats, ", ")));
}

void check_virtual_size(const ImageReader &reader, std::uint64_t bytes) {
  if (bytes == 0) damaged(reader, "its header says that the disk has no bytes");
  if (bytes > largest_disk)
    damaged(reader, fmt::format("its header claims an absurd disk size of {} bytes", bytes));
}

std::string detect_format(const ImageReader &reader) {
  const auto start = reader.read_up_to(0, 512);
  for (const auto &magic : magics) {
    if (start.size() < magic.at + magic.bytes.size()) continue;
    if (start.text(magic.at, magic.bytes.size()) != magic.bytes) continue;
    if (!magic.remedy) return magic.meaning;
    throw Error(Code::unsupported, fmt::format("this is {}, not a disk image", magic.meaning),
                reader.name(), magic.remedy);
  }
  return has_vpc_footer(reader) ? "vpc" : "raw";
}

ImageHeader read_header(const ImageReader &reader, const std::string &format) {
  if (format == "qcow2") return read_qcow2(reader);
  if (format == "vmdk") return read_vmdk(reader);
  if (format == "vdi") return read_vdi(reader);
  if (format == "vpc") return read_vpc(reader);
  if (format == "vhdx") return read_vhdx(reader);
  ImageHeader header;
  header.format = canonical_format(format);
  header.virtual_size = reader.size();
  return header;
}

ImageHeader examine_image(const ImageReader &reader, const std::string &format,
                          bool allow_references) {
  const auto chosen = format.empty() ? detect_format(reader) : canonical_format(format);
  auto header = read_header(reader, chosen);
  if (header.encrypted)
    throw Error(Code::unsupported, fmt::format("the {} image is encrypted", chosen), reader.name(),
                "decrypt it with qemu-img convert and a --object secret; an encrypted guest in a "
                "plain image (LUKS, BitLocker) needs no such step");
  const bool trusted = allow_references && !format.empty();
  if (!header.references.empty() && !trusted) refuse_references(reader, header);
  return header;
}

}  // namespace v2v::images
