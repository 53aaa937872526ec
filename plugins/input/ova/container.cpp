// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "container.hpp"

#include "file.hpp"
#include "tar_walk.hpp"

#include <v2v/error.hpp>
#include <v2v/images/image_reader.hpp>
#include <v2v/text/printable.hpp>

#include <filesystem>

namespace v2v::input_ova {
namespace {

using namespace std::string_view_literals;

bool begins_like_xml(std::string_view start) {
  for (const auto mark : {"\xEF\xBB\xBF"sv, "\xFE\xFF\0"sv, "\xFF\xFE"sv})
    if (start.substr(0, mark.size()) == mark) start.remove_prefix(mark.size());
  const auto first = start.find_first_not_of(" \t\r\n");
  return first != start.npos && start[first] == '<';
}

}  // namespace

Container container_by_magic(std::string_view start, const std::string &name) {
  const auto begins = [&](std::string_view magic) {
    return start.substr(0, magic.size()) == magic;
  };
  if (begins("\xFD"
             "7zXZ\0"sv))
    return Container::compressed_tar;
  if (begins("PK\3\4") || begins("PK\5\6") || begins("PK\7\10")) return Container::zip;
  if (is_tar_header(start)) return Container::tar;
  if (begins("\x1F\x8B") || begins("BZh") || begins("\x28\xB5\x2F\xFD"))
    return Container::compressed_tar;
  if (begins_like_xml(start)) return Container::ovf;
  throw Error(
      Code::unsupported, "unsupported file format: this is no OVA", name,
      "an OVA is a tar (plain, or compressed with gzip, xz, bzip2 or zstd) or a zip; an OVF "
      "file or a directory with one works, too");
}

Container container_of(const std::string &path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) return Container::directory;
  const InputFile file(path);
  const auto name = text::printable(path);
  if (file.size() == 0)
    throw Error(Code::corrupt, "it is empty (0 bytes)", name, "copy or download the OVA again");
  const images::ImageReader reader(file.fd(), name);
  return container_by_magic(reader.read_up_to(0, 512).all(), name);
}

}  // namespace v2v::input_ova
