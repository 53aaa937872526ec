// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A way to copy one disk. The engine asks the methods in order and takes the first that can; the
// last one, qemu-img, can everything. A method keeps no state: copy() is called for several disks
// at the same time.
#pragma once

#include <core/copy/copy.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace v2v::core {

class CopyWorkers;
class LayeredDisk;

/// A job and what the engine has found out about it.
struct CopyTask {
  const CopyJob &job;
  std::uint64_t virtual_size;                 ///< of the source
  std::uint64_t total;                        ///< bytes that will be moved
  std::string target_name;                    ///< for messages
  std::shared_ptr<const LayeredDisk> layers;  ///< of the source; null: only qemu can read it
  CopyWorkers &workers;                       ///< threads for all copies
};

class CopyMethod {
 public:
  virtual ~CopyMethod() = default;
  /// For -v: "qemu-img convert".
  virtual std::string name() const = 0;
  /// Why this method fits the task, for -v; nothing: it cannot do it.
  virtual std::optional<std::string> fits(const CopyTask &task) const = 0;
  /// Copies. Calls `progress` in this thread with the bytes moved so far, never more than total.
  virtual void copy(const CopyTask &task, const std::function<void(std::uint64_t)> &progress,
                    const Cancellation &cancellation) const = 0;
};

/// All methods, the most special first.
const std::vector<const CopyMethod *> &copy_methods();

}  // namespace v2v::core
