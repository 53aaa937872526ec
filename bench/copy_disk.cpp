// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The copy engine alone, for bench/copy: an overlay over each source, an empty target, the copy as
// a conversion does it, fsync included. Prints the seconds of the copy and the MiB of memory that
// this process needed.
//
//   copy-disk DIRECTORY FORMAT SOURCE…    sources are *.vmdk or raw; targets are DIRECTORY/target<i>
#include <core/copy/chains.hpp>
#include <core/copy/copy.hpp>
#include <core/disk/overlay.hpp>
#include <core/run/command.hpp>

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>

#include "quiet.hpp"

namespace {

using namespace v2v;

void copy(const std::filesystem::path &directory, const std::string &format,
          const std::vector<std::string> &sources) {
  const core::Cancellation never;
  bench::Quiet quiet;
  std::vector<core::CopyJob> jobs;
  for (unsigned i = 0; i < sources.size(); ++i) {
    Location source;
    source.path = sources[i];
    if (source.path.starts_with("nbd")) source.type = Location::Type::uri;
    source.format = source.path.ends_with(".vmdk") ? "vmdk" : "raw";
    const auto overlay =
        core::Overlay::create(source, directory / fmt::format("overlay{}", i), never);
    core::CopyJob job;
    job.disk = i;
    job.source = overlay.location();
    job.base = source;
    job.target.path = directory / fmt::format("target{}", i);
    job.target.format = format;
    job.target_is_zero = true;
    core::Command create;
    create.argv = {"qemu-img",
                   "create",
                   "-q",
                   "-f",
                   format,
                   job.target.path,
                   std::to_string(overlay.virtual_size())};
    create.run_checked("cannot make the target");
    jobs.push_back(job);
  }
  const auto start = std::chrono::steady_clock::now();
  core::CopyEngine engine(jobs, static_cast<unsigned>(jobs.size()), quiet, never);
  std::vector<core::Chain> chains;
  for (const auto &job : jobs)
    chains.push_back({0, [&](const core::Cancellation &stop) { engine.copy(job.disk, stop); }});
  core::run_chains(chains, {4, 0}, never, [] {});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  fmt::print("{:.3f} {}\n", seconds.count(), usage.ru_maxrss / 1024);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  try {
    copy(argv[1], argv[2], {argv + 3, argv + argc});
    return 0;
  } catch (const Error &error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
