// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How many CPUs this process may use: a container often sees all of its machine's and may use two.
#pragma once

#include <filesystem>
#include <string_view>

namespace v2v::core {

/// The CPUs that a cgroup's cpu.max allows ("150000 100000": 2); 0 for no limit, and for text that is
/// something else.
unsigned cpus_of_quota(std::string_view cpu_max);

/// The CPUs of this process: those it may run on, no more than any of its cgroups (version 2)
/// allows; at least 1.
/// @param own     says which its cgroup is
/// @param mounted where the cgroups are
unsigned available_cpus(const std::filesystem::path &own = "/proc/self/cgroup",
                        const std::filesystem::path &mounted = "/sys/fs/cgroup");

}  // namespace v2v::core
