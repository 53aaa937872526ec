// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Copying by v2v itself: sources whose layers it reads (layered_disk.hpp) to targets that it writes
// (copy_target.hpp). The grains of a streamOptimized VMDK are inflated by all cores; a raw file is
// shared by reflink or read and written by all cores.
#pragma once

#include <core/copy/copy_method.hpp>

namespace v2v::core {

class LayersCopy : public CopyMethod {
 public:
  std::string name() const override { return "parallel copy"; }
  std::optional<std::string> fits(const CopyTask &task) const override;
  void copy(const CopyTask &task, const std::function<void(std::uint64_t)> &progress,
            const Cancellation &cancellation) const override;
};

}  // namespace v2v::core
