// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The plugin as the host calls it, against tests/servers/ovirt.
#include <gmock/gmock.h>

#include "../plugins/output_plugin.hpp"
#include "fake_ovirt.hpp"

namespace v2v::test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Json = nlohmann::json;

const std::string first_id = "aaaaaaaa-0000-4000-8000-000000000001";
const std::string second_id = "aaaaaaaa-0000-4000-8000-000000000002";

class RhvUploadPlugin : public OutputPlugin {
 protected:
  static void SetUpTestSuite() { ovirt_ = std::make_unique<FakeOvirt>(); }
  static void TearDownTestSuite() { ovirt_.reset(); }
  void SetUp() override {
    setenv("no_proxy", "127.0.0.1", 1);
    ovirt_->set({{"reset", true}, {"delay", 0.05}});
    load("rhv-upload");
    host_.table.secret = [](const v2v_host *, const v2v_secret_request *,
                            const char **value) -> v2v_status {
      *value = password_;
      return V2V_OK;
    };
    password_ = FakeOvirt::password;
  }
  static OutputRequest asked() {
    OutputRequest request;
    request.connection = ovirt_->url();
    request.storage = "data1";
    request.options.add("password-file", ovirt_->file("password"));
    request.options.add("ovirt-cafile", ovirt_->file("ca.pem"));
    return request;
  }
  static Metadata guest(unsigned disks = 2) {
    auto made = debian_guest(disks);
    for (auto &disk : made.source.disks) disk.location = {Location::Type::file, "/x", "raw"};
    return made;
  }
  void begin(const Metadata &machine, const OutputRequest &request = asked()) {
    ASSERT_EQ(open(request), V2V_OK) << host_.error;
    ASSERT_EQ(precheck(machine), V2V_OK) << host_.error;
    ASSERT_EQ(prepare(machine), V2V_OK) << host_.error;
  }
  v2v_status upload(unsigned disk, const std::string &content, const Metadata &machine) {
    const ServedDisk served(content);
    return read(disk, served.uri(), machine);
  }
  void expect_clean() {
    const auto state = ovirt_->set();
    EXPECT_THAT(state["disks"], IsEmpty()) << state["disks"];
    EXPECT_THAT(state["machines"], IsEmpty());
    for (const auto &transfer : state["transfers"])
      EXPECT_THAT(transfer["phase"].get<std::string>(), HasSubstr("finished"));
  }
  void expect_no_secret() {
    EXPECT_THAT(host_.logged, Each(Not(HasSubstr("p4ss"))));
    EXPECT_THAT(host_.logged, Each(Not(HasSubstr("token-"))));
    EXPECT_THAT(host_.logged, Each(Not(HasSubstr("/images/"))));
    EXPECT_THAT(host_.records, Each(Not(HasSubstr("p4ss"))));
  }
  /// What the check before the work says of this.
  std::string refusal(const Json &state, const Metadata &machine = guest(),
                      const OutputRequest &request = asked()) {
    ovirt_->set({{"reset", true}, {"delay", 0.05}});
    ovirt_->set(state);
    close();
    host_.error.clear();
    if (open(request) == V2V_OK) precheck(machine);
    EXPECT_THAT(ovirt_->set()["disks"], IsEmpty());
    return host_.error;
  }

  static std::unique_ptr<FakeOvirt> ovirt_;
  static const char *password_;
};
std::unique_ptr<FakeOvirt> RhvUploadPlugin::ovirt_;
const char *RhvUploadPlugin::password_ = nullptr;

TEST_F(RhvUploadPlugin, AMachineAppearsWithItsDisks) {
  const std::string first(1u << 20, 'a'), second(1u << 20, 'b');
  const auto machine = guest();
  auto request = asked();
  request.options.add("rhv-disk-uuid", first_id);
  request.options.add("rhv-disk-uuid", second_id);
  begin(machine, request);
  EXPECT_EQ(targets_[0]->mode, V2V_TARGET_PLUGIN_READS);
  EXPECT_STREQ(targets_[1]->display_name, "disk debian12-001");
  ASSERT_EQ(upload(0, first, machine), V2V_OK) << host_.error;
  ASSERT_EQ(upload(1, second, machine), V2V_OK) << host_.error;
  EXPECT_THAT(ovirt_->set()["machines"], IsEmpty());
  ASSERT_EQ(commit(machine), V2V_OK) << host_.error;
  const auto state = ovirt_->set();
  EXPECT_THAT(state["violations"], IsEmpty());
  ASSERT_THAT(state["machines"], SizeIs(1));
  const auto made = state["machines"].front();
  EXPECT_EQ(made["name"], "debian12");
  EXPECT_EQ(made["status"], "down");
  EXPECT_EQ(made["disks"], Json({first_id, second_id}));
  EXPECT_TRUE(ovirt_->bytes(first_id) == first);
  EXPECT_TRUE(ovirt_->bytes(second_id) == second);
  EXPECT_EQ(state["disks"][first_id]["format"], "raw");
  EXPECT_EQ(state["disks"][first_id]["sparse"], true);
  EXPECT_THAT(host_.logged, Contains(HasSubstr("disk debian12-001: " + second_id)));
  expect_no_secret();
  close();
  abort();  // as after a crash between commit and the end
  expect_clean();
}

TEST_F(RhvUploadPlugin, AQcow2DiskIsFilledWithRawData) {
  auto machine = guest(1);
  machine.disks[0].format = "qcow2";
  auto request = asked();
  request.format = "qcow2";
  begin(machine, request);
  ASSERT_EQ(upload(0, std::string(1u << 20, 'q'), machine), V2V_OK) << host_.error;
  ASSERT_EQ(commit(machine), V2V_OK) << host_.error;
  const auto state = ovirt_->set();
  EXPECT_EQ(state["disks"].front()["format"], "cow");
  EXPECT_THAT(state["machines"].front()["disks"], SizeIs(1));
}

TEST_F(RhvUploadPlugin, ARawDiskOnBlockStorageIsPreallocated) {
  ovirt_->set({{"domain", {{"storage", "fcp"}}}});
  const auto machine = guest(1);
  begin(machine);
  EXPECT_EQ(ovirt_->set()["disks"].front()["sparse"], false);
  EXPECT_THAT(host_.logged, Contains(HasSubstr("block storage")));
  ASSERT_EQ(upload(0, std::string(1u << 20, 'f'), machine), V2V_OK) << host_.error;
  ASSERT_EQ(commit(machine), V2V_OK) << host_.error;
  EXPECT_THAT(ovirt_->set()["machines"].front()["disks"], SizeIs(1));
}

TEST_F(RhvUploadPlugin, ThePrecheckFindsWhatCannotWork) {
  EXPECT_EQ(refusal(Json::object()), "");
  EXPECT_THAT(refusal({{"domain", {{"status", "inactive"}}}}), HasSubstr("'inactive'"));
  EXPECT_THAT(refusal({{"center_status", "not_operational"}}), HasSubstr("'not_operational'"));
  EXPECT_THAT(refusal({{"version", {"4", "0"}}}), HasSubstr("4.0"));
  EXPECT_THAT(refusal({{"architecture", "ppc64"}}), HasSubstr("is for ppc64"));
  EXPECT_THAT(refusal({{"domain", {{"available", (5LL << 30) + 4096}, {"storage", "iscsi"}}}}),
              AllOf(HasSubstr("4.0 KiB"), HasSubstr("2.0 MiB")));
  auto named = guest();
  named.name = "two words";
  EXPECT_THAT(refusal(Json::object(), named), HasSubstr("-on"));
  named.name = "Gast-äöü_1.0";
  EXPECT_EQ(refusal(Json::object(), named), "");
  EXPECT_THAT(refusal({{"machines", {{"m", {{"name", "debian12"}, {"disks", Json::array()}}}}}}),
              HasSubstr("already"));
  auto few = asked();
  few.options.add("ovirt-disk-uuid", first_id);
  EXPECT_THAT(refusal(Json::object(), guest(), few), HasSubstr("2 disks, but 1"));
  password_ = "wrong-one";
  EXPECT_THAT(refusal(Json::object()),
              AllOf(HasSubstr("refuses the login"), Not(HasSubstr("-one"))));
}

TEST_F(RhvUploadPlugin, OptionsAreChecked) {
  const auto opened = [&](const std::function<void(OutputRequest &)> &change) {
    close();
    auto request = asked();
    change(request);
    host_.error.clear();
    open(request);
    return host_.error;
  };
  EXPECT_THAT(opened([](auto &request) { request.storage.clear(); }), HasSubstr("-os"));
  EXPECT_THAT(opened([](auto &request) { request.format = "vmdk"; }), HasSubstr("-of"));
  EXPECT_THAT(opened([](auto &request) {
                request.format = "qcow2";
                request.allocation = Allocation::preallocated;
              }),
              HasSubstr("preallocated"));
  for (const char *wrong : {"x", "00000000-0000-0000-0000-000000000000"})
    EXPECT_THAT(opened([&](auto &request) { request.options.add("rhv-disk-uuid", wrong); }),
                HasSubstr("no UUID"));
  EXPECT_THAT(opened([](auto &request) {
                request.options.add("rhv-disk-uuid", first_id);
                request.options.add("ovirt-disk-uuid", first_id);
              }),
              HasSubstr("the same UUID"));
  EXPECT_THAT(opened([](auto &request) {
                request.options.add("rhv-direct", "true");
                request.options.add("rhv-proxy", "true");
              }),
              HasSubstr("exclude"));
  EXPECT_THAT(host_.logged, Not(Contains(HasSubstr("not checked"))));
  EXPECT_EQ(opened([](auto &request) { request.options.add("rhv-verifypeer", "false"); }), "");
  EXPECT_THAT(host_.logged, Contains(HasSubstr("not checked")));
}

TEST_F(RhvUploadPlugin, AnUploadThatFailsIsUndoneByAnotherProcess) {
  const auto machine = guest();
  begin(machine);
  ASSERT_EQ(upload(0, std::string(1u << 20, 'a'), machine), V2V_OK) << host_.error;
  ovirt_->set({{"space", 0}});
  EXPECT_NE(upload(1, std::string(1u << 20, 'b'), machine), V2V_OK);
  EXPECT_THAT(ovirt_->set()["disks"], SizeIs(2));
  close();
  abort();
  expect_clean();
  abort();  // twice does no harm
  expect_no_secret();
}

TEST_F(RhvUploadPlugin, AMachineWithoutItsDisksIsNoSuccess) {
  const auto machine = guest(1);
  begin(machine);
  ASSERT_EQ(upload(0, std::string(1u << 20, 'a'), machine), V2V_OK) << host_.error;
  ovirt_->set({{"attach_fails", true}});
  EXPECT_EQ(commit(machine), V2V_E_IO);
  EXPECT_THAT(host_.error, HasSubstr("not attached"));
  EXPECT_THAT(ovirt_->set()["machines"], SizeIs(1));
  close();
  abort();
  expect_clean();
}

TEST_F(RhvUploadPlugin, AMachineWhoseAnswerIsLostIsFoundAndOneThatIsRefusedIsNot) {
  auto machine = guest(1);
  begin(machine);
  ASSERT_EQ(upload(0, std::string(1u << 20, 'a'), machine), V2V_OK) << host_.error;
  ovirt_->fail_next(
      {{"method", "POST"}, {"path", "/vms"}, {"status", 403}, {"body", R"({"detail":"[No!]"})"}});
  EXPECT_EQ(commit(machine), V2V_E_ACCESS);
  EXPECT_THAT(host_.error, HasSubstr("No!"));
  ovirt_->fail_next({{"method", "POST"}, {"path", "/vms"}, {"after", true}});
  EXPECT_EQ(commit(machine), V2V_OK) << host_.error;
  EXPECT_THAT(ovirt_->set()["machines"], SizeIs(1));
}

TEST_F(RhvUploadPlugin, ADiskOfSomebodyElseSurvivesTheUndoing) {
  const auto machine = guest(1);
  auto request = asked();
  request.options.add("rhv-disk-uuid", first_id);
  ASSERT_EQ(open(request), V2V_OK) << host_.error;
  ASSERT_EQ(precheck(machine), V2V_OK) << host_.error;
  // Made by another one since the check.
  ovirt_->set({{"disks",
                {{first_id,
                  {{"name", "x"},
                   {"description", "theirs"},
                   {"status", "ok"},
                   {"format", "raw"},
                   {"provisioned_size", 4096}}}}}});
  EXPECT_EQ(prepare(machine), V2V_E_EXISTS);
  EXPECT_EQ(precheck(machine), V2V_E_EXISTS);
  EXPECT_THAT(host_.error, HasSubstr(first_id));
  close();
  abort();
  EXPECT_THAT(ovirt_->set()["disks"], SizeIs(1));
}

TEST_F(RhvUploadPlugin, WithoutThePasswordFileTheUndoingSaysSo) {
  const auto machine = guest(1);
  write_file(scratch_ / "password", FakeOvirt::password);
  auto request = asked();
  request.options = {};
  request.options.add("password-file", scratch_ / "password");
  request.options.add("rhv-cafile", ovirt_->file("ca.pem"));
  begin(machine, request);
  close();
  std::filesystem::rename(scratch_ / "password", scratch_ / "away");
  const v2v_abort_request again = {sizeof again, 0, lender_.texts(host_.records)};
  EXPECT_EQ(output_->abort(&host_.table, &again), V2V_E_NOT_FOUND);
  EXPECT_THAT(host_.error, HasSubstr((scratch_ / "password").string()));
  EXPECT_THAT(ovirt_->set()["disks"], SizeIs(1));
  std::filesystem::rename(scratch_ / "away", scratch_ / "password");
  abort();
  expect_clean();
}

}  // namespace
}  // namespace v2v::test
