// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Sources on a real NBD server: nbdkit, with filters that make it slow, forgetful or mortal.
#include "../disk/layers_fixture.hpp"
#include "../disk/silent_server.hpp"
#include "copy_disks.hpp"

#include <core/copy/disk_server.hpp>
#include <core/disk/image_size.hpp>
#include <core/disk/nbd_connection.hpp>

#include <signal.h>

#include <regex>
#include <thread>

namespace v2v::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class CopyNbdTest : public LayersTest {
 protected:
  /// @param options  filters, then plugin and parameters
  Location serve(const std::vector<std::string> &options) {
    std::vector<std::string> argv = {"nbdkit",       "--readonly", "--unix",
                                     path("socket"), "--pidfile",  path("pid")};
    argv.insert(argv.end(), options.begin(), options.end());
    run(argv);
    Location location;
    location.type = Location::Type::uri;
    location.format = "raw";
    location.path = "nbd+unix:///?socket=" + path("socket");
    return location;
  }
  void end_server(int signal) const {
    if (!std::filesystem::exists(path("pid"))) return;
    const auto pid = std::stoi(read_file(path("pid")));
    ::kill(pid, signal);
    for (int i = 0; i < 500 && ::kill(pid, 0) == 0; ++i) std::this_thread::sleep_for(10ms);
    std::filesystem::remove(path("pid"));
    std::filesystem::remove(path("socket"));
  }
  void TearDown() override { end_server(SIGTERM); }

  core::Overlay overlay_over(const Location &source) {
    return core::Overlay::create(source, path("overlay"), never_);
  }
  /// What qemu reads through the overlay.
  std::string by_qemu(const core::Overlay &overlay) { return content_by_qemu(overlay.location()); }
};

TEST_F(CopyNbdTest, EveryByteArrivesWhateverTheServerCanDo) {
  const auto raw = random_raw("raw", 8 * mebibyte + 512 * 5, 3);
  const std::vector<std::pair<std::vector<std::string>, std::string>> servers = {
      {{"file", raw}, "several connections"},
      {{"--filter=noextents", "file", raw}, "several connections"},
      {{"--filter=multi-conn", "file", raw, "multi-conn-mode=disable"}, "one connection"},
  };
  for (const auto &[options, how] : servers) {
    const auto overlay = overlay_over(serve(options));
    change_randomly(overlay, 5);
    for (const char *format : {"raw", "qcow2"}) {
      auto copy = job(overlay, 0, format);
      CollectingReporter reporter;
      copy_disks({copy}, 1, reporter, never_);
      EXPECT_THAT(reporter.lines(), ::testing::Contains(HasSubstr(how)));
      const auto expected = by_qemu(overlay);
      EXPECT_TRUE((copy.target.format == "raw" ? read_file(copy.target.path)
                                               : content_by_qemu(copy.target)) == expected)
          << how << format;
      std::filesystem::remove(copy.target.path);
    }
    std::filesystem::remove(overlay.path());
    end_server(SIGTERM);
  }
}

TEST_F(CopyNbdTest, HolesAreNeverReadNorIsWhatTheOverlayHides) {
  write_file(path("sparse"), "");
  std::filesystem::resize_file(path("sparse"), 32 * mebibyte);
  patch(path("sparse"), 4 * mebibyte, std::string(2 * mebibyte, 'x'));
  patch(path("sparse"), 16 * mebibyte, std::string(3 * mebibyte, 'y'));
  const auto overlay =
      overlay_over(serve({"--filter=log", "file", path("sparse"), "logfile=" + path("log")}));
  run({"qemu-io", "-f", "qcow2", "-c", "write -P 7 16M 1M", overlay.path().string()});
  write_file(path("log"), "");
  copy_disks({job(overlay, 0)}, 1, reporter_, never_);
  std::uint64_t read = 0;
  const auto log = read_file(path("log"));
  const std::regex request(R"(Read id=\d+ offset=0x[0-9a-f]+ count=0x([0-9a-f]+))");
  for (std::sregex_iterator one(log.begin(), log.end(), request), end; one != end; ++one)
    read += std::stoull((*one)[1], nullptr, 16);
  EXPECT_EQ(read, 4 * mebibyte);
  EXPECT_TRUE(read_file(path("target0")) == by_qemu(overlay));
}

TEST_F(CopyNbdTest, AServerThatDiesIsNamed) {
  const auto overlay = overlay_over(
      serve({"--filter=delay", "pattern", "size=" + std::to_string(64 * mebibyte), "rdelay=50ms"}));
  const auto copy = job(overlay, 0);
  std::thread killer([&] {
    while (core::allocated_size(copy.target) == 0) std::this_thread::sleep_for(1ms);
    end_server(SIGKILL);
  });
  EXPECT_ERROR(error_of([&] { copy_disks({copy}, 1, reporter_, never_); }), Code::io,
               HasSubstr(path("socket")), HasSubstr("see whether the server still runs"));
  killer.join();
}

TEST_F(CopyNbdTest, AReadThatFailsIsAnErrorOfTheSource) {
  const auto overlay =
      overlay_over(serve({"--filter=error", "pattern", "size=" + std::to_string(16 * mebibyte),
                          "error-pread=EIO", "error-pread-rate=1"}));
  EXPECT_ERROR(error_of([&] { copy_disks({job(overlay, 0)}, 1, reporter_, never_); }), Code::io,
               HasSubstr("cannot read"), HasSubstr("Input/output error"));
}

TEST_F(CopyNbdTest, ASlowServerCanBeCancelled) {
  const auto overlay = overlay_over(
      serve({"--filter=delay", "pattern", "size=" + std::to_string(16 * mebibyte), "rdelay=600"}));
  core::Cancellation stop;
  std::thread user([&] {
    std::this_thread::sleep_for(300ms);
    stop.request();
  });
  EXPECT_EQ(error_of([&] { copy_disks({job(overlay, 0)}, 1, reporter_, stop); }).code(),
            Code::cancelled);
  user.join();
  end_server(SIGKILL);  // it would wait for its reads
}

TEST_F(CopyNbdTest, TheBlockSizesOfTheServerAreKept) {
  const auto raw = random_raw("raw", 8 * mebibyte, 13);
  for (const auto &[least, most] : {std::pair("4096", "65536"), {"65536", "786432"}}) {
    const auto overlay = overlay_over(
        serve({"--filter=blocksize-policy", "file", raw, std::string("blocksize-minimum=") + least,
               std::string("blocksize-preferred=65536"), std::string("blocksize-maximum=") + most,
               "blocksize-error-policy=error"}));
    // The changes leave parts of blocks to be read.
    change_randomly(overlay, 13);
    const auto copy = job(overlay, 0);
    copy_disks({copy}, 1, reporter_, never_);
    EXPECT_TRUE(read_file(copy.target.path) == by_qemu(overlay)) << least;
    const core::DiskServer server(overlay.location(), overlay.contents(never_).layers,
                                  path("served"), never_);
    run({"qemu-img", "convert", "-f", "raw", "-O", "raw", server.uri(), path("by-nbd")});
    EXPECT_TRUE(read_file(path("by-nbd")) == by_qemu(overlay)) << least;
    std::filesystem::remove(overlay.path());
    std::filesystem::remove(copy.target.path);
    end_server(SIGTERM);
  }
}

TEST_F(CopyNbdTest, AServerThatFallsSilentIsGivenUp) {
  const auto location = serve({"pattern", "size=" + std::to_string(16 * mebibyte)});
  const core::NbdConnection connection(location, never_, 300ms);
  ::kill(std::stoi(read_file(path("pid"))), SIGSTOP);
  std::vector<std::byte> memory(2 * mebibyte);
  const core::NbdConnection::Part part = {0, 16 * mebibyte};
  EXPECT_ERROR(error_of([&] {
                 connection.read(
                     {&part, 1}, memory, [](auto, auto) {}, never_);
               }),
               Code::io, HasSubstr("said nothing"), HasSubstr("still runs"));
  end_server(SIGKILL);
}

TEST_F(CopyNbdTest, AServerThatSaysNothingCanBeCancelled) {
  core::Cancellation stop;
  const SilentServer server(path("socket"), [&] { stop.request(); });
  Location silent;
  silent.type = Location::Type::uri;
  silent.format = "raw";
  silent.path = "nbd+unix:///?socket=" + path("socket");
  EXPECT_EQ(error_of([&] { core::NbdConnection(silent, stop); }).code(), Code::cancelled);
}

TEST_F(CopyNbdTest, ItCanBeServedOnToAnUpload) {
  const auto overlay = overlay_over(serve({"file", random_raw("raw", 8 * mebibyte, 11)}));
  change_randomly(overlay, 11);
  const core::DiskServer server(overlay.location(), overlay.contents(never_).layers, path("served"),
                                never_);
  run({"qemu-img", "convert", "-f", "raw", "-O", "raw", server.uri(), path("by-nbd")});
  EXPECT_TRUE(read_file(path("by-nbd")) == by_qemu(overlay));
}

}  // namespace
}  // namespace v2v::test
