// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "program.hpp"

#include <core/run/standard_streams.hpp>

int main(int argc, char **argv) {
  v2v::core::open_standard_streams();
  return v2v::host::run_program({argv + 1, argv + argc});
}
