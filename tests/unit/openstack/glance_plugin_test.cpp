// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The built plugin glance through the C ABI, against a cloud that is not there.
#include <gmock/gmock.h>
#include <v2v/nbd/nbdkit.hpp>

#include "../plugins/output_plugin.hpp"
#include "fake_cloud.hpp"

namespace v2v::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class GlancePlugin : public OutputPlugin {
 protected:
  void SetUp() override {
    for (const auto &[name, value] : cloud_.variables()) setenv(name.c_str(), value.c_str(), 1);
    for (const char *proxy : {"http_proxy", "all_proxy"}) unsetenv(proxy);
    load("glance");
  }
  void open_it() { ASSERT_EQ(open({}), V2V_OK) << host_.error; }
  static Metadata guest(const std::string &format = "raw", unsigned disks = 2) {
    auto made = debian_guest(disks);
    for (auto &disk : made.source.disks) disk.location = {Location::Type::file, "/x", "raw"};
    for (auto &disk : made.disks) disk.format = format;
    return made;
  }
  std::string serve(const std::string &content) {
    write_file(scratch_ / "disk", content);
    nbd::Nbdkit::Settings settings;
    settings.plugin = "file";
    settings.parameters = {(scratch_ / "disk").string()};
    server_ = std::make_unique<nbd::Nbdkit>(settings, scratch_ / "server", [] {});
    return server_->uri();
  }
  const FakeImage *image_named(const std::string &name) {
    const FakeImage *found = nullptr;
    for (const auto &[id, image] : cloud_.images)
      if (image.name == name) found = &image;
    return found;
  }

  FakeCloud cloud_;
  std::unique_ptr<nbd::Nbdkit> server_;
};

TEST_F(GlancePlugin, DisksBecomeImagesThatAppearAtCommit) {
  const std::string first(1u << 20, 'a'), second(1u << 20, 'b');
  const auto machine = guest();
  open_it();
  ASSERT_EQ(precheck(machine), V2V_OK) << host_.error;
  ASSERT_EQ(prepare(machine), V2V_OK) << host_.error;
  EXPECT_EQ(targets_[0]->mode, V2V_TARGET_PLUGIN_READS);
  EXPECT_STREQ(targets_[1]->display_name, "image debian12-disk2");
  ASSERT_EQ(read(0, serve(first), machine), V2V_OK) << host_.error;
  server_.reset();
  ASSERT_EQ(read(1, serve(second), machine), V2V_OK) << host_.error;
  ASSERT_THAT(cloud_.images, SizeIs(2));
  EXPECT_TRUE(image_named("debian12")->hidden);
  ASSERT_EQ(commit(machine), V2V_OK) << host_.error;
  for (const char *name : {"debian12", "debian12-disk2"}) {
    const auto *image = image_named(name);
    ASSERT_TRUE(image);
    EXPECT_FALSE(image->hidden);
    EXPECT_EQ(image->properties.at("os_distro"), "debian");
    EXPECT_EQ(image->properties.at("min_ram"), "1024");
  }
  EXPECT_TRUE(image_named("debian12")->data == first);
  EXPECT_TRUE(image_named("debian12-disk2")->data == second);
  EXPECT_THAT(host_.logged, Contains(HasSubstr("image debian12-disk2: ")));
  EXPECT_THAT(host_.logged, Each(Not(HasSubstr("p4ss"))));
  close();
  abort();
  EXPECT_THAT(cloud_.images, IsEmpty());
}

TEST_F(GlancePlugin, AQcow2IsSentAsItIs) {
  const auto machine = guest("qcow2", 1);
  cloud_.can_hide = false;
  write_file(scratch_ / "image", "not really qcow2");
  open_it();
  ASSERT_EQ(precheck(machine), V2V_OK) << host_.error;
  ASSERT_EQ(prepare(machine), V2V_OK) << host_.error;
  EXPECT_EQ(targets_[0]->mode, V2V_TARGET_PLUGIN_TAKES);
  ASSERT_EQ(take(0, {Location::Type::file, scratch_ / "image", "qcow2"}, machine), V2V_OK)
      << host_.error;
  ASSERT_EQ(commit(machine), V2V_OK) << host_.error;
  EXPECT_EQ(image_named("debian12")->data, "not really qcow2");
  EXPECT_EQ(image_named("debian12")->properties.at("disk_format"), "qcow2");
  EXPECT_EQ(image_named("debian12")->properties.count("os_hidden"), 0u);
}

TEST_F(GlancePlugin, ThePrecheckFindsWhatCannotWork) {
  auto machine = guest();
  open_it();
  machine.disks[0].format = "vmdk";
  EXPECT_EQ(precheck(machine), V2V_E_UNSUPPORTED);
  EXPECT_THAT(host_.error, HasSubstr("raw, qcow2"));
  machine = guest();
  machine.name = std::string(250, 'x');
  EXPECT_EQ(precheck(machine), V2V_E_USAGE);
  EXPECT_THAT(host_.error, HasSubstr("-on"));
  machine = guest();
  cloud_.quota_limit = 10;
  cloud_.quota_used = 9;
  EXPECT_EQ(precheck(machine), V2V_E_NO_SPACE);
  EXPECT_THAT(host_.error,
              AllOf(HasSubstr("1.0 MiB"), HasSubstr("2.0 MiB"), HasSubstr("-of qcow2")));
  for (auto &disk : machine.disks) {
    disk.format = "qcow2";
    disk.estimated_size = 100'000;
  }
  EXPECT_EQ(precheck(machine), V2V_OK) << host_.error;
  cloud_.quota_limit = -1;
  EXPECT_EQ(precheck(guest()), V2V_OK) << host_.error;
  EXPECT_THAT(cloud_.server().requests(), Each(Not(HasSubstr("POST /image"))));
}

TEST_F(GlancePlugin, ANameThatIsTakenIsAWarningGivenOnce) {
  cloud_.images["i1"].name = "debian12-disk2";
  open_it();
  ASSERT_EQ(precheck(guest()), V2V_OK) << host_.error;
  ASSERT_EQ(precheck(guest()), V2V_OK) << host_.error;
  unsigned warned = 0;
  for (const auto &line : host_.logged) warned += line.find("is there already") != line.npos;
  EXPECT_EQ(warned, 1u);
}

TEST_F(GlancePlugin, AWrongPasswordIsFoundAtThePrecheck) {
  setenv("OS_PASSWORD", "wrong-one", 1);
  open_it();
  EXPECT_EQ(precheck(guest()), V2V_E_ACCESS);
  EXPECT_THAT(host_.error, Not(HasSubstr("wrong-one")));
}

TEST_F(GlancePlugin, OptionsOfOtherOutputsAreRefused) {
  OutputRequest wrong;
  wrong.connection = "x";
  EXPECT_EQ(open(wrong), V2V_E_USAGE);
  EXPECT_THAT(host_.error, HasSubstr("-oc option cannot be used in this output mode"));
  wrong = {};
  wrong.storage = "x";
  EXPECT_EQ(open(wrong), V2V_E_USAGE);
  OutputRequest preallocated;
  preallocated.allocation = Allocation::preallocated;
  EXPECT_EQ(open(preallocated), V2V_OK);
  EXPECT_THAT(host_.logged, Contains(HasSubstr("-oa preallocated")));
}

TEST_F(GlancePlugin, AFailedUploadIsUndoneByAnotherProcess) {
  const auto machine = guest("raw", 1);
  open_it();
  ASSERT_EQ(precheck(machine), V2V_OK) << host_.error;
  ASSERT_EQ(prepare(machine), V2V_OK) << host_.error;
  cloud_.server().fail_next({"PUT", "/file", 413});
  cloud_.server().fail_next({"DELETE", "/images/", 409});
  EXPECT_EQ(read(0, serve("data"), machine), V2V_E_NO_SPACE);
  EXPECT_THAT(cloud_.images, SizeIs(1));
  close();
  abort();
  EXPECT_THAT(cloud_.images, IsEmpty());
}

}  // namespace
}  // namespace v2v::test
