// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "program.hpp"

#include <core/run/standard_streams.hpp>

#include <algorithm>

int main(int argc, char **argv) {
  v2v::core::open_standard_streams();
  return v2v::host::run_program(argc > 0 ? argv[0] : "", {argv + std::min(argc, 1), argv + argc});
}
