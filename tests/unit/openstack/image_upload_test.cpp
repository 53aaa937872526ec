// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <algorithm>

#include "../plugins/output_fixture.hpp"
#include "fake_cloud.hpp"
#include "image_upload.hpp"

namespace v2v::test {
namespace {

using namespace std::chrono_literals;
using namespace output_glance;
using ::testing::HasSubstr;
using ::testing::SizeIs;

http::Hooks quick() {
  http::Hooks hooks;
  hooks.pauses = {1ms};
  return hooks;
}

class ImageUploadTest : public testing::Test {
 protected:
  ImageUploadTest() : disk_((3u << 20) + 512, '\0') {
    for (std::size_t i = 0; i < disk_.size(); i += 4096) disk_[i] = static_cast<char>(i / 4096);
    image_.name = "guest";
    image_.format = "raw";
    image_.min_ram = 512;
    image_.properties = {{"os_type", "linux"}};
    hooks_.journal = [this](const std::string &record) { journal_.push_back(record); };
    hooks_.progress = [this](std::uint64_t done, std::uint64_t total) { told_ = {done, total}; };
    hooks_.check_cancelled = [] {};
    hooks_.debug = [](const std::string &) {};
    hooks_.warn = [this](const std::string &line) { warnings_.push_back(line); };
    hooks_.pauses = {1ms, 1ms};
  }

  std::string upload() {
    return ImageUpload(api_, image_, hooks_).run([this] {
      auto at = std::make_shared<std::size_t>(0);
      return DiskBytes{disk_.size(), [this, at](char *buffer, std::size_t room) {
                         if (*at >= fail_at_) throw Error(Code::io, "cannot read it", "disk 1");
                         const auto count = std::min(room, disk_.size() - *at);
                         std::copy_n(disk_.data() + *at, count, buffer);
                         *at += count;
                         return count;
                       }};
    });
  }
  std::optional<Error> failure() {
    return error_of([this] { upload(); });
  }
  HttpServer &server() { return cloud_.server(); }

  FakeCloud cloud_;
  std::chrono::minutes passed_{0};
  openstack::Session session_{openstack::Settings::from(cloud_.environment()), quick(),
                              [this] { return std::chrono::steady_clock::time_point() + passed_; }};
  ImageApi api_{session_};
  NewImage image_;
  UploadHooks hooks_;
  std::string disk_;
  std::size_t fail_at_ = std::string::npos;
  std::vector<std::string> journal_, warnings_;
  std::pair<std::uint64_t, std::uint64_t> told_;
};

TEST_F(ImageUploadTest, TheImageHasTheBytesAndTheProperties) {
  image_.hidden = true;
  const auto id = upload();
  ASSERT_EQ(cloud_.images.count(id), 1u);
  const auto &image = cloud_.images[id];
  EXPECT_TRUE(image.data == disk_);
  EXPECT_EQ(image.name, "guest");
  EXPECT_TRUE(image.hidden);
  EXPECT_EQ(image.properties.at("disk_format"), "raw");
  EXPECT_EQ(image.properties.at("container_format"), "bare");
  EXPECT_EQ(image.properties.at("min_ram"), "512");
  EXPECT_EQ(image.properties.at("os_type"), "linux");
  EXPECT_EQ(told_, std::pair(std::uint64_t{disk_.size()}, std::uint64_t{disk_.size()}));
  ASSERT_THAT(journal_, SizeIs(1));
  EXPECT_THAT(journal_[0], HasSubstr(id));
  api_.show(id);
  EXPECT_FALSE(cloud_.images[id].hidden);
}

TEST_F(ImageUploadTest, ARefusalIsFinalAndLeavesNothing) {
  for (const int status : {400, 403, 409, 413}) {
    server().fail_next({"PUT", "/file", status});
    const auto error = failure();
    ASSERT_TRUE(error) << status;
    EXPECT_THAT(error->what(), HasSubstr(std::to_string(status)));
    EXPECT_TRUE(cloud_.images.empty());
  }
  EXPECT_THAT(journal_, SizeIs(4));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(ImageUploadTest, WhatMayPassIsBegunAgainWithAnotherImage) {
  server().fail_next({"PUT", "/file", 503});
  server().fail_next({"PUT", "/file", 0, false, 1'000'000});
  const auto id = upload();
  EXPECT_THAT(cloud_.images, SizeIs(1));
  EXPECT_TRUE(cloud_.images[id].data == disk_);
  EXPECT_THAT(journal_, SizeIs(3));
  EXPECT_THAT(warnings_, SizeIs(2));
}

TEST_F(ImageUploadTest, ThreeTimesIsEnough) {
  for (int i = 0; i < 3; ++i) server().fail_next({"PUT", "/file", 503});
  const auto error = failure();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::io);
  EXPECT_THAT(error->what(), HasSubstr("503"));
  EXPECT_TRUE(cloud_.images.empty());
}

TEST_F(ImageUploadTest, ATokenThatEndedIsRenewed) {
  server().fail_next({"PUT", "/file", 401});
  EXPECT_TRUE(cloud_.images[upload()].data == disk_);
  EXPECT_EQ(server().count("POST /identity/v3/auth/tokens"), 2u);
}

TEST_F(ImageUploadTest, AnUploadBeginsWithATokenThatLastsForLong) {
  session_.project();
  passed_ = 29min;
  upload();
  EXPECT_EQ(server().count("POST /identity/v3/auth/tokens"), 1u);
  passed_ = 31min;  // of an hour
  session_.project();
  EXPECT_EQ(server().count("POST /identity/v3/auth/tokens"), 1u);
  upload();
  EXPECT_EQ(server().count("POST /identity/v3/auth/tokens"), 2u);
}

TEST_F(ImageUploadTest, AnAnswerThatIsLostAfterAllWasSentDoesNoHarm) {
  server().fail_next({"PUT", "/file", 504, true});
  upload();
  EXPECT_THAT(journal_, SizeIs(1));
  server().fail_next({"PUT", "/file", 0, true});
  upload();
  EXPECT_THAT(journal_, SizeIs(2));
  EXPECT_THAT(cloud_.images, SizeIs(2));
}

TEST_F(ImageUploadTest, ACreationWhoseAnswerIsLostIsNotAClash) {
  server().fail_next({"POST", "/v2/images", 0, true});
  EXPECT_TRUE(cloud_.images[upload()].data == disk_);
  EXPECT_EQ(server().count("POST /image/v2/images"), 2u);
}

TEST_F(ImageUploadTest, ACreationThatIsRefusedSaysWhy) {
  server().fail_next(
      {"POST", "/v2/images", 403, false, 0, {}, "<h1>Forbidden</h1> too many properties"});
  const auto error = failure();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::access);
  EXPECT_THAT(error->what(), HasSubstr("guest: cannot create the image"));
  EXPECT_THAT(error->what(), HasSubstr("too many properties"));
}

TEST_F(ImageUploadTest, WhatHasArrivedIsChecked) {
  cloud_.hash_of_all = std::string(128, '0');
  const auto error = failure();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::corrupt);
  EXPECT_TRUE(cloud_.images.empty());
}

TEST_F(ImageUploadTest, ADiskThatCannotBeReadIsNotTriedAgain) {
  fail_at_ = 1u << 20;
  const auto error = failure();
  ASSERT_TRUE(error);
  EXPECT_STREQ(error->what(), "disk 1: cannot read it");
  EXPECT_THAT(journal_, SizeIs(1));
  EXPECT_TRUE(cloud_.images.empty());
}

TEST_F(ImageUploadTest, ACancellationEndsIt) {
  hooks_.check_cancelled = [] { throw Error(Code::cancelled, "stop"); };
  const auto error = failure();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::cancelled);
}

TEST_F(ImageUploadTest, AbilitiesAndQuotaAreAsked) {
  auto abilities = api_.abilities();
  EXPECT_TRUE(abilities.hides);
  EXPECT_THAT(abilities.formats, testing::ElementsAre("raw", "qcow2"));
  cloud_.can_hide = false;
  EXPECT_FALSE(api_.abilities().hides);
  cloud_.quota_limit = 100;
  cloud_.quota_used = 40;
  EXPECT_EQ(api_.quota()->limit, 100);
  EXPECT_EQ(api_.quota()->used, 40);
  cloud_.tells_quota = false;
  EXPECT_FALSE(api_.quota());
  upload();
  EXPECT_TRUE(api_.exists("guest"));
  EXPECT_FALSE(api_.exists("guest2"));
}

}  // namespace
}  // namespace v2v::test
