// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A tree of virtio-win and an ISO image of it, made once for all tests of a program.
#pragma once

#include <v2v/error.hpp>

#include "../../refusal.hpp"
#include "../../temporary_directory.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace v2v::windows {

inline void run_shell(const std::string &command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

class VirtioWinSample {
  test::TemporaryDirectory directory_;

 public:
  static const VirtioWinSample &get() {
    static const VirtioWinSample sample;
    return sample;
  }
  const std::string tree, iso;

 private:
  VirtioWinSample() : tree(directory_ / "tree"), iso(directory_ / "virtio-win.iso") {
    run_shell(std::string(V2V_VIRTIO_WIN) + " " + tree + " --iso " + iso);
  }
};

/// The Error that `action` ends with; it must say on what.
template <class Action>
Error error_of(Action action) {
  const auto error = test::error_of(action);
  EXPECT_THAT(error.object(), testing::Not(testing::IsEmpty()));
  return error;
}

}  // namespace v2v::windows
