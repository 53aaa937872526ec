// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The grammar of VMX files, what is told apart from them, and the pieces of a machine.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <guest.hpp>
#include <v2v/text/charset.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::test {
namespace {

using namespace input_vmx;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class VmxFileTest : public ::testing::Test {
 protected:
  VmxFile parse(std::string_view text) {
    warnings_.clear();
    return parse_vmx(text, "guest.vmx",
                     [this](const std::string &what) { warnings_.push_back(what); });
  }
  std::string refusal(std::string_view text) {
    try {
      parse(text);
    } catch (const Error &error) {
      EXPECT_NE(error.remedy(), "");
      return error.what();
    }
    return "nothing was thrown";
  }
  Guest guest(std::string_view text) {
    const auto vmx = parse(text);
    return read_guest(vmx, "guest.vmx",
                      [this](const std::string &what) { warnings_.push_back(what); });
  }

  std::vector<std::string> warnings_;
};

TEST_F(VmxFileTest, KeysAndBooleansHaveNoCase) {
  const auto vmx = parse("Foo.BAR = \"x\"\nA.present = \"tRuE\"\nb = \"yes\"\n");
  EXPECT_EQ(vmx.text("foo.bar"), "x");
  EXPECT_TRUE(vmx.is_true("a.present"));
  EXPECT_FALSE(vmx.is_true("b"));
  EXPECT_FALSE(vmx.is_true("c"));
  EXPECT_TRUE(vmx.has_namespace("foo"));
  EXPECT_FALSE(vmx.has_namespace("fo"));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(VmxFileTest, SpacesAroundTheSignAreFree) {
  EXPECT_EQ(parse("a=\"1\"").text("a"), "1");
  EXPECT_EQ(parse("a\t =  \"1\" \t\r\n").text("a"), "1");
  EXPECT_EQ(parse("  a = \"1\"").text("a"), "1");
  EXPECT_EQ(parse("a = \"\"").get("a"), "");
  EXPECT_EQ(parse("a = \"x = \"y\"\"").text("a"), "x = \"y\"");
}

TEST_F(VmxFileTest, ABarAndTwoDigitsAreAByte) {
  EXPECT_EQ(parse("a = \"|20|21\"").text("a"), " !");
  EXPECT_EQ(parse("a = \"|7C|22|c3|BC\"").text("a"), "|\"ü");
  EXPECT_EQ(parse("a = \"|zz|4\"").text("a"), "|zz|4");
  EXPECT_EQ(parse("a = \"1|002\"").text("a"), "12");
  // A bare byte of another encoding never becomes invalid UTF-8.
  EXPECT_EQ(parse("a = \"|FF\"").text("a"), "\xEF\xBF\xBD");
  EXPECT_EQ(parse(".encoding = \"windows-1252\"\na = \"|FC\"").text("a"), "ü");
}

TEST_F(VmxFileTest, WhatIsNotPresentIsNotThere) {
  const auto vmx = parse(
      "a.present = \"FALSE\"\na.b = \"1\"\na.b.c = \"2\"\nab.c = \"3\"\n"
      "d.e.present = \"false\"\nd.e.f = \"4\"\nd.g = \"5\"\n");
  EXPECT_FALSE(vmx.has("a.present"));
  EXPECT_FALSE(vmx.has("a.b"));
  EXPECT_FALSE(vmx.has("a.b.c"));
  EXPECT_FALSE(vmx.has("d.e.f"));
  EXPECT_EQ(vmx.text("ab.c"), "3");
  EXPECT_EQ(vmx.text("d.g"), "5");
}

TEST_F(VmxFileTest, TheFirstOfTwoCountsAndOnlyAContradictionIsTold) {
  EXPECT_EQ(parse("a = \"1\"\nA = \"2\"").text("a"), "1");
  EXPECT_THAT(warnings_, ElementsAre(AllOf(HasSubstr("a is there twice"), HasSubstr("\"1\""))));
  parse("a = \"1\"\na = \"1\"");
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(VmxFileTest, LinesThatAreNoneAreToldButNotAllOfThem) {
  std::string text = "a = \"1\"\n# comment\n\n";
  for (int i = 0; i < 100; ++i) text += "nonsense\n";
  EXPECT_EQ(parse(text).text("a"), "1");
  EXPECT_THAT(warnings_, SizeIs(11));
  EXPECT_THAT(warnings_.front(), AllOf(HasSubstr("line 4"), HasSubstr("nonsense")));
  EXPECT_THAT(warnings_.back(), HasSubstr("90 more"));
}

TEST_F(VmxFileTest, OtherFilesAreToldApart) {
  using namespace std::string_view_literals;
  EXPECT_THAT(refusal("KDMV\1\0\0\0"sv), HasSubstr("VMDK"));
  EXPECT_THAT(refusal("COWD"), HasSubstr("VMDK"));
  EXPECT_THAT(refusal("# Disk DescriptorFile\nversion=1\n"), HasSubstr("descriptor of a VMDK"));
  EXPECT_THAT(refusal(std::string(257, 'a') + "ustar"), HasSubstr("-i ova"));
  EXPECT_THAT(refusal("PK\3\4zip"), HasSubstr("-i ova"));
  EXPECT_THAT(refusal("<?xml version=\"1.0\"?>\n<ovf:Envelope xmlns:ovf=\"x\">"),
              AllOf(HasSubstr("OVF"), HasSubstr("-i ova")));
  EXPECT_THAT(refusal("<?xml version=\"1.0\"?>\n<Foundry>"), HasSubstr("VMXF"));
  EXPECT_THAT(refusal("<domain type='kvm'>"), HasSubstr("-i libvirtxml"));
  EXPECT_THAT(refusal("QFI\xfb"), HasSubstr("-i disk"));
  EXPECT_THAT(refusal(""), HasSubstr("not a VMX file"));
  EXPECT_THAT(refusal("hello\n"), HasSubstr("not a VMX file"));
  EXPECT_THAT(warnings_, IsEmpty());
  EXPECT_THAT(refusal(std::string(largest_vmx + 1, '\n')), HasSubstr("bytes"));
}

TEST_F(VmxFileTest, TheEncodingIsNamedOrGuessedWithAWarning) {
  EXPECT_EQ(parse(".encoding = \"GBK\"\na = \"\xb2\xe2\"").text("a"), "测");
  EXPECT_THAT(warnings_, IsEmpty());
  EXPECT_EQ(parse("\xEF\xBB\xBF"
                  "a = \"ü\"")
                .text("a"),
            "ü");
  EXPECT_THAT(warnings_, IsEmpty());
  EXPECT_EQ(parse("a = \"\xfc\"").text("a"), "ü");
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("windows-1252")));
  EXPECT_EQ(parse(".encoding = \"UTF-8\"\na = \"\xfc\"").text("a"), "ü");
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("not in UTF-8")));
  EXPECT_EQ(parse(".encoding = \"klingon\"\na = \"ü\"").text("a"), "ü");
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("klingon")));
}

TEST_F(VmxFileTest, EncodingsThatCouldHideAsciiAreNotKnown) {
  for (const auto *name : {"UTF-7", "UTF-16", "ISO-2022-CN-EXT", "IBM037", "UTF-8//TRANSLIT",
                           "windows-1252//IGNORE", "../../tmp/x", "", "cp1252\n"})
    EXPECT_FALSE(text::known_charset(name)) << name;
  for (const auto *name : {"utf-8", "windows-1252", "windows-932", "Shift_JIS", "GB18030", "Big5",
                           "EUC-KR", "ISO-8859-15", "US-ASCII"})
    EXPECT_TRUE(text::known_charset(name)) << name;
  EXPECT_EQ(text::to_utf8("a\x81z", "windows-1252"), "a\xEF\xBF\xBDz");
}

TEST_F(VmxFileTest, WhatIsDecodedIsWellFormedUtf8) {
  // Found by fuzzing: iconv lets characters beyond U+10FFFF pass. Also surrogates and overlong forms.
  for (const auto *bytes : {"\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xed\xa0\x80", "\xc0\xaf",
                            "\xe3\x32\x9a\x35", "\xff"})
    for (const auto *charset : {"UTF-8", "utf8", "GB18030", "Shift_JIS", "klingon"})
      EXPECT_TRUE(text::is_utf8(text::to_utf8(bytes, charset))) << charset;
  EXPECT_EQ(parse(".encoding = \"UTF8\"\na = \"\xfc\"").text("a"), "ü");
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("not in UTF-8")));
}

TEST_F(VmxFileTest, PlacesAndNumbersAreInOrder) {
  const auto vmx = parse(
      "scsi0:10.x = \"\"\nscsi0:2.x = \"\"\nscsi10:0.x = \"\"\nscsi2:0.x = \"\"\nscsi0.y = \"\"\n"
      "scsi0:a.x = \"\"\nscsi99999999999:0.x = \"\"\nscsi0:1 = \"\"\n"
      "ethernet10.x = \"\"\nethernet9.x = \"\"\nethernet.x = \"\"\nethernetx.y = \"\"\n");
  EXPECT_EQ(vmx.places("scsi"), (std::vector<VmxFile::Place>{{0, 2}, {0, 10}, {2, 0}, {10, 0}}));
  EXPECT_THAT(vmx.numbers("ethernet"), ElementsAre(9u, 10u));
}

TEST_F(VmxFileTest, TheGenerationIdIsAUuid) {
  EXPECT_EQ(generation_id("-570734802784577186", "-5042519231342505152"),
            "8312995e-57b8-f814-4013-c1ba795f05ba");
  EXPECT_EQ(generation_id("-802103094701856339", "-5104727847056752683"),
            "2f0de9ad-5b7c-f4de-d53f-23b1115d28b9");
  EXPECT_EQ(generation_id("1", ""), "");
  EXPECT_EQ(generation_id("1", "99999999999999999999"), "");
  EXPECT_EQ(generation_id("1x", "2"), "");
}

TEST_F(VmxFileTest, NumbersThatCannotBeAreRefused) {
  for (const auto *line : {"memsize = \"0\"", "memsize = \"-1\"", "memsize = \"12x\"",
                           "memsize = \"18446744073709551615\"", "numvcpus = \"0\"",
                           "numvcpus = \"99999\"", "numvcpus = \"\""})
    EXPECT_THROW(guest(line), Error) << line;
  EXPECT_EQ(guest("memsize = \"4096\"\nnumvcpus = \"3\"").source.vcpus, 3u);
}

TEST_F(VmxFileTest, ADiskIsThereOnce) {
  try {
    guest("scsi0:1.fileName = \"a.vmdk\"\nide0:0.fileName = \"a.vmdk\"\n");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error &error) {
    EXPECT_THAT(std::string(error.what()),
                AllOf(HasSubstr("scsi0:1 and ide0:0"), HasSubstr("a.vmdk")));
  }
  std::string many;
  for (int i = 0; i < 2000; ++i)
    many += "scsi0:" + std::to_string(i) + ".fileName = \"" + std::to_string(i) + ".vmdk\"\n";
  EXPECT_THROW(guest(many), Error);
}

TEST_F(VmxFileTest, AControllerHasSixtyFourDisks) {
  std::string text = "scsi0.virtualDev = \"pvscsi\"\n";
  for (int unit = 64; unit >= 0; --unit)  // the controller itself is 7
    if (unit != 7)
      text +=
          fmt::format("scsi0:{0}.present = \"TRUE\"\nscsi0:{0}.fileName = \"{0}.vmdk\"\n", unit);
  const auto disks = guest(text).disks;
  ASSERT_EQ(disks.size(), 64u);
  EXPECT_EQ(disks.front().place, "scsi0:0");
  EXPECT_EQ(disks[7].place, "scsi0:8");
  EXPECT_EQ(disks.back().file, "64.vmdk");
}

TEST_F(VmxFileTest, IndependentDisksAreReadButNotTheirRedoLogs) {
  for (const auto *mode : {"independent-persistent", "independent-nonpersistent", "persistent"}) {
    const auto text = fmt::format("scsi0:0.fileName = \"d.vmdk\"\nscsi0:0.mode = \"{}\"\n", mode);
    EXPECT_EQ(guest(text + "scsi0:0.redo = \"\"\n").disks.size(), 1u) << mode;
    try {
      guest(text + "scsi0:0.redo = \"d.vmdk.REDO_a1\"\n");
      ADD_FAILURE() << mode;
    } catch (const Error &error) {
      EXPECT_EQ(error.code(), Code::unsupported);
      EXPECT_THAT(std::string(error.what()),
                  AllOf(HasSubstr("scsi0:0 \"d.vmdk\""), HasSubstr(mode), HasSubstr("REDO_a1")));
    }
  }
}

TEST_F(VmxFileTest, ASuspendedGuestIsRefused) {
  const std::string disk = "scsi0:0.fileName = \"d.vmdk\"\n";
  EXPECT_EQ(guest(disk + "checkpoint.vmState = \"\"\n").disks.size(), 1u);
  try {
    guest(disk + "checkpoint.vmState = \"g-5f.vmss\"\n");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error &error) {
    EXPECT_THAT(std::string(error.what()), HasSubstr("g-5f.vmss"));
    EXPECT_THAT(error.remedy(), AllOf(HasSubstr("resume"), HasSubstr("remove that line")));
  }
}

TEST_F(VmxFileTest, FirmwareAndTpmMayBeWrittenOut) {
  const auto bios = guest("firmware = \"bios\"\nvtpm.present = \"TRUE\"\n").source;
  EXPECT_EQ(bios.firmware, Firmware::bios);
  EXPECT_EQ(bios.tpm, true);
  EXPECT_FALSE(guest("firmware = \"efi\"\nvtpm.present = \"FALSE\"\n").source.tpm.value_or(false));
}

TEST_F(VmxFileTest, TheNameNeverBreaksALine) {
  EXPECT_EQ(guest("displayName = \"a|0Ab|1B[2J\"").source.name, "a b [2J");
  EXPECT_EQ(guest("displayName = \" \"").source.name, "guest");
}

}  // namespace
}  // namespace v2v::test
