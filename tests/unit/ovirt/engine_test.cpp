// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Login, requests and what is looked at before anything is made, against tests/servers/ovirt.
#include <gmock/gmock.h>

#include <thread>

#include "../plugins/output_fixture.hpp"
#include "disk_api.hpp"
#include "fake_ovirt.hpp"
#include "inventory.hpp"
#include "vm_api.hpp"

namespace v2v::test {
namespace {

using namespace std::chrono_literals;
using namespace output_rhv_upload;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

const std::string api = "/ovirt-engine/api";

http::Hooks quick() {
  http::Hooks hooks;
  hooks.pauses = {1ms, 1ms};
  return hooks;
}

class OvirtEngine : public testing::Test {
 protected:
  static void SetUpTestSuite() { ovirt_ = std::make_unique<FakeOvirt>(); }
  static void TearDownTestSuite() { ovirt_.reset(); }
  void SetUp() override {
    setenv("no_proxy", "127.0.0.1", 1);
    ovirt_->set({{"reset", true}, {"delay", 0.05}});
  }
  static NewDisk new_disk() {
    return {"11111111-2222-4333-8444-555555555555", "guest-000", "ours", "raw",
            "00000000-0000-0000-0000-0000000000d0", 1 << 20};
  }

  static std::unique_ptr<FakeOvirt> ovirt_;
  Engine engine_{ovirt_->login(), quick()};
  Inventory inventory_{engine_};
  DiskApi disks_{engine_};
};
std::unique_ptr<FakeOvirt> OvirtEngine::ovirt_;

TEST_F(OvirtEngine, LogsInOnceAndAgainWhenTheTokenHasEnded) {
  EXPECT_EQ(inventory_.check_version(), "4.5.4-1.el8");
  inventory_.check_version();
  EXPECT_EQ(ovirt_->count("POST /ovirt-engine/sso/oauth/token"), 1u);
  ovirt_->set({{"expire", "tokens"}});
  inventory_.check_version();
  EXPECT_EQ(ovirt_->count("POST /ovirt-engine/sso/oauth/token"), 2u);
}

TEST_F(OvirtEngine, AWrongPasswordSaysSoWithoutShowingIt) {
  auto login = ovirt_->login();
  login.password = "not-that-one";
  Engine engine(login, quick());
  const auto error = error_of([&] { Inventory(engine).check_version(); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::access);
  EXPECT_THAT(error->what(), AllOf(HasSubstr("admin@internal"), HasSubstr("incorrect"),
                                   Not(HasSubstr("not-that-one"))));
  EXPECT_EQ(ovirt_->count("POST /ovirt-engine/sso/oauth/token"), 1u);
}

TEST_F(OvirtEngine, AServerThatNobodyVouchesForGetsNoPassword) {
  auto login = ovirt_->login();
  login.ca_file.clear();
  Engine engine(login, quick());
  const auto error = error_of([&] { Inventory(engine).check_version(); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->failure(), HasSubstr("not trusted"));
  EXPECT_THAT(error->remedy(), HasSubstr("rhv-cafile"));
  EXPECT_EQ(ovirt_->count("POST /ovirt-engine/sso/oauth/token"), 0u);
}

TEST_F(OvirtEngine, WhatIsNoEngineIsSaidToBeNone) {
  auto login = ovirt_->login();
  login.api.replace(login.api.find("/ovirt-engine"), login.api.npos, "/elsewhere");
  Engine engine(login, quick());
  const auto error = error_of([&] { Inventory(engine).check_version(); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::not_found);
  EXPECT_THAT(error->remedy(), HasSubstr("/ovirt-engine/api"));
}

TEST_F(OvirtEngine, FiveHundredsAreRepeatedAndFourHundredsAreNot) {
  for (const int status : {500, 503}) {
    ovirt_->fail_next({{"method", "GET"}, {"path", "/clusters"}, {"status", status}});
    EXPECT_EQ(engine_.send("GET", "/clusters").status, 200);
  }
  ovirt_->fail_next({{"method", "GET"}, {"path", "/clusters"}});  // cut
  EXPECT_EQ(engine_.send("GET", "/clusters").status, 200);
  EXPECT_EQ(ovirt_->count("GET " + api + "/clusters"), 6u);
  for (const int status : {400, 403, 404, 409}) {
    ovirt_->fail_next({{"method", "GET"}, {"path", "/clusters"}, {"status", status}});
    EXPECT_EQ(engine_.send("GET", "/clusters").status, status);
  }
  EXPECT_EQ(ovirt_->count("GET " + api + "/clusters"), 10u);
}

TEST_F(OvirtEngine, AnOldEngineIsRefused) {
  ovirt_->set({{"version", {"4", "2"}}});
  const auto error = error_of([&] { inventory_.check_version(); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::unsupported);
  EXPECT_THAT(error->failure(), HasSubstr("4.2"));
}

TEST_F(OvirtEngine, TheStorageDomainMustBeUsable) {
  const auto domain = inventory_.storage_domain("data1");
  EXPECT_EQ(domain.data_center_name, "Center");
  EXPECT_EQ(domain.available, (std::uint64_t{1} << 40) - (std::uint64_t{5} << 30));
  EXPECT_FALSE(domain.block);
  const auto failure = [&](const std::string &name) {
    const auto error = error_of([&] { inventory_.storage_domain(name); });
    return error ? std::string(error->what()) + "; " + error->remedy() : "none";
  };
  EXPECT_THAT(failure("data"), AllOf(HasSubstr("no storage domain"), HasSubstr("data12, data1")));
  EXPECT_THAT(failure("da*"), HasSubstr("no storage domain"));
  EXPECT_THAT(failure("data12"), HasSubstr("'iso'"));
  ovirt_->set({{"domain", {{"status", "maintenance"}}}});
  EXPECT_THAT(failure("data1"), HasSubstr("'maintenance'"));
  ovirt_->set({{"center_status", "contend"}});
  EXPECT_THAT(failure("data1"), HasSubstr("'contend'"));
  ovirt_->set({{"reset", true}, {"domain", {{"storage", "iscsi"}, {"available", 1 << 30}}}});
  EXPECT_TRUE(inventory_.storage_domain("data1").block);
  EXPECT_EQ(inventory_.storage_domain("data1").available, 0u);
}

TEST_F(OvirtEngine, TheClusterMustBeInTheDomainsDataCenter) {
  const auto domain = inventory_.storage_domain("data1");
  EXPECT_EQ(inventory_.cluster("Default", domain).architecture, "x86_64");
  EXPECT_THAT(error_of([&] { inventory_.cluster("Elsewhere", domain); })->failure(),
              HasSubstr("Center"));
  EXPECT_EQ(error_of([&] { inventory_.cluster("Other", domain); })->code(), Code::not_found);
  ovirt_->set({{"architecture", "undefined"}});
  EXPECT_EQ(error_of([&] { inventory_.cluster("Default", domain); })->code(), Code::unsupported);
}

TEST_F(OvirtEngine, AHostKnowsItselfByTheIdOfVdsm) {
  const auto domain = inventory_.storage_domain("data1");
  TemporaryDirectory scratch;
  EXPECT_FALSE(inventory_.this_host(scratch / "none", domain));
  write_file(scratch / "vdsm.id", "4C4C4544-0031\n");
  EXPECT_FALSE(inventory_.this_host(scratch / "vdsm.id", domain));
  ovirt_->set({{"hosts", {{"4C4C4544-0031", "host-7"}}}});
  EXPECT_EQ(inventory_.this_host(scratch / "vdsm.id", domain), "host-7");
}

TEST_F(OvirtEngine, ADiskIsWaitedForAndItsCreationMayBeAnsweredTwice) {
  ovirt_->fail_next({{"method", "POST"}, {"path", "/disks"}, {"after", true}});  // cut
  disks_.create(new_disk());
  EXPECT_EQ(disks_.disk(new_disk().id)->status, "ok");
  EXPECT_EQ(ovirt_->count("POST " + api + "/disks"), 2u);
}

TEST_F(OvirtEngine, ADiskOfSomebodyElseIsNotTakenForOurs) {
  disks_.create(new_disk());
  auto mine = new_disk();
  mine.description = "mine";
  const auto error = error_of([&] { disks_.create(mine); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::exists);
  EXPECT_THAT(error->failure(), HasSubstr("already exists"));
}

TEST_F(OvirtEngine, ATransferIsFoundAgainWhenItsAnswerIsLost) {
  disks_.create(new_disk());
  ovirt_->fail_next({{"method", "POST"}, {"path", "/imagetransfers"}, {"after", true}});
  const auto transfer = disks_.begin(new_disk().id, {});
  EXPECT_EQ(transfer.phase, "transferring");
  EXPECT_EQ(ovirt_->set()["transfers"].size(), 1u);
  EXPECT_EQ(ovirt_->set()["transfers"][transfer.id]["inactivity_timeout"], 3600);
  disks_.extend(transfer.id);
  EXPECT_EQ(ovirt_->set()["extensions"], 1);
}

TEST_F(OvirtEngine, ATransferThatTheEngineEndedIsNotFinished) {
  disks_.create(new_disk());
  const auto transfer = disks_.begin(new_disk().id, {});
  ovirt_->set({{"transfers", "paused_system"}});
  const auto error = error_of([&] { disks_.finalize(transfer); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->failure(), HasSubstr("Cannot finalize"));
  EXPECT_EQ(disks_.resume(transfer.id).phase, "transferring");
  disks_.finalize(disks_.transfers().front());
  EXPECT_EQ(disks_.disk(new_disk().id)->status, "ok");
}

TEST_F(OvirtEngine, WhatWasUploadedAndIsRefusedIsAnError) {
  disks_.create(new_disk());
  const auto transfer = disks_.begin(new_disk().id, {});
  ovirt_->set({{"delay", 3600}});
  std::thread end([&] {
    std::this_thread::sleep_for(200ms);
    ovirt_->set({{"every_transfer", "finished_failure"}});
  });
  const auto error = error_of([&] { disks_.finalize(transfer); });
  end.join();
  ASSERT_TRUE(error);
  EXPECT_THAT(error->failure(), HasSubstr("finished_failure"));
}

TEST_F(OvirtEngine, LoginsAreReadFromTheUrlAndTheOptions) {
  struct Case {
    const char *url, *user, *api;
  };
  for (const auto &one :
       {Case{"https://e/ovirt-engine/api/", "admin@internal", "https://e/ovirt-engine/api"},
        Case{"https://me%40ldap@e:8443/x/api", "me@ldap", "https://e:8443/x/api"},
        Case{"https://a@b@e/api", "a@b", "https://e/api"}}) {
    // The parts that need no host: a request without a password file fails after the URL was read.
    OutputRequest request;
    request.connection = one.url;
    v2v_host table{};
    const auto error = error_of([&] { login_of(request, Host(&table)); });
    ASSERT_TRUE(error);
    EXPECT_THAT(error->failure(), HasSubstr("-op"));
  }
  OutputRequest request;
  v2v_host table{};
  EXPECT_THAT(error_of([&] { login_of(request, Host(&table)); })->failure(), HasSubstr("-oc"));
  request.connection = "ovirt.example.com";
  EXPECT_THAT(error_of([&] { login_of(request, Host(&table)); })->failure(), HasSubstr("no URL"));
  request.connection = "https://me:secret@e/api";
  const auto error = error_of([&] { login_of(request, Host(&table)); });
  EXPECT_THAT(error->what(), AllOf(HasSubstr("password"), Not(HasSubstr("secret"))));
  request.options.add("rhv-cafile", "/a");
  request.options.add("ovirt-cafile", "/b");
  EXPECT_THAT(error_of([&] { either(request.options, "cafile"); })->failure(),
              HasSubstr("same option"));
}

}  // namespace
}  // namespace v2v::test
