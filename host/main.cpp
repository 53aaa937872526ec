// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "program.hpp"

int main(int argc, char **argv) {
  return v2v::host::run_program({argv + 1, argv + argc});
}
