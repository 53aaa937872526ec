// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// <checksum> in the XML of a disk: which sum it is of, and what each way to fail does. The sums that are
// right are those of coreutils.
#include "../input_fixture.hpp"

#include <fmt/format.h>

#include <libvirtxml_input.hpp>

namespace v2v::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DiskChecksum : public InputTest {
 protected:
  DiskChecksum() { make_raw("disk.img", 3 * mebibyte); }

  std::string sum(const std::string &program, const std::string &file = "disk.img") const {
    const auto line = run({program, path(file)});
    return line.substr(0, line.find(' '));
  }
  std::string disk(const std::string &checksum, const std::string &file = "disk.img",
                   const std::string &format = "raw", const std::string &slices = {}) const {
    return fmt::format(
        "<disk type='file'><driver type='{}'/><source file='{}'>{}</source>"
        "<target dev='vda' bus='virtio'/>{}</disk>",
        format, path(file), slices, checksum);
  }
  void open(const std::string &disks) {
    warnings_.clear();
    infos_.clear();
    write_file(path("guest.xml"),
               "<domain type='kvm'><name>guest</name><devices>" + disks + "</devices></domain>");
    request_.arguments = {path("guest.xml")};
    input_libvirt::LibvirtXmlInput(Host(&table_), request_).open();
  }
  Error refusal(const std::string &disks) {
    return error_of([&] { open(disks); });
  }
};

std::string element(const std::string &attributes, const std::string &value = {}) {
  return fmt::format("<checksum {}>{}</checksum>", attributes, value);
}

TEST_F(DiskChecksum, IsOfWhatTheGuestSeesWhateverTheFormat) {
  convert(path("disk.img"), "disk.qcow2", "qcow2");
  for (const char *method : {"md5", "sha256", "sha512"}) {
    SCOPED_TRACE(method);
    const auto right = element(fmt::format("method='{}' fail='error'", method),
                               " " + sum(std::string(method) + "sum") + "\n");
    open(disk(right) + disk(right, "disk.qcow2", "qcow2"));
    EXPECT_THAT(warnings_, IsEmpty());
    // The right sum of something else.
    const auto image = element(fmt::format("method='{}' fail='error'", method),
                               sum(std::string(method) + "sum", "disk.qcow2"));
    EXPECT_ERROR(refusal(disk(image, "disk.qcow2", "qcow2")), Code::corrupt,
                 HasSubstr("bad checksum for disk 1/1"));
  }
}

TEST_F(DiskChecksum, OfAPartIsOfThatPart) {
  run({"dd", "if=" + path("disk.img"), "of=" + path("part"), "bs=512", "skip=2048", "count=8",
       "status=none"});
  const std::string slices =
      "<slices><slice type='storage' offset='1048576' size='4096'/></slices>";
  open(
      disk(element("method='md5' fail='error'", sum("md5sum", "part")), "disk.img", "raw", slices));
}

TEST_F(DiskChecksum, ThatDiffersFailsAsTheXmlSays) {
  const auto bad = [](const std::string &fail) { return element("method='md5'" + fail, "123123"); };
  for (const char *fail : {" fail='error'", " fail='err'"})
    EXPECT_ERROR(refusal(disk(bad(fail))), Code::corrupt, HasSubstr("the md5 sum"),
                 HasSubstr(sum("md5sum")), HasSubstr("should be 123123"));
  for (const char *fail : {"", " fail='warn'", " fail='warning'"}) {
    open(disk(bad(fail)));
    EXPECT_THAT(warnings_, ElementsAre(HasSubstr("should be 123123"))) << fail;
  }
  open(disk(bad(" fail='ignore'")));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(DiskChecksum, OfTheSecondDiskIsCheckedToo) {
  make_raw("other.img", mebibyte * 2);
  EXPECT_ERROR(
      refusal(disk("") + disk(element("method='md5' fail='error'", sum("md5sum")), "other.img")),
      Code::corrupt, HasSubstr("disk 2/2"), HasSubstr("other.img"));
}

TEST_F(DiskChecksum, IsPrintedWhereThatIsWanted) {
  open(disk(element("method='sha256' fail='print'")));
  EXPECT_THAT(infos_, ElementsAre("Checksum of disk 1/1: " + sum("sha256sum")));
}

TEST_F(DiskChecksum, ThatIsNotUnderstoodIsTold) {
  open(disk(element("", "123")));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("it has no method")));
  open(disk(element("method='md5' fail='error'")));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("it is empty")));
  open(disk(element("method='md5' fail='perhaps'", "123")));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("fail='perhaps' is not known")));
  EXPECT_ERROR(refusal(disk(element("method='crc' fail='error'", "123"))), Code::usage,
               HasSubstr("crc"), HasSubstr("sha256"));
}

}  // namespace
}  // namespace v2v::test
