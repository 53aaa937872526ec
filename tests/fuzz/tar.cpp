// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Any bytes as a tar: every file that is found lies inside the archive, behind a header, overlaps no
// other, and has a name that stays inside. Headers whose checksum is wrong get the right one first,
// or a fuzzer would never get past it.
#include <sys/mman.h>
#include <unistd.h>
#include <tar_walk.hpp>
#include <v2v/error.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

void repair_checksums(std::string &tar) {
  for (std::size_t at = 0; at + 512 <= tar.size(); at += 512) {
    if (tar.compare(at + 257, 5, "ustar") != 0) continue;
    unsigned sum = 8 * ' ';
    for (std::size_t i = 0; i < 512; ++i)
      if (i < 148 || i >= 156) sum += static_cast<unsigned char>(tar[at + i]);
    char field[8] = {};
    std::snprintf(field, sizeof field, "%06o", sum);
    tar.replace(at + 148, sizeof field, field, sizeof field);
  }
}

void check(const v2v::input_ova::MemberList &members, std::uint64_t size) {
  std::uint64_t end = 0;
  for (const auto &member : members.all()) {
    if (member.offset < end + 512 || member.offset % 512 != 0) std::abort();
    if (member.offset > size || member.size > size - member.offset) std::abort();
    end = member.offset + member.size;
    if (member.name.empty() || member.name[0] == '/') std::abort();
    if (("/" + member.name + "/").find("/../") != std::string::npos) std::abort();
    if (members.find(member.name) != &member) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  static const int fd = ::memfd_create("fuzz", MFD_CLOEXEC);
  std::string tar(reinterpret_cast<const char *>(data), size);
  repair_checksums(tar);
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, tar.data(), size, 0) != static_cast<ssize_t>(size))
    return 0;
  v2v::input_ova::MemberList members("fuzz");
  try {
    const v2v::images::ImageReader reader(fd, "fuzz");
    v2v::input_ova::walk_tar(reader, "/fuzz", members);
  } catch (const v2v::Error &error) {
    if (error.code() == v2v::Code::internal) std::abort();
  }
  check(members, size);
  return 0;
}
