// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Copying with qemu-img convert: every source and every target that qemu knows.
#pragma once

#include <core/copy/copy_method.hpp>

namespace v2v::core {

class QemuImgCopy : public CopyMethod {
 public:
  std::string name() const override { return "qemu-img convert"; }
  std::optional<std::string> fits(const CopyTask &task) const override;
  void copy(const CopyTask &task, const std::function<void(std::uint64_t)> &progress,
            const Cancellation &cancellation) const override;

  /// Its arguments, separate so that tests can read them.
  static std::vector<std::string> arguments(const CopyJob &job);
};

/// The last percentage in a piece of `qemu-img -p` output, "    (12.34/100%)\r", as a fraction.
std::optional<double> parse_progress(const std::string &output);

}  // namespace v2v::core
