// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "image_record.hpp"

#include <gmock/gmock.h>
#include <v2v/openstack/uuid.hpp>

#include <regex>
#include <set>

#include "../plugins/output_fixture.hpp"
#include "fake_cloud.hpp"

namespace v2v::test {
namespace {

using namespace output_glance;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ImageRecord, IdsAreRandomUuids) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const auto id = openstack::new_uuid();
    EXPECT_TRUE(std::regex_match(
        id, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
        << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 100u);
}

class ImageRecordTest : public testing::Test {
 protected:
  std::string record(const std::string &id) {
    return image_record(id, cloud_.server().url() + "/image/v2/images/" + id,
                        openstack::Settings::from(cloud_.environment()));
  }
  FakeCloud cloud_;
};

TEST_F(ImageRecordTest, IsOneLineWithoutASecret) {
  EXPECT_THAT(record("i1"), Not(HasSubstr("p4ss")));
  EXPECT_THAT(record("i1"), Not(HasSubstr("\n")));
}

TEST_F(ImageRecordTest, EveryImageGoesAndTwiceDoesNoHarm) {
  cloud_.images["i1"].status = "saving";
  cloud_.images["i3"];
  cloud_.images["mine"];
  const std::vector<std::string> records = {record("i1"), "no record", record("i2"), record("i3")};
  remove_recorded(records, cloud_.environment(), {});
  EXPECT_THAT(cloud_.images, testing::ElementsAre(testing::Key("mine")));
  remove_recorded(records, cloud_.environment(), {});
  EXPECT_EQ(cloud_.server().count("POST /identity/v3/auth/tokens"), 2u);
}

TEST_F(ImageRecordTest, OneThatCannotBeRemovedDoesNotSaveTheOthers) {
  cloud_.images["i1"];
  cloud_.images["i2"];
  cloud_.server().fail_next({"DELETE", "/i1", 409});
  const auto error = error_of([&] {
    remove_recorded({record("i1"), record("i2")}, cloud_.environment(), {});
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->object(), "i1");
  EXPECT_THAT(error->remedy(), HasSubstr("start v2v again"));
  EXPECT_THAT(cloud_.images, testing::ElementsAre(testing::Key("i1")));
}

TEST_F(ImageRecordTest, WithoutTheSecretNothingIsTakenForRemoved) {
  cloud_.images["i1"];
  const auto error = error_of([&] {
    remove_recorded({record("i1")}, [](const char *) -> const char * { return nullptr; }, {});
  });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("OS_PASSWORD"));
}

}  // namespace
}  // namespace v2v::test
