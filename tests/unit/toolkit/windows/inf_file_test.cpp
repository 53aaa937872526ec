// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/inf_file.hpp>
#include <v2v/windows/utf16.hpp>

#include <gmock/gmock.h>

namespace v2v::windows {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string balloon =
    "; a driver; of a balloon\r\n"
    "[VERSION]\r\n"
    "Signature=\"$WINDOWS NT$\"\r\n"
    "Class = System ; as in \"System\"\r\n"
    "CatalogFile=Balloon.CAT\r\n"
    "[SourceDisksFiles]\r\n"
    "BALLOON.sys  = 1,,\r\n"
    "\"WdfCoInstaller01009.dll\"=1 ; the number of the disk\r\n"
    "readme.txt = 1\r\n"
    "[Install.NT]\r\n"
    "CopyFiles = Drivers_Dir, CoInstaller\r\n"
    "[drivers_dir]\r\n"
    "balloon.sys,,,2 ; not to be skipped\r\n"
    "[CoInstaller]\r\n"
    "  WdfCoInstaller01009.dll\r\n";

TEST(InfFileTest, TheFilesOfADriverAreTheCopiedOnesAndItsCatalogue) {
  const auto inf = parse_inf(balloon, "x86_64").value();
  EXPECT_EQ(inf.device_class, "system");
  EXPECT_THAT(inf.files, ElementsAre("balloon.cat", "balloon.sys", "wdfcoinstaller01009.dll"));
}

TEST(InfFileTest, Utf16AndUtf8AreReadByTheirMark) {
  const auto plain = parse_inf(balloon, "x86_64").value();
  for (const auto &bytes : {"\xff\xfe" + to_utf16(balloon), "\xef\xbb\xbf" + balloon}) {
    const auto inf = parse_inf(bytes, "x86_64");
    ASSERT_TRUE(inf);
    EXPECT_EQ(inf->files, plain.files);
  }
}

TEST(InfFileTest, FilesOfWindowsItselfDoNotCount) {
  // qemupciserial lists what Windows has, and copies nothing.
  const auto inf =
      parse_inf("[Version]\nCatalogFile=a.cat\n[SourceDisksFiles]\nserial.sys = 3426\n", "x86_64");
  EXPECT_THAT(inf.value().files, ElementsAre("a.cat"));
  // The other way round: copied, but from a medium of Windows.
  const auto other = parse_inf(
      "[Version]\n[Install]\nCopyFiles=@serial.sys,@own.sys\n"
      "[SourceDisksFiles]\nown.sys=1\n",
      "x86_64");
  EXPECT_THAT(other.value().files, ElementsAre("own.sys"));
}

TEST(InfFileTest, TheSourceOfACopyIsWhatMustBeThere) {
  const auto inf = parse_inf(
      "[Version]\n[Install]\nCopyFiles=Files\n[Files]\n"
      "target.sys,source.sys\n[SourceDisksFiles]\nsource.sys=1\ntarget.sys=1\n",
      "i386");
  EXPECT_THAT(inf.value().files, ElementsAre("source.sys"));
}

TEST(InfFileTest, WhatIsForOtherProcessorsDoesNotCount) {
  const std::string both =
      "[Version]\nCatalogFile=any.cat\nCatalogFile.NTx86=x86.cat\nCatalogFile.NTamd64=amd64.cat\n"
      "[Install]\nCopyFiles=Files\n[Files]\nboth.sys\nx86.sys\namd64.sys\n"
      "[SourceDisksFiles]\nboth.sys=1\n[SourceDisksFiles.x86]\nx86.sys=1\n"
      "[SourceDisksFiles.amd64]\namd64.sys=1\n";
  EXPECT_THAT(parse_inf(both, "i386").value().files, ElementsAre("both.sys", "x86.cat", "x86.sys"));
  EXPECT_THAT(parse_inf(both, "x86_64").value().files,
              ElementsAre("amd64.cat", "amd64.sys", "both.sys"));
}

TEST(InfFileTest, LinesGoOnAndStringsAreLookedUp) {
  const auto inf = parse_inf(
                       "[Version]\nClass=%Cls%\nCatalogFile = %Cat%\n[Install]\n"
                       "CopyFiles = \\\n  @one.sys, \\ ; and\n  @two.sys\n"
                       "[SourceDisksFiles]\none.sys=1\ntwo.sys=1\n[SOURCEDISKSFILES]\n"
                       "three.sys=1\n[Other]\nCopyFiles=@three.sys\n"
                       "[Strings]\ncls = \"Net\"\nCAT = \"a b;c.cat\"\n",
                       "x86_64")
                       .value();
  EXPECT_EQ(inf.device_class, "net");
  EXPECT_THAT(inf.files, ElementsAre("a b;c.cat", "one.sys", "three.sys", "two.sys"));
}

TEST(InfFileTest, WhatHasNoVersionIsNoInf) {
  EXPECT_FALSE(parse_inf("", "x86_64"));
  EXPECT_FALSE(parse_inf("Version", "x86_64"));
  EXPECT_FALSE(parse_inf("[Versions]\nClass=Net\n", "x86_64"));
  EXPECT_FALSE(parse_inf(std::string("\x7f"
                                     "ELF\0\n[\n]=\n",
                                     12),
                         "x86_64"));
}

TEST(InfFileTest, BrokenOnesAreReadAsFarAsTheyGo) {
  const auto inf = parse_inf(
      "[Version\nCatalogFile=\n=\n[]\n[Install]\nCopyFiles=,@,nowhere,%,\"\n\\", "x86_64");
  ASSERT_TRUE(inf);
  EXPECT_THAT(inf->files, IsEmpty());
}

}  // namespace
}  // namespace v2v::windows
