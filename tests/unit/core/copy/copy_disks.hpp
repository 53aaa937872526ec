// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Copies disks as the pipeline does: the engine's copies, one chain each.
#pragma once

#include <core/copy/chains.hpp>
#include <core/copy/copy.hpp>

namespace v2v::test {

inline void copy_disks(const std::vector<core::CopyJob> &jobs, unsigned parallel,
                       core::Reporter &reporter, const core::Cancellation &cancellation) {
  core::CopyEngine engine(jobs, static_cast<unsigned>(jobs.size()), reporter, cancellation);
  std::vector<core::Chain> chains;
  for (const auto &job : jobs)
    chains.push_back({0, [&](const core::Cancellation &stop) { engine.copy(job.disk, stop); }});
  core::run_chains(chains, {parallel, 0}, cancellation, [] {});
}

}  // namespace v2v::test
