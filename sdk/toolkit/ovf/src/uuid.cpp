// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Random UUIDs: version 4 of RFC 9562.
#include <fmt/format.h>

#include <array>
#include <random>
#include <v2v/ovf/volume_meta.hpp>

namespace v2v::ovf {

std::string new_uuid() {
  std::random_device random;
  std::array<std::uint32_t, 4> words{};
  for (auto &word : words) word = random();
  words[1] = (words[1] & 0xffff0fffu) | 0x4000u;
  words[2] = (words[2] & 0x3fffffffu) | 0x80000000u;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:04x}{:08x}", words[0], words[1] >> 16,
                     words[1] & 0xffffu, words[2] >> 16, words[2] & 0xffffu, words[3]);
}

}  // namespace v2v::ovf
