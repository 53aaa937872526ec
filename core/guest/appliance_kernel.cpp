// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Source of the header's fields: Linux, Documentation/arch/x86/boot.rst; of the note:
// include/xen/interface/elfnote.h.
#include <core/guest/appliance_kernel.hpp>

#include <archive.h>
#include <elf.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <system_error>

namespace v2v::core {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t most_kernel = std::size_t{512} << 20;
constexpr std::uint32_t xen_elfnote_phys32_entry = 18;
constexpr std::string_view name_prefix = "v2v-kernel-";

/// A value of little-endian bytes, as all of x86 has them; zero beyond the end.
template <class T>
T field(std::string_view bytes, std::size_t at) {
  T value{};
  if (at <= bytes.size() && bytes.size() - at >= sizeof value)
    std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string_view part(std::string_view bytes, std::size_t at, std::size_t length) {
  return at > bytes.size() ? std::string_view() : bytes.substr(at, length);
}

std::string_view payload_of(std::string_view image) {
  if (part(image, 0x202, 4) != "HdrS" || field<std::uint16_t>(image, 0x206) < 0x208) return {};
  const auto sectors = field<std::uint8_t>(image, 0x1f1);
  const std::size_t code = (std::size_t{sectors ? sectors : 4U} + 1) * 512;
  return part(image, code + field<std::uint32_t>(image, 0x248), field<std::uint32_t>(image, 0x24c));
}

std::string unpack(std::string_view packed) {
  // The last field is the length of what is unpacked: gzip's own, and put behind the others, which
  // would take it for garbage.
  constexpr auto length_size = sizeof(std::uint32_t);
  if (packed.size() < length_size) return {};
  const auto length = field<std::uint32_t>(packed, packed.size() - length_size);
  if (part(packed, 0, 2) != "\x1f\x8b") packed.remove_suffix(length_size);

  const std::unique_ptr<struct archive, decltype(&archive_read_free)> reader(archive_read_new(),
                                                                             archive_read_free);
  auto *a = reader.get();
  archive_read_support_filter_all(a);
  archive_read_support_format_raw(a);
  struct archive_entry *entry = nullptr;
  if (length > most_kernel ||
      archive_read_open_memory(a, packed.data(), packed.size()) != ARCHIVE_OK ||
      archive_read_next_header(a, &entry) != ARCHIVE_OK)
    return {};
  // One byte more, to see that it ends there.
  std::string unpacked(std::size_t{length} + 1, '\0');
  if (archive_read_data(a, unpacked.data(), unpacked.size()) != la_ssize_t{length}) return {};
  unpacked.pop_back();
  return unpacked;
}

bool has_pvh_note(std::string_view notes) {
  const auto aligned = [](std::uint32_t size) { return (std::size_t{size} + 3) & ~std::size_t{3}; };
  while (notes.size() >= sizeof(Elf64_Nhdr)) {
    const auto header = field<Elf64_Nhdr>(notes, 0);
    if (header.n_type == xen_elfnote_phys32_entry &&
        part(notes, sizeof header, 4) == std::string_view("Xen\0", 4))
      return true;
    notes = part(notes, sizeof header + aligned(header.n_namesz) + aligned(header.n_descsz),
                 std::string_view::npos);
  }
  return false;
}

bool qemu_starts(std::string_view elf) {
  if (part(elf, 0, SELFMAG) != ELFMAG || field<std::uint8_t>(elf, EI_CLASS) != ELFCLASS64)
    return false;
  const auto header = field<Elf64_Ehdr>(elf, 0);
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = field<Elf64_Phdr>(elf, header.e_phoff + i * sizeof(Elf64_Phdr));
    if (segment.p_type == PT_NOTE && has_pvh_note(part(elf, segment.p_offset, segment.p_filesz)))
      return true;
  }
  return false;
}

/// Whether nobody else can have put anything into this directory.
bool is_private(const fs::path &directory) {
  struct stat status {};
  return ::lstat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == ::geteuid() && (status.st_mode & 022) == 0;
}

void remove_earlier(const fs::path &directory) {
  std::error_code ignored;
  for (const auto &entry : fs::directory_iterator(directory, ignored))
    if (entry.path().filename().native().rfind(name_prefix, 0) == 0)
      fs::remove(entry.path(), ignored);
}

/// Under its name only when it is whole: two runs may do this at the same time.
void write_whole(const fs::path &path, const std::string &contents) {
  std::string name = path.string() + ".XXXXXX";
  const int fd = ::mkstemp(name.data());
  if (fd < 0) return;
  ::close(fd);
  std::ofstream file(name, std::ios::binary);
  file << contents;
  file.close();
  if (!file || std::rename(name.c_str(), path.c_str()) != 0) ::unlink(name.c_str());
}

}  // namespace

std::optional<std::string> unpack_kernel(std::string_view bz_image) {
  auto kernel = unpack(payload_of(bz_image));
  if (!qemu_starts(kernel)) return std::nullopt;
  return kernel;
}

std::optional<fs::path> unpacked_kernel(const fs::path &appliance) {
  const auto directory = appliance.parent_path();
  if (!is_private(directory) || !is_private(appliance)) return std::nullopt;
  std::ostringstream contents;
  contents << std::ifstream(appliance / "kernel", std::ios::binary).rdbuf();
  const auto packed = contents.str();
  if (packed.empty()) return std::nullopt;
  const auto path =
      directory / fmt::format("{}{:016x}", name_prefix, std::hash<std::string>()(packed));
  std::error_code missing;
  if (!fs::exists(path, missing)) {
    remove_earlier(directory);
    write_whole(path, unpack_kernel(packed).value_or(""));
  }
  // An empty one stands for a kernel that must start as it is.
  const auto size = fs::file_size(path, missing);
  if (missing || size == 0) return std::nullopt;
  return path;
}

void refuse_unpacked_kernel(const fs::path &kernel) {
  write_whole(kernel, "");
}

}  // namespace v2v::core
