// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What several tests of the command line need.
#pragma once

#include <host/options.hpp>

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

/// The error that a function throws; a test failure if it throws none.
template <class Function>
Error error_of(Function function) {
  try {
    function();
  } catch (const Error &error) {
    return error;
  }
  ADD_FAILURE() << "no error was thrown";
  return Error(Code::internal, "none");
}

inline Error parse_error(const std::vector<std::string> &arguments) {
  return error_of([&] { parse(arguments); });
}

}  // namespace v2v::host
