// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A disk is copied over HTTPS from a server that misbehaves in the middle: nbdkit as the plugin calls it,
// but for less patience, and the engine's own reading. What passes is borne, and nothing of it is seen in
// the copy; what stays ends in one error in bounded time.
#include "../../core/collecting_reporter.hpp"
#include "../../core/copy/copy_disks.hpp"
#include "../../core/disk/disk_fixture.hpp"

#include <core/disk/overlay.hpp>
#include <disk_server.hpp>
#include <v2v/process/process.hpp>

#include <chrono>
#include <fstream>
#include <thread>

namespace v2v::test {
namespace {

using namespace input_vpx;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint64_t disk_bytes = 12 * mebibyte;

class FaultsTest : public DiskTest {
 protected:
  FaultsTest() {
    write_file(path("disk"), "");
    std::filesystem::resize_file(path("disk"), disk_bytes);
    std::string bytes(disk_bytes, '\0');
    std::mt19937_64 random(7);
    for (auto &byte : bytes) byte = static_cast<char>(random() | 1);
    patch(path("disk"), 0, bytes);
    run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path("key"), "-out",
         path("cert")});
    process::Command command;
    command.argv = {V2V_PROXY, "--disk",    path("disk"),  "--cert", path("cert"),
                    "--key",   path("key"), "--directory", path("")};
    server_ = std::make_unique<process::Child>(command, 0, 1, 2, "cannot start", "the proxy");
    for (int i = 0; i < 1000 && !std::filesystem::exists(path("port")); ++i)
      std::this_thread::sleep_for(10ms);
    std::getline(std::ifstream(path("port")), port_);
    new_session("one");
  }

  void new_session(const std::string &name) const {
    write_file(path("cookie.next"), "vmware_soap_session=" + name + "\n");
    std::filesystem::rename(path("cookie.next"), path("cookie"));
  }
  void fault(const std::string &line) const { write_file(path("faults"), line + "\n"); }

  /// As the plugin does it, with as much patience as a test has.
  nbd::Nbdkit::Settings settings() const {
    ServerSettings common;
    common.uri = parse_vpx_uri("vpx://u@127.0.0.1:" + port_ + "/DC");
    common.run_directory = path("");
    common.keep_reads_file = path("keep");
    common.patience = {2, 2, 1, 1};
    HttpsDisk disk;
    disk.url = "https://127.0.0.1:" + port_ + "/folder/g/g-flat.vmdk?dcPath=DC&dsName=D";
    disk.cookie_file = path("cookie");
    disk.ca_file = path("cert");
    return https_settings(common, disk);
  }

  /// Copies the disk to "target".
  void copy() {
    nbdkit_ = std::make_unique<nbd::Nbdkit>(settings(), path("served"), [] {});
    Location source;
    source.type = Location::Type::uri;
    source.path = nbdkit_->uri();
    source.format = "raw";
    const auto overlay = core::Overlay::create(source, path("overlay"), never_);
    core::CopyJob job;
    job.source = overlay.location();
    job.base = source;
    job.target = file(make_image("target", "raw", disk_bytes));
    job.target_is_zero = true;
    copy_disks({job}, 1, reporter_, never_);
  }
  void copies_all_the_same() {
    copy();
    EXPECT_EQ(read_file(path("target")), read_file(path("disk")));
  }
  /// @return what nbdkit said
  std::string fails() {
    EXPECT_ERROR(error_of([&] { copy(); }), Code::io, HasSubstr("cannot read"),
                 HasSubstr("served.sock"));
    auto said = read_file(path("served.log"));
    nbdkit_.reset();
    EXPECT_FALSE(std::filesystem::exists(path("served.sock")));
    EXPECT_FALSE(std::filesystem::exists(path("served.log")));
    return said;
  }

  core::Cancellation never_;
  CollectingReporter reporter_;
  std::string port_;
  std::unique_ptr<process::Child> server_;
  std::unique_ptr<nbd::Nbdkit> nbdkit_;
};

TEST_F(FaultsTest, AServerThatIsNotReadyForAMomentIsAskedAgain) {
  fault("503 after=3000000 seconds=2");
  copies_all_the_same();
  EXPECT_THAT(nbdkit_->last_error(), AllOf(HasSubstr("503"), Not(HasSubstr("https://"))));
}

TEST_F(FaultsTest, ABrokenConnectionIsMadeAnew) {
  fault("cut after=3000000 times=2");
  copies_all_the_same();
  EXPECT_NE(nbdkit_->last_error(), "");
}

TEST_F(FaultsTest, AServerThatFallsSilentForAMomentIsAskedAgain) {
  fault("hang after=3000000 seconds=3");
  copies_all_the_same();
  EXPECT_THAT(nbdkit_->last_error(), HasSubstr("Timeout"));
}

TEST_F(FaultsTest, TheCookieOfANewSessionIsUsed) {
  fault("expire after=3000000");
  std::thread session([&] {
    for (int i = 0; i < 1000 && read_file(path("requests")).find(" 401 ") == std::string::npos; ++i)
      std::this_thread::sleep_for(10ms);
    new_session("two");
  });
  copies_all_the_same();
  session.join();
  EXPECT_THAT(read_file(path("requests")), HasSubstr(" 401 "));
}

TEST_F(FaultsTest, AServerThatStaysSilentIsGivenUp) {
  fault("hang after=3000000");
  EXPECT_THAT(fails(), HasSubstr("Timeout"));
}

TEST_F(FaultsTest, AServerThatDiesIsGivenUp) {
  fault("dead after=3000000");
  EXPECT_THAT(fails(), HasSubstr("connect"));
}

TEST_F(FaultsTest, AServerThatIsNeverReadyAgainIsGivenUp) {
  fault("503 after=3000000");
  EXPECT_THAT(fails(), HasSubstr("503"));
}

TEST_F(FaultsTest, ASessionThatStaysOverIsGivenUp) {
  fault("locked after=3000000");
  EXPECT_THAT(fails(), HasSubstr("401"));
}

}  // namespace
}  // namespace v2v::test
