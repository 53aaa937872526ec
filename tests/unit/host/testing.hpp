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

inline CommandLine parse(const std::vector<std::string> &arguments) {
  CommandLine result;
  parse_command_line(arguments, result);
  return result;
}

using test::error_of;

inline Error parse_error(const std::vector<std::string> &arguments) {
  return error_of([&] { parse(arguments); });
}

}  // namespace v2v::host
