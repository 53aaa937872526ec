// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Disks on their way into tests/servers/ovirt, and everything that can go wrong on it.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "../plugins/output_fixture.hpp"
#include "fake_ovirt.hpp"
#include "transfer.hpp"

namespace v2v::test {
namespace {

using namespace std::chrono_literals;
using namespace output_rhv_upload;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Json = nlohmann::json;

const std::string id = "11111111-2222-4333-8444-555555555555";

class DiskTransfer : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ovirt_ = std::make_unique<FakeOvirt>();
    content_ = test_disk();
  }
  static void TearDownTestSuite() { ovirt_.reset(); }
  void SetUp() override {
    served_ = std::make_unique<ServedDisk>(content_);
    setenv("no_proxy", "127.0.0.1", 1);
    ovirt_->set({{"reset", true}, {"delay", 0.05}});
    http::Hooks hooks;
    hooks.pauses = {1ms, 1ms};
    engine_ = std::make_unique<Engine>(ovirt_->login(), hooks);
    request_ = {served_->uri(), "disk 1", id, size()};
    hooks_.progress = [this](std::uint64_t done) { told_ = done; };
    hooks_.check_cancelled = [this] {
      if (cancelled_) throw Error(Code::cancelled, "stop");
    };
    hooks_.debug = [this](const std::string &line) { said_.push_back(line); };
    hooks_.warn = [this](const std::string &line) { warnings_.push_back(line); };
    hooks_.pauses = {1ms, 1ms};
    create();
  }
  void create() {
    DiskApi(*engine_).create(
        {id, "guest-000", "ours", "raw", "00000000-0000-0000-0000-0000000000d0", size()});
  }
  /// Rounded up, as the host does.
  static std::uint64_t size() { return (content_.size() + 4095) / 4096 * 4096; }
  void run() { transfer_disk(*engine_, request_, hooks_); }
  std::optional<Error> failure() {
    return error_of([this] { run(); });
  }
  static void expect_all_there() {
    const auto state = ovirt_->set();
    EXPECT_THAT(state["violations"], IsEmpty()) << state["violations"];
    EXPECT_EQ(state["disks"][id]["status"], "ok");
    auto expected = content_;
    expected.resize(size());
    EXPECT_TRUE(ovirt_->bytes(id) == expected);
  }

  static std::unique_ptr<FakeOvirt> ovirt_;
  static std::string content_;
  std::unique_ptr<ServedDisk> served_;
  std::unique_ptr<Engine> engine_;
  TransferRequest request_;
  TransferHooks hooks_;
  std::atomic<bool> cancelled_ = false;
  std::vector<std::string> said_, warnings_;
  std::uint64_t told_ = 0;
};
std::unique_ptr<FakeOvirt> DiskTransfer::ovirt_;
std::string DiskTransfer::content_;

TEST_F(DiskTransfer, EveryByteArrivesAndZeroesAreTold) {
  run();
  expect_all_there();
  const auto state = ovirt_->set();
  EXPECT_EQ(state["zeroed"], (27u << 20) + 3584);  // two holes and the rounding up
  EXPECT_EQ(state["puts"], 5);
  EXPECT_EQ(state["flushes"], 1);
  // One for each of four writers, and one for the options.
  EXPECT_LE(state["connections"], 5);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(DiskTransfer, WhatWasThereBeforeIsZeroed) {
  write_file(ovirt_->file("disks/" + id), std::string(size(), 'x'));
  run();
  expect_all_there();
}

TEST_F(DiskTransfer, AServerOfOneWriterAndWithoutFeaturesGetsItAll) {
  ovirt_->set({{"writers", 1}, {"features", Json::array()}});
  run();
  const auto state = ovirt_->set();
  EXPECT_EQ(state["zeroed"], 0);
  EXPECT_EQ(state["violations"], Json({"finalized without a flush"}));  // it flushes each write
  auto expected = content_;
  expected.resize(size());
  EXPECT_TRUE(ovirt_->bytes(id) == expected);
}

TEST_F(DiskTransfer, OnAHostOfTheEngineItGoesByTheLocalSocket) {
  request_.host = "host-7";
  run();
  expect_all_there();
  EXPECT_GT(ovirt_->set()["local_requests"], 0);
  EXPECT_EQ(ovirt_->set()["transfers"].front()["host"], "host-7");
}

TEST_F(DiskTransfer, WithoutAnAddressOfTheHostThereIsTheProxy) {
  ovirt_->set({{"direct", false}});
  const auto error = failure();
  ASSERT_TRUE(error);
  EXPECT_THAT(error->remedy(), HasSubstr("-oo rhv-proxy"));
  ovirt_->set({{"reset", true}, {"direct", false}, {"delay", 0.05}});
  create();
  request_.direct = false;
  run();
  expect_all_there();
}

TEST_F(DiskTransfer, ServersThatFailForAMomentDoNoHarm) {
  for (const int percent : {10, 50, 99}) {
    ovirt_->fail_next({{"method", "PUT"}, {"path", "/images/"}, {"percent", percent}});
    ovirt_->fail_next(
        {{"method", "PUT"}, {"path", "/images/"}, {"percent", percent}, {"status", 503}});
  }
  ovirt_->fail_next({{"method", "PUT"}, {"path", "/images/"}, {"after", true}});
  ovirt_->fail_next({{"method", "PATCH"}, {"path", "/images/"}, {"status", 500}});
  ovirt_->fail_next({{"method", "OPTIONS"}, {"path", "/images/"}, {"status", 502}});
  engine_ = std::make_unique<Engine>(ovirt_->login(), [] {
    http::Hooks hooks;
    hooks.pauses = std::vector<std::chrono::milliseconds>(9, 1ms);
    return hooks;
  }());
  run();
  expect_all_there();
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(DiskTransfer, ATokenThatEndsDuringTheUploadIsRenewed) {
  ServedDisk slow(content_, {"delay"}, {"delay-read=50ms"});
  request_.uri = slow.uri();
  hooks_.progress = [this](std::uint64_t done) {
    if (done > 0 && told_ == 0) ovirt_->set({{"expire", "tokens"}});
    told_ = done;
  };
  run();
  expect_all_there();
  EXPECT_EQ(ovirt_->count("POST /ovirt-engine/sso/oauth/token"), 2u);
}

TEST_F(DiskTransfer, ATransferThatTheEnginePausedIsResumedWithAnotherTicket) {
  bool paused = false;
  hooks_.progress = [&](std::uint64_t done) {
    if (done > 0 && !paused) ovirt_->set({{"transfers", "paused_system"}});
    paused |= done > 0;
  };
  run();
  expect_all_there();
  EXPECT_THAT(warnings_, SizeIs(1));
  EXPECT_THAT(warnings_[0], HasSubstr("sent again"));
  EXPECT_EQ(ovirt_->set()["transfers"].size(), 1u);
}

TEST_F(DiskTransfer, ATicketThatIsNeverTakenEndsIt) {
  ovirt_->fail_next(
      {{"method", "PUT"}, {"path", "/images/"}, {"status", 403}, {"times", 1000}, {"body", "No"}});
  const auto error = failure();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::access);
  EXPECT_THAT(warnings_, SizeIs(2));
  ovirt_->set({{"faults", Json::array()}});
}

TEST_F(DiskTransfer, RefusalsAreFinal) {
  for (const int status : {400, 404, 409, 416}) {
    ovirt_->set({{"reset", true}, {"delay", 0.05}});
    create();
    ovirt_->fail_next({{"method", "PUT"}, {"path", "/images/"}, {"status", status}});
    const auto error = failure();
    ASSERT_TRUE(error) << status;
    EXPECT_THAT(error->failure(), HasSubstr(std::to_string(status)));
  }
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(DiskTransfer, AFullDomainIsSaidToBeFull) {
  ovirt_->set({{"space", 6 << 20}});
  const auto error = failure();
  ASSERT_TRUE(error);
  // Perhaps after a connection that was closed before the answer could be read: then it tries again.
  EXPECT_THAT(error->remedy(), HasSubstr("full"));
}

TEST_F(DiskTransfer, TheTicketIsInNoMessage) {
  const auto all_said = [&](const Error &error) {
    auto text = std::string(error.what()) + error.remedy();
    for (const auto &line : said_) text += line;
    for (const auto &line : warnings_) text += line;
    return text;
  };
  std::string ticket;
  hooks_.progress = [&](std::uint64_t) {
    const auto transfers = ovirt_->set()["transfers"];
    if (ticket.empty() && !transfers.empty() && transfers.front()["ticket"].is_string()) {
      ticket = transfers.front()["ticket"];
      ovirt_->set({{"every_transfer", "finished_failure"}});
    }
  };
  const auto error = failure();
  ASSERT_TRUE(error);
  ASSERT_FALSE(ticket.empty());
  EXPECT_EQ(all_said(*error).find(ticket), std::string::npos) << all_said(*error);
}

TEST_F(DiskTransfer, ADiskThatCannotBeReadIsNotSentAgain) {
  ServedDisk broken(content_, {"error"}, {"error-pread-rate=100%"});
  request_.uri = broken.uri();
  const auto error = failure();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->object(), "disk 1");
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(DiskTransfer, ACancellationEndsItWhileTheSourceIsSlow) {
  ServedDisk stuck(content_, {"delay"}, {"delay-read=3600"});
  request_.uri = stuck.uri();
  std::thread stop([this] {
    std::this_thread::sleep_for(300ms);
    cancelled_ = true;
  });
  const auto error = failure();
  stop.join();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::cancelled);
}

TEST_F(DiskTransfer, ASmallDiskAndAnEmptyOne) {
  for (const auto &content : {std::string(4096, 'a'), std::string(4096, '\0')}) {
    ovirt_->set({{"reset", true}, {"delay", 0.05}});
    DiskApi(*engine_).create(
        {id, "guest-000", "ours", "raw", "00000000-0000-0000-0000-0000000000d0", content.size()});
    ServedDisk served(content);
    request_.uri = served.uri();
    request_.size = content.size();
    run();
    EXPECT_TRUE(ovirt_->bytes(id) == content);
    EXPECT_THAT(ovirt_->set()["violations"], IsEmpty());
  }
}

}  // namespace
}  // namespace v2v::test
