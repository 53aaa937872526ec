// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A hive of any bytes as a file in memory. The sum of its header is made right first, or a fuzzer would
// never get past it.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace v2v::windows {

class HiveInMemory {
 public:
  HiveInMemory(const unsigned char *data, std::size_t size)
      : descriptor_(::memfd_create("hive", MFD_CLOEXEC)) {
    std::string bytes(reinterpret_cast<const char *>(data), size);
    if (size >= 512) {
      std::string sum(4, '\0');
      for (std::size_t i = 0; i < 508; ++i) sum[i % 4] = static_cast<char>(sum[i % 4] ^ bytes[i]);
      bytes.replace(508, 4, sum);
    }
    if (descriptor_ < 0 ||
        ::write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
      std::abort();
  }
  ~HiveInMemory() { ::close(descriptor_); }
  HiveInMemory(const HiveInMemory &) = delete;
  HiveInMemory &operator=(const HiveInMemory &) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace v2v::windows
