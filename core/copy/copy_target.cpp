// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/copy_target.hpp>

#include <core/copy/qcow2_target.hpp>
#include <core/copy/raw_target.hpp>

namespace v2v::core {

std::optional<std::string> target_fits(const CopyJob &job) {
  const auto &target = job.target;
  if (target.type != Location::Type::file || target.offset != 0 || target.length != 0)
    return std::nullopt;
  if (target.format == "raw") return "the target is a raw file or device";
  if (target.format == "qcow2" && !job.compressed && !job.preallocated && Qcow2Target::fits(target))
    return "the target is an empty qcow2 file";
  return std::nullopt;
}

std::unique_ptr<CopyTarget> open_target(const CopyTask &task, const Cancellation &cancellation) {
  if (task.job.target.format == "raw") return std::make_unique<RawTarget>(task, cancellation);
  return std::make_unique<Qcow2Target>(task);
}

}  // namespace v2v::core
