// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Runs a conversion in a child process and cleans up after it, whatever became of it.
//
// The parent does nothing that can hang or crash: it waits, passes signals on, and afterwards ends
// every process the child left, hands the journal's records to the outputs' abort, and removes the
// run directory. The child may do anything.
#pragma once

#include <core/run/cancellation.hpp>
#include <core/run/journal.hpp>
#include <core/run/reporter.hpp>
#include <core/run/run_directory.hpp>

#include <functional>

namespace v2v::core {

/// Hands records to the abort of the output at `plugin`. Runs in a process of its own.
/// @throws Error if something could not be removed
using Abort = std::function<void(const std::filesystem::path &run_directory,
                                 const std::filesystem::path &plugin,
                                 const std::vector<std::string> &records)>;

/// The conversion: runs in the child, throws Error on failure.
using Body = std::function<void(Journal &, const Cancellation &)>;

/// The process exit status: 0, or what the journal says, if the body ended well or the result was committed whatever came
/// then, else 1 after the failure was reported. Single-threaded callers only, since it forks.
int supervise(const RunDirectory &run, Reporter &reporter, const Body &body, const Abort &abort);

/// Cleans up after conversions of this user whose every process was killed.
void clean_up_stale(const std::filesystem::path &parent, Reporter &reporter, const Abort &abort);

}  // namespace v2v::core
