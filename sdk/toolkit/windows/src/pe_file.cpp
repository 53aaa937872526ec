// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/pe_file.hpp>

#include <cstddef>
#include <cstdint>
#include <fstream>

namespace v2v::windows {
namespace {

constexpr std::size_t signature_offset = 0x3c;
constexpr std::size_t enough = 4096;

/// The little-endian number of `count` bytes at `offset`, all of which must exist.
std::uint32_t number_at(std::string_view bytes, std::size_t offset, std::size_t count) {
  std::uint32_t number = 0;
  for (std::size_t i = count; i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes[offset + i]);
  return number;
}

}  // namespace

std::string pe_architecture(std::string_view first_bytes) {
  if (first_bytes.size() < signature_offset + 4 || first_bytes.substr(0, 2) != "MZ") return {};
  const std::size_t signature = number_at(first_bytes, signature_offset, 4);
  constexpr std::string_view pe("PE\0\0", 4);
  if (signature > first_bytes.size() || first_bytes.size() - signature < pe.size() + 2) return {};
  if (first_bytes.substr(signature, pe.size()) != pe) return {};
  switch (number_at(first_bytes, signature + pe.size(), 2)) {
    case 0x014c:
      return "i386";
    case 0x8664:
      return "x86_64";
    case 0xaa64:
      return "aarch64";
    default:
      return {};
  }
}

std::string pe_architecture_of(const std::string &file) {
  std::string first_bytes(enough, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(first_bytes.data(), static_cast<std::streamsize>(enough));
  first_bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return pe_architecture(first_bytes);
}

}  // namespace v2v::windows
