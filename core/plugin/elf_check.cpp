// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/plugin/elf_check.hpp>
#include <core/run/file_descriptor.hpp>
#include <v2v/error.hpp>

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;
using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);

/// A file open for reading, and what can be wrong with it.
class ElfFile {
 public:
  explicit ElfFile(const fs::path &path)
      : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat info {};
    if (!fd_ || ::fstat(fd_.get(), &info) != 0)
      throw Error(Code::access, fmt::format("cannot be read: {}", std::strerror(errno)),
                  path_.string(), "make it readable for you");
    size_ = static_cast<std::uint64_t>(info.st_size);
  }

  std::uint64_t size() const { return size_; }
  /// Zeroes where the file has nothing.
  template <class T>
  T read(std::uint64_t offset) const {
    T value{};
    const ssize_t got = ::pread(fd_.get(), &value, sizeof value, static_cast<off_t>(offset));
    return got == static_cast<ssize_t>(sizeof value) ? value : T{};
  }

  void require_inside(std::uint64_t offset, std::uint64_t length, const char *what) const {
    if (offset <= size_ && length <= size_ - offset) return;
    throw Error(
        Code::corrupt,
        fmt::format("is truncated: it has {} bytes, but its {} end beyond that", size_, what),
        path_.string(), "copy or install it again");
  }
  Error damaged(const std::string &what) const {
    return Error(Code::corrupt, what, path_.string(), "copy or install it again");
  }
  Error foreign(const std::string &what) const {
    return Error(Code::unsupported, what, path_.string(),
                 "install the plugin that was built for this machine");
  }

 private:
  fs::path path_;
  FileDescriptor fd_;
  std::uint64_t size_ = 0;
};

std::string machine_name(unsigned machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_386:
      return "i386";
    case EM_AARCH64:
      return "AArch64";
    case EM_ARM:
      return "ARM";
    case EM_PPC64:
      return "PowerPC 64";
    case EM_S390:
      return "S/390";
    case EM_RISCV:
      return "RISC-V";
    default:
      return fmt::format("number {}", machine);
  }
}

/// The host's own header: what plugins must be like.
Header own_header() {
  return ElfFile("/proc/self/exe").read<Header>(0);
}

void check_identity(const ElfFile &file, const Header &header, const Header &own) {
  if (file.size() == 0) throw file.damaged("is empty");
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 && file.size() >= sizeof(Header))
    throw file.damaged("is not an ELF file, so it cannot be a plugin");
  if (file.size() < sizeof(Header)) {
    const auto magic = file.read<std::uint32_t>(0);
    if (std::memcmp(&magic, ELFMAG, SELFMAG) != 0)
      throw file.damaged("is not an ELF file, so it cannot be a plugin");
    file.require_inside(0, sizeof(Header), "headers");
  }
  if (header.e_ident[EI_CLASS] != own.e_ident[EI_CLASS]) {
    const auto bits = [](unsigned char c) { return c == ELFCLASS32 ? 32 : 64; };
    throw file.foreign(fmt::format("is a {}-bit ELF file, and this v2v is a {}-bit program",
                                   bits(header.e_ident[EI_CLASS]), bits(own.e_ident[EI_CLASS])));
  }
  if (header.e_ident[EI_DATA] != own.e_ident[EI_DATA])
    throw file.foreign("is an ELF file of the other byte order");
  if (header.e_machine != own.e_machine)
    throw file.foreign(fmt::format("is built for {}, and this v2v runs on {}",
                                   machine_name(header.e_machine), machine_name(own.e_machine)));
  if (header.e_type != ET_DYN) throw file.foreign("is an ELF file, but not a shared object");
}

}  // namespace

void check_elf(const fs::path &path) {
  const ElfFile file(path);
  const auto header = file.read<Header>(0);
  check_identity(file, header, own_header());

  if (header.e_phnum == 0 || header.e_phentsize != sizeof(Segment))
    throw file.damaged("is an ELF file without usable program headers");
  file.require_inside(header.e_phoff, std::uint64_t{header.e_phnum} * sizeof(Segment),
                      "program headers");
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = file.read<Segment>(header.e_phoff + i * sizeof(Segment));
    if (segment.p_type == PT_LOAD)
      file.require_inside(segment.p_offset, segment.p_filesz, "segments");
  }
  // Section headers come last in a file, so they tell of a cut that the segments survived.
  if (header.e_shoff != 0)
    file.require_inside(header.e_shoff, std::uint64_t{header.e_shnum} * header.e_shentsize,
                        "section headers");
}

}  // namespace v2v::core
