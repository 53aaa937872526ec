// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// CPUs that containers are allowed.
#include "../temporary_directory.hpp"

#include <core/guest/cpus.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

using namespace v2v::core;
using v2v::test::TemporaryDirectory;

namespace {

TEST(Cpus, OfAQuota) {
  EXPECT_EQ(cpus_of_quota("max 100000\n"), 0u);
  EXPECT_EQ(cpus_of_quota("200000 100000\n"), 2u);
  EXPECT_EQ(cpus_of_quota("150000 100000"), 2u);
  EXPECT_EQ(cpus_of_quota("1000 100000"), 1u);
  for (const char *odd : {"", "1", "x y", "100000 0", "-1 100000", "99999999999999 1"})
    EXPECT_EQ(cpus_of_quota(odd), 0u) << odd;
}

TEST(Cpus, TheSmallestLimitOnTheWayUpCounts) {
  const TemporaryDirectory directory;
  const auto groups = directory.path() / "groups", own = directory.path() / "own";
  std::filesystem::create_directories(groups / "a/b");
  std::ofstream(own) << "3:cpu:/x\n0::/a/b\n";
  const auto machine = std::max(1u, std::thread::hardware_concurrency());
  EXPECT_EQ(available_cpus(own, groups), machine);
  std::ofstream(groups / "a/b/cpu.max") << "max 100000\n";
  EXPECT_EQ(available_cpus(own, groups), machine);
  std::ofstream(groups / "a/cpu.max") << "100000 100000\n";
  EXPECT_EQ(available_cpus(own, groups), 1u);
  EXPECT_EQ(available_cpus(directory.path() / "none", groups), machine);
}

}  // namespace
