// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A reporter for benches: what went wrong goes to standard error, nothing else is said.
#pragma once

#include <core/run/reporter.hpp>

#include <fmt/format.h>

#include <cstdio>

namespace v2v::bench {

class Quiet : public core::Reporter {
 public:
  void step(const std::string &) override {}
  void info(const std::string &) override {}
  void warning(const std::string &text) override { fmt::print(stderr, "{}\n", text); }
  void error(const Error &error) override { fmt::print(stderr, "{}\n", error.what()); }
  void debug(const std::string &text) override { fmt::print(stderr, "{}\n", text); }
  void progress(const core::Progress &) override {}
};

}  // namespace v2v::bench
