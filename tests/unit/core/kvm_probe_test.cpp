// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The probe with scripts in the place of qemu: a guest that starts, one that fails, one that hangs;
// and with qemu itself, which is made to emulate where it was asked for KVM.
#include <core/guest/kvm_probe.hpp>

#include "../temporary_directory.hpp"
#include "collecting_reporter.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace v2v::core {
namespace {

class KvmProbe : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::access("/dev/kvm", R_OK | W_OK) != 0) GTEST_SKIP() << "no /dev/kvm";
  }
  std::string qemu(int status) { return script("exit " + std::to_string(status)); }
  std::string script(const std::string &line) {
    const auto path = directory / "qemu";
    test::write_file(path, "#!/bin/sh\n" + line + "\n");
    ::chmod(path.c_str(), 0755);
    return path;
  }

  test::TemporaryDirectory directory;
  test::CollectingReporter reporter;
  Cancellation cancellation;
};

TEST_F(KvmProbe, BelievesAGuestThatRan) {
  EXPECT_TRUE(kvm_works(qemu(33), directory / "memory", reporter, cancellation));
  EXPECT_TRUE(reporter.lines().empty());
}

TEST_F(KvmProbe, ItsGuestReallyRuns) {
  const auto emulated = script(
      "for word; do shift; [ \"$word\" != pc,accel=kvm ] || word=pc,accel=tcg; "
      "set -- \"$@\" \"$word\"; done\n"
      "exec qemu-system-x86_64 \"$@\"");
  EXPECT_TRUE(
      kvm_works(emulated, directory / "memory", reporter, cancellation, std::chrono::seconds(100)));
  EXPECT_EQ(reporter.lines(), std::vector<std::string>());
}

TEST_F(KvmProbe, WhatFailsAtOnceIsNotRemembered) {
  EXPECT_FALSE(kvm_works(qemu(1), directory / "memory", reporter, cancellation));
  EXPECT_FALSE(std::filesystem::exists(directory / "memory"));
}

TEST_F(KvmProbe, AQemuThatAbortsIsRemembered) {
  EXPECT_FALSE(kvm_works(script("echo 'failed to set MSR' >&2; kill -ABRT $$"),
                         directory / "memory", reporter, cancellation));
  ASSERT_EQ(reporter.lines().size(), 1u);
  EXPECT_NE(reporter.lines()[0].find("failed to set MSR"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(directory / "memory"));
}

TEST_F(KvmProbe, SaysOnceThatKvmHangsAndRemembers) {
  EXPECT_FALSE(kvm_works(script("exec sleep 60"), directory / "memory", reporter, cancellation,
                         std::chrono::milliseconds(200)));
  EXPECT_EQ(reporter.lines().size(), 1u);
  // The answer is remembered: this qemu would say otherwise.
  test::CollectingReporter later;
  EXPECT_FALSE(kvm_works(qemu(33), directory / "memory", later, cancellation));
  EXPECT_EQ(later.lines().size(), 1u);
  EXPECT_EQ(later.lines()[0].rfind("debug:", 0), 0u);
}

}  // namespace
}  // namespace v2v::core
