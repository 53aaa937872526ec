// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Runs qemu-img, and turns what it says when it fails into cause and remedy. May be called from any
// thread.
#pragma once

#include <core/run/command.hpp>
#include <v2v/error.hpp>

#include <functional>
#include <string>
#include <vector>

namespace v2v::core {

struct QemuImg {
  std::vector<std::string> arguments;  ///< without "qemu-img"
  std::string what;                    ///< what failed, if it does, for a person
  std::string object;                  ///< the disk it is about
  const Cancellation *cancellation = nullptr;
  std::chrono::milliseconds timeout{60'000};
  std::function<void(const std::string &)> on_output = {};

  /// @return its standard output
  /// @throws qemu_img_error of what it said; Error(not_found) if qemu-img is not installed;
  ///         Error(io) at the time limit; Error(cancelled)
  std::string run() const;
};

/// The error for a failed qemu-img.
/// @param said  its standard error, in English
Error qemu_img_error(const std::string &what, const std::string &object, const std::string &said);

}  // namespace v2v::core
