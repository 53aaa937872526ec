// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "disk_fixture.hpp"

#include <core/copy/copy_qemu_img.hpp>
#include <core/disk/qemu_img.hpp>

namespace v2v::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Error error_for(const std::string &said) {
  return core::qemu_img_error("cannot open the disk", "a.img", said);
}

TEST(QemuImgErrorTest, CausesBecomeRemedies) {
  EXPECT_ERROR(error_for("qemu-img: error while writing at byte 8192: No space left on device\n"),
               Code::no_space, HasSubstr("a.img"), HasSubstr("make room"));
  EXPECT_ERROR(
      error_for("qemu-img: Could not open 'json:{\"driver\":\"raw\"}': Failed to get shared "
                "\"write\" lock\nIs another process using the image [a.img]?\n"),
      Code::access, HasSubstr("running virtual machine"), HasSubstr("shut"));
  EXPECT_ERROR(error_for("qemu-img: Could not open 'a': Failed to connect to 'h:10809': "
                         "Connection refused\n"),
               Code::io, HasSubstr("Connection refused"), HasSubstr("start the server"));
}

TEST(QemuImgErrorTest, TheFileNameInJsonIsLeftOut) {
  const auto error = error_for(
      "qemu-img: warning: something\nqemu-img: Could not open "
      "'json:{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\"}}': Image is not in qcow2 "
      "format\n");
  EXPECT_EQ(error.failure(), "cannot open the disk: Image is not in qcow2 format");
}

TEST(QemuImgErrorTest, WhatIsNotKnownIsSaidInQemusWords) {
  EXPECT_EQ(error_for("qemu-img: \x1b[1mthe moon is full\n").failure(),
            "cannot open the disk: ?[1mthe moon is full");
  EXPECT_THAT(error_for("").failure(), HasSubstr("no reason"));
}

TEST(QemuImgProgressTest, TheLastPercentageCounts) {
  EXPECT_DOUBLE_EQ(core::parse_progress("    (0.00/100%)\r    (12.50/100%)\r").value(), 0.125);
  EXPECT_DOUBLE_EQ(core::parse_progress("    (100.00/100%)\r\n").value(), 1.0);
  EXPECT_FALSE(core::parse_progress("    (12.5"));
  EXPECT_FALSE(core::parse_progress("(x/100%)"));
  EXPECT_FALSE(core::parse_progress(""));
}

class QemuImgArgumentsTest : public DiskTest {
 protected:
  core::CopyJob job(const std::string &format = "raw") const {
    core::CopyJob made;
    made.source = file(make_raw("source.raw"));
    made.target = file(make_image("target", format, 8 * mebibyte), format);
    return made;
  }
};

TEST_F(QemuImgArgumentsTest, ZeroesAreWrittenOnlyWhereTheyMustBe) {
  auto plain = job();
  EXPECT_THAT(core::QemuImgCopy::arguments(plain),
              AllOf(Contains("64k"), Not(Contains("--target-is-zero")), Not(Contains("-c"))));
  plain.target_is_zero = true;
  EXPECT_THAT(core::QemuImgCopy::arguments(plain), Contains("--target-is-zero"));
  plain.preallocated = true;
  EXPECT_THAT(core::QemuImgCopy::arguments(plain), AllOf(Contains("64k"), Not(Contains("0"))));
  plain.target_is_zero = false;
  EXPECT_THAT(core::QemuImgCopy::arguments(plain), AllOf(Contains("0"), Not(Contains("64k"))));
}

TEST_F(QemuImgArgumentsTest, CompressionAndConnectionsAreTold) {
  auto compressed = job("qcow2");
  compressed.compressed = true;
  EXPECT_THAT(core::QemuImgCopy::arguments(compressed),
              AllOf(Contains("-c"), Contains("qcow2"), Not(Contains("writeback"))));
  auto remote = job();
  remote.target = Location{};
  remote.target.type = Location::Type::uri;
  remote.target.format = "raw";
  remote.target.path = "nbd://host/x";
  EXPECT_THAT(core::QemuImgCopy::arguments(remote), Contains("writeback"));
}

}  // namespace
}  // namespace v2v::test
