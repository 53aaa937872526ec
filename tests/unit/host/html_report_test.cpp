// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The report as an XML parser reads it, which is stricter than any browser, with guests that would like to
// be markup.
#include <host/html_report.hpp>

#include <gmock/gmock.h>
#include <pugixml.hpp>

#include <regex>

namespace v2v::host {
namespace {

using core::Chronicle;
using core::DiskMap;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Chronicle conversion() {
  Chronicle chronicle;
  chronicle.duration = 100;
  chronicle.found.guest = "web01";
  chronicle.found.system = "Debian GNU/Linux 12 (debian12)";
  chronicle.found.traits = {{"Machine", "Firmware", "BIOS", "UEFI"},
                            {"Machine", "Memory", "2 GiB", "2 GiB"},
                            {"Disks", "Disk 1", "SCSI", ""}};
  chronicle.steps = {
      {0, "Opening the source"}, {25, "Converting the guest"}, {75, "Copying disk 1/1"}};
  chronicle.work = {{"copy", 1, 80, 90, 10 << 20}};
  chronicle.changes = {{"/etc/fstab", "/dev/sda1 → /dev/vda1", "the disk has another name"}};
  chronicle.warnings = {{30, "kudzu could not be switched off"}};
  chronicle.remarks = {{40, "a remark"}};
  DiskMap map;
  map.size = 4 << 20, map.kept = 1 << 20, map.written = 1 << 20, map.trimmed = 1 << 20;
  map.cells = {{100, 0, 0}, {0, 100, 0}, {0, 50, 50}, {0, 0, 0}};
  chronicle.found.disks.emplace_back("disk1.vmdk", map);
  return chronicle;
}

class HtmlReport : public testing::Test {
 protected:
  void write(const Chronicle &chronicle, const Outcome &outcome) {
    markup = html_report(chronicle, outcome);
    const auto result = document.load_buffer(markup.data(), markup.size(),
                                             pugi::parse_default | pugi::parse_doctype);
    ASSERT_TRUE(result) << result.description() << "\n" << markup;
    body = document.child("html").child("body");
  }
  /// All text below a node.
  static std::string text_of(const pugi::xml_node &node) {
    std::string text;
    for (const auto &found : node.select_nodes(".//text()"))
      text += found.node().value() + std::string(" ");
    return text;
  }
  std::size_t count(const char *path) const { return body.select_nodes(path).size(); }
  std::string value(const char *path, const char *attribute) const {
    return body.select_node(path).node().attribute(attribute).value();
  }

  std::string markup;
  pugi::xml_document document;
  pugi::xml_node body;
};

TEST_F(HtmlReport, OfASuccessTellsAllThereIs) {
  write(conversion(), {true, false});
  EXPECT_THAT(
      text_of(body),
      AllOf(HasSubstr("web01"), HasSubstr("converted"), HasSubstr("Debian GNU/Linux 12"),
            HasSubstr("/etc/fstab"), HasSubstr("/dev/sda1 → /dev/vda1"),
            HasSubstr("the disk has another name"), HasSubstr("kudzu could not"),
            HasSubstr("a remark"), HasSubstr("disk1.vmdk"), Not(HasSubstr("What went wrong"))));
  // What stays is said once, what is not known yet is a dash.
  EXPECT_EQ(count(".//table[@class='machine']//td[@class='same']"), 1u);
  EXPECT_EQ(body.select_node(".//td[@class='after'][../th='Firmware']").node().text().get(),
            std::string("UEFI"));
  EXPECT_EQ(body.select_node(".//td[@class='after'][../th='Disk 1']").node().text().get(),
            std::string("–"));
}

TEST_F(HtmlReport, NeedsNothingElseAndRunsNothing) {
  write(conversion(), {true, false});
  const std::regex reference("(src|href|url|import|script|onload)[ =(:]", std::regex::icase);
  EXPECT_FALSE(std::regex_search(text_of(document.child("html").child("head")), reference));
  for (const auto &attribute : document.select_nodes("//@*")) {
    const std::string name = attribute.attribute().name();
    EXPECT_FALSE(name == "src" || name == "href" || name.starts_with("on")) << name;
  }
  EXPECT_EQ(document.select_nodes("//script|//link|//img|//iframe|//object").size(), 0u);
  EXPECT_THAT(markup, HasSubstr("default-src 'none'"));
  // HTML would take it for an element that begins.
  EXPECT_FALSE(std::regex_search(markup, std::regex("<(?!meta)[a-z]+[^>]*/>")));
}

TEST_F(HtmlReport, EscapesWhateverComesFromTheGuest) {
  const std::string evil =
      "</title></style><script>alert(1)</script>\" onload='x' &lt; \x01\xff\xef\xbf\xbe]]>";
  auto chronicle = conversion();
  chronicle.found.guest = chronicle.found.system = evil;
  for (auto &trait : chronicle.found.traits)
    trait.group = trait.name = trait.before = trait.after = evil;
  chronicle.found.disks[0].first = evil;
  chronicle.steps[0].text = chronicle.warnings[0].text = chronicle.remarks[0].text = evil;
  chronicle.changes[0] = {evil, evil, evil};
  chronicle.work[0].phase = evil;
  chronicle.failures = {{50, evil, evil, evil}};
  chronicle.undone = {evil};
  write(chronicle, {false, false});
  EXPECT_EQ(document.select_nodes("//script").size(), 0u);
  EXPECT_EQ(markup.find("<script"), markup.npos);
  EXPECT_EQ(document.child("html").select_nodes("./*").size(), 2u);
  EXPECT_THAT(document.child("html").child("head").child("title").text().get(),
              HasSubstr("</title></style><script>alert(1)</script>\" onload='x' &lt; \\x01"));
  EXPECT_EQ(count(".//*[contains(text(), '<script>alert(1)')]") > 10, true);
}

TEST_F(HtmlReport, CutsWhatIsTooLongBetweenCharacters) {
  auto chronicle = conversion();
  chronicle.warnings[0].text = std::string(3999, 'x') + "ÄÄÄÄ";
  chronicle.changes.resize(1500, chronicle.changes[0]);
  write(chronicle, {true, false});
  EXPECT_THAT(text_of(body), AllOf(HasSubstr("xxx …"), HasSubstr("and 500 more")));
  EXPECT_EQ(markup.find("\xef\xbf\xbd"), markup.npos);
}

TEST_F(HtmlReport, TheTimelineIsInProportion) {
  write(conversion(), {true, false});
  EXPECT_EQ(count(".//ol[@class='timeline']/li[@class='step']"), 3u);
  const std::string second = ".//ol[@class='timeline']/li[2]//rect";
  EXPECT_EQ(value(second.c_str(), "x"), "250.0");
  EXPECT_EQ(value(second.c_str(), "width"), "500.0");
  // The work is below the step that it began in.
  const std::string work = ".//ol[@class='timeline']/li[4][@class='work']";
  EXPECT_EQ(value((work + "//rect").c_str(), "x"), "800.0");
  EXPECT_EQ(value((work + "//rect").c_str(), "width"), "100.0");
  EXPECT_THAT(
      text_of(body.select_node(work.c_str()).node()),
      AllOf(HasSubstr("copy, disk 1"), HasSubstr("10 MiB, 1.0 MiB/s"), HasSubstr("10.0 s")));
}

TEST_F(HtmlReport, ADiskThatIsCopiedAndUploadedCountsOnce) {
  auto chronicle = conversion();
  chronicle.work = {
      {"copy", 1, 80, 85, 10 << 20}, {"upload", 1, 85, 90, 8 << 20}, {"copy", 2, 80, 90, 1 << 20}};
  write(chronicle, {true, false});
  EXPECT_THAT(text_of(body.select_node(".//dl[@class='facts']").node()),
              HasSubstr("Copied 11 MiB"));
}

TEST_F(HtmlReport, TheMapHasASquareForEachCellAndItsParts) {
  write(conversion(), {true, false});
  const auto squares = [&](const char *kind) {
    const std::string path = ".//svg[@class='map']/path[@class='" + std::string(kind) + "']";
    const auto d = value(path.c_str(), "d");
    return static_cast<int>(std::count(d.begin(), d.end(), 'M'));
  };
  EXPECT_EQ(squares("hole"), 4);
  EXPECT_EQ(squares("kept"), 1);
  EXPECT_EQ(squares("written"), 2);
  EXPECT_EQ(squares("trimmed"), 1);
  EXPECT_EQ(value(".//svg[@class='map']/path[@class='trimmed']", "d"), "M24.5 0h4.5v9h-4.5z");
  EXPECT_EQ(value(".//svg[@class='map']", "viewBox"), "0 0 39 9");
  EXPECT_THAT(text_of(body.select_node(".//ul[@class='legend']").node()),
              AllOf(HasSubstr("25.0 %"), HasSubstr("Hole")));
}

TEST_F(HtmlReport, OfAFailureTellsWhereWhyAndWhatToDo) {
  auto chronicle = conversion();
  chronicle.failures = {{80, "no space is left", "/var/tmp", "make room there"}};
  chronicle.undone = {"v2v-output-local.so: /x/web01-sda"};
  write(chronicle, {false, false});
  EXPECT_THAT(
      text_of(body),
      AllOf(HasSubstr("What went wrong"), HasSubstr("no space is left"), HasSubstr("/var/tmp"),
            HasSubstr("make room there"), HasSubstr("in the step “Copying disk 1/1”"),
            HasSubstr("The source was only read"), HasSubstr("v2v-output-local.so: /x/web01-sda"),
            HasSubstr("a copy, which is gone")));
  EXPECT_EQ(count(".//li[@class='step failed']"), 1u);
  EXPECT_THAT(document.child("html").child("head").child("title").text().get(),
              HasSubstr("conversion failed"));
  // In place nobody can say that.
  write(chronicle, {false, true});
  EXPECT_THAT(text_of(body), AllOf(Not(HasSubstr("The source was only read")),
                                   Not(HasSubstr("a copy, which is gone"))));
}

TEST_F(HtmlReport, OfNothingIsAReportToo) {
  Chronicle chronicle;
  chronicle.failures = {{0, "unknown -i option: x", "", ""}};
  write(chronicle, {false, false});
  EXPECT_THAT(text_of(body), AllOf(HasSubstr("unknown -i option: x"), HasSubstr("failed")));
  chronicle.complete = false;
  write(chronicle, {false, false});
  EXPECT_THAT(text_of(body), HasSubstr("the end is missing"));
}

}  // namespace
}  // namespace v2v::host
