// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The file of a hive with nothing but its root, for tests that fill it through Hive. The layout is the
// registry's file format 1.5: a base block, one bin with the root's key cell, its security cell, and a
// free cell. hivex needs the security cell, because new keys inherit it.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>

namespace v2v::windows {

class EmptyHive {
 public:
  static void write(const std::string &file) {
    const std::string bytes = base_block() + bin();
    std::ofstream(file, std::ios::binary) << bytes;
  }

 private:
  static constexpr std::uint32_t page = 0x1000, key_cell = 0x20, key_size = 0x60,
                                 security_cell = key_cell + key_size, security_size = 0x30,
                                 free_cell = security_cell + security_size, none = 0xffffffff;

  static void put(std::string &bytes, std::size_t at, std::uint32_t number, int length = 4) {
    for (int i = 0; i < length; ++i, number >>= 8) bytes[at + i] = static_cast<char>(number & 0xff);
  }

  static std::string base_block() {
    std::string bytes(page, '\0');
    bytes.replace(0, 4, "regf");
    put(bytes, 4, 1);  // both sequence numbers alike: nothing is left in the log
    put(bytes, 8, 1);
    put(bytes, 20, 1);
    put(bytes, 24, 5);
    put(bytes, 32, 1);
    put(bytes, 36, key_cell);
    put(bytes, 40, page);
    put(bytes, 44, 1);
    std::uint32_t checksum = 0;
    for (std::size_t i = 0; i < 508; i += 4) {
      std::uint32_t word = 0;
      for (int j = 3; j >= 0; --j) word = word << 8 | static_cast<unsigned char>(bytes[i + j]);
      checksum ^= word;
    }
    put(bytes, 508, checksum);
    return bytes;
  }

  static std::string bin() {
    std::string bytes(page, '\0');
    bytes.replace(0, 4, "hbin");
    put(bytes, 8, page);

    put(bytes, key_cell, 0u - key_size);
    bytes.replace(key_cell + 4, 2, "nk");
    put(bytes, key_cell + 6, 0x2c,
        2);  // the root, not to be deleted, its name in one byte a letter
    for (const std::size_t field : {0x20u, 0x24u, 0x2cu, 0x34u}) put(bytes, key_cell + field, none);
    put(bytes, key_cell + 0x30, security_cell);
    put(bytes, key_cell + 0x4c, 4, 2);
    bytes.replace(key_cell + 0x50, 4, "ROOT");

    put(bytes, security_cell, 0u - security_size);
    bytes.replace(security_cell + 4, 2, "sk");
    put(bytes, security_cell + 8, security_cell);
    put(bytes, security_cell + 12, security_cell);
    put(bytes, security_cell + 16, 1);
    put(bytes, security_cell + 20, 20);
    put(bytes, security_cell + 24, 0x80000001);  // a self-relative descriptor that says nothing

    put(bytes, free_cell, page - free_cell);
    return bytes;
  }
};

}  // namespace v2v::windows
