// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What several tests of the command line need.
#pragma once

#include <host/options.hpp>

#include "../refusal.hpp"

#include <v2v/error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace v2v::host {

/// The program that a link of this name starts.
inline const Program &program_named(const std::string &name) {
  std::vector<std::string> none;
  return chosen_program(name, none);
}

inline CommandLine parse(const std::vector<std::string> &arguments,
                         const std::string &program = "v2v") {
  CommandLine result;
  auto rest = arguments;
  const Program &chosen = chosen_program(program, rest);
  parse_command_line(chosen, rest, result);
  return result;
}

using test::error_of;

inline Error parse_error(const std::vector<std::string> &arguments,
                         const std::string &program = "v2v") {
  return error_of([&] { parse(arguments, program); });
}

}  // namespace v2v::host
