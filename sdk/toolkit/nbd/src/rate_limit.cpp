// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/nbd/rate_limit.hpp>

#include <filesystem>

namespace v2v::nbd {

std::vector<Option> with_rate_options(std::vector<Option> options) {
  options.push_back(
      {"bandwidth",
       OptionType::string,
       "Read a disk that is elsewhere with this many bits per second at most, for instance 10M",
       "RATE",
       {}});
  // No OptionType::file: it may be made while the conversion is under way.
  options.push_back({"bandwidth-file",
                     OptionType::string,
                     "A file with that rate, which may be changed during the conversion",
                     "FILE",
                     {}});
  return options;
}

RateLimit rate_limit(const Options &options) {
  RateLimit limit{options.get("bandwidth").value_or(""), {}};
  if (const auto file = options.get("bandwidth-file"))
    limit.file = std::filesystem::absolute(*file).string();
  return limit;
}

}  // namespace v2v::nbd
