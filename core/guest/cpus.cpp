// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/cpus.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

namespace v2v::core {
namespace {

// "0::/user.slice/session"; "/" in a container that sees only its own.
std::filesystem::path own_group(const std::filesystem::path &own) {
  std::ifstream file(own);
  for (std::string line; std::getline(file, line);)
    if (line.rfind("0::/", 0) == 0) return line.substr(4);
  return {};
}

}  // namespace

unsigned cpus_of_quota(std::string_view cpu_max) {
  std::istringstream text{std::string(cpu_max)};
  std::int64_t quota = 0, period = 0;
  if (!(text >> quota >> period) || quota <= 0 || period <= 0) return 0;
  constexpr std::int64_t no_machine_has = 1 << 20;
  const auto cpus = quota / period + (quota % period != 0);
  return cpus > no_machine_has ? 0 : static_cast<unsigned>(cpus);
}

unsigned available_cpus(const std::filesystem::path &own, const std::filesystem::path &mounted) {
  unsigned cpus = std::max(1u, std::thread::hardware_concurrency());
  for (auto group = own_group(own);; group = group.parent_path()) {
    std::ifstream file(mounted / group / "cpu.max");
    std::string limit;
    if (std::getline(file, limit))
      if (const auto allowed = cpus_of_quota(limit)) cpus = std::min(cpus, allowed);
    if (group.empty()) return cpus;
  }
}

}  // namespace v2v::core
