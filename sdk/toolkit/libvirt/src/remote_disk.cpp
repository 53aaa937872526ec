// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/libvirt/remote_disk.hpp>

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::libvirt {

nbd::SshDisk remote_disk(const DomainDisk &disk, const std::string &fallback) {
  using Kind = DomainDisk::Kind;
  const auto name = text::printable(disk.path.empty() ? disk.target : disk.path);
  if (disk.kind != Kind::file && disk.kind != Kind::block)
    throw Error(
        Code::unsupported,
        fmt::format("a disk of type \"{}\" is not read over ssh", text::printable(disk.type)), name,
        nbd::serve_it_there);
  if (disk.path.empty() || disk.path[0] != '/' || text::has_control_character(disk.path))
    throw Error(Code::corrupt, "the disk has no usable path", name,
                "see the <disk> elements in what virsh dumpxml shows there");
  if (disk.encrypted || disk.length != 0 || disk.offset != 0)
    throw Error(Code::unsupported, "a part of an image, or an encrypted one, is not read over ssh",
                name, nbd::serve_it_there);
  return {disk.path, disk.kind == Kind::block, disk.format.empty() ? fallback : disk.format, name};
}

}  // namespace v2v::libvirt
