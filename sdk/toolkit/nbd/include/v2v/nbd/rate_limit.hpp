// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How fast an nbdkit may read from a distant machine, as the user of an input wants it. nbdkit's rate
// filter keeps to it, for each disk of a guest by itself. Pure functions.
#pragma once

#include <v2v/plugin.hpp>

#include <string>
#include <vector>

namespace v2v::nbd {

struct RateLimit {
  std::string rate;  ///< bits per second, "10M" for instance; empty: no limit
  std::string file;  ///< read now and then: a new rate in it counts from then on; empty: none
};

/// An input's own options, and "bandwidth" and "bandwidth-file".
std::vector<Option> with_rate_options(std::vector<Option> options);
/// What was given in them.
RateLimit rate_limit(const Options &options);

}  // namespace v2v::nbd
