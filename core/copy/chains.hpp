// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The scheduler of the copy. Each disk has a chain, its whole way from the overlay to the target;
// some chains run at the same time, each from its beginning to its end in one thread. There are no
// barriers between disks: one is uploaded while the image of the next is made, and what a chain
// holds in the run directory is gone before another one gets that room.
#pragma once

#include <core/run/cancellation.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace v2v::core {

struct Chain {
  std::uint64_t scratch = 0;  ///< most bytes it holds in the run directory; 0: none
  /// The way of the disk. Ends soon, in whatever way, once `stop` is requested.
  std::function<void(const Cancellation &stop)> run;
};

struct ChainLimits {
  unsigned parallel = 1;      ///< chains at once, at least 1
  std::uint64_t scratch = 0;  ///< bytes that all chains together may hold in the run directory
};

/// Runs them all, begun in their order; one that finds no room in the run directory lets later ones
/// pass, and one that needs more than there is runs when no other holds any.
/// After the first failure, or once the user wants to stop, no chain is begun any more and those
/// under way are asked to end.
/// @param on_stop  called once if the chains are asked to end, for those that cannot look at `stop`;
///                 in any thread; may not throw
/// @throws Error(cancelled) if the user wants to stop; else the first failure; when all have ended
void run_chains(const std::vector<Chain> &chains, const ChainLimits &limits,
                const Cancellation &user, const std::function<void()> &on_stop);

}  // namespace v2v::core
