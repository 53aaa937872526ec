// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A disk on an NBD server: read, and each way in which the server is not there.
#include "disk_fixture.hpp"
#include "silent_server.hpp"

#include <core/disk/image_size.hpp>
#include <core/disk/overlay.hpp>

#include <signal.h>

namespace v2v::test {
namespace {

using ::testing::HasSubstr;

class NbdTest : public DiskTest {
 protected:
  Location location(const std::string &export_name) const {
    Location made;
    made.type = Location::Type::uri;
    made.format = "raw";
    made.path = "nbd+unix:///" + export_name + "?socket=" + path("socket");
    return made;
  }
  /// qemu-nbd forks once its socket answers, and ends with the last client or with the test.
  void serve(const std::string &image) const {
    run({"qemu-nbd", "--fork", "--persistent", "--pid-file=" + path("pid"), "-r", "-f", "raw", "-x",
         "disk", "-k", path("socket"), image});
  }
  void TearDown() override {
    if (std::filesystem::exists(path("pid"))) ::kill(std::stoi(read_file(path("pid"))), SIGTERM);
  }
  core::Cancellation never_;
};

TEST_F(NbdTest, ADiskIsReadThroughAnOverlay) {
  const auto source = make_raw("disk.raw");
  serve(source);
  EXPECT_EQ(core::virtual_size(location("disk"), never_), 8 * mebibyte);
  const auto overlay = core::Overlay::create(location("disk"), path("overlay0"), never_);
  EXPECT_TRUE(same_content(overlay.path().string(), "qcow2", source, "raw"));
}

TEST_F(NbdTest, AWrongExportIsNamed) {
  serve(make_raw("disk.raw"));
  EXPECT_ERROR(error_of([&] { core::virtual_size(location("other"), never_); }), Code::not_found,
               HasSubstr("export"), HasSubstr("nbdinfo --list"));
}

TEST_F(NbdTest, AServerThatIsNotThereIsAnErrorWithARemedy) {
  EXPECT_ERROR(error_of([&] { core::virtual_size(location("disk"), never_); }), Code::io,
               HasSubstr(path("socket")), HasSubstr("start the server"));
  Location tcp = location("disk");
  tcp.path = "nbd://127.0.0.1:1/disk";
  EXPECT_ERROR(error_of([&] { core::virtual_size(tcp, never_); }), Code::io,
               HasSubstr("Connection refused"), HasSubstr("start the server"));
}

TEST_F(NbdTest, AServerThatSaysNothingCanBeCancelled) {
  core::Cancellation stop;
  const SilentServer server(path("socket"), [&] { stop.request(); });
  EXPECT_EQ(error_of([&] { core::virtual_size(location("disk"), stop); }).code(), Code::cancelled);
}

}  // namespace
}  // namespace v2v::test
