// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/standard_streams.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace v2v::core {

void open_standard_streams() noexcept {
  // open gives the lowest free number, so going up fills each gap with itself.
  for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number)
    if (::fcntl(number, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0) return;
}

}  // namespace v2v::core
