// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The finished disk over NBD, read by the clients that uploads use: qemu and libnbd.
#include "../disk/layers_fixture.hpp"

#include <core/copy/disk_server.hpp>
#include <core/disk/extents.hpp>
#include <core/run/file_descriptor.hpp>

#include <libnbd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <future>

namespace v2v::test {
namespace {

using ::testing::HasSubstr;

using Client = std::unique_ptr<nbd_handle, decltype(&nbd_close)>;

class DiskServerTest : public LayersTest {
 protected:
  std::unique_ptr<core::DiskServer> serve(const core::Overlay &overlay) {
    return std::make_unique<core::DiskServer>(overlay.location(), overlay.contents(never_).layers,
                                              path("served disk"), never_);
  }
  Client connect(const core::DiskServer &server) {
    Client client(nbd_create(), nbd_close);
    nbd_add_meta_context(client.get(), LIBNBD_CONTEXT_BASE_ALLOCATION);
    EXPECT_EQ(nbd_connect_uri(client.get(), server.uri().c_str()), 0) << nbd_get_error();
    return client;
  }
  std::string read(const Client &client, std::uint64_t at, std::size_t length) {
    std::string bytes(length, '?');
    if (nbd_pread(client.get(), bytes.data(), length, at, 0) != 0) return nbd_get_error();
    return bytes;
  }
  /// The disk as qemu reads it from the server.
  std::string content_by_nbd(const core::DiskServer &server) {
    run({"qemu-img", "convert", "-f", "raw", "-O", "raw", server.uri(), path("by-nbd")});
    return read_file(path("by-nbd"));
  }
};

TEST_F(DiskServerTest, EveryByteIsWhatQemuSeesWhateverTheSourceIs) {
  unsigned seed = 0;
  for (const char *format : {"raw", "streamOptimized", "monolithicSparse"}) {
    const auto name = std::string("overlay-") + format;
    const auto overlay = core::Overlay::create(
        source_of(random_raw(format, 16 * mebibyte + 512 * 3, ++seed), format), path(name), never_);
    change_randomly(overlay, seed);
    const auto server = serve(overlay);
    const auto expected = content_by_qemu(overlay.location());
    EXPECT_TRUE(content_by_nbd(*server) == expected) << format;

    // At any place, which qemu does not ask for.
    const auto client = connect(*server);
    std::mt19937 random(seed);
    for (int i = 0; i < 200; ++i) {
      const auto at = random() % expected.size();
      const auto length = std::min<std::size_t>(1 + random() % 300'000, expected.size() - at);
      ASSERT_TRUE(read(client, at, length) == expected.substr(at, length)) << format << at;
    }
  }
}

TEST_F(DiskServerTest, HolesAreTold) {
  const auto source = path("sparse");
  write_file(source, "");
  std::filesystem::resize_file(source, 64 * mebibyte);
  patch(source, 8 * mebibyte, std::string(mebibyte, 'x'));
  const auto overlay = core::Overlay::create(file(source), path("overlay"), never_);
  run({"qemu-io", "-f", "qcow2", "-c", "write -P 1 32M 1M", overlay.path().string()});
  const auto server = serve(overlay);
  Location nbd;
  nbd.type = Location::Type::uri;
  nbd.format = "raw";
  nbd.path = server->uri();
  std::uint64_t data = 0;
  for (const auto &extent : core::map_extents(nbd, never_)) data += extent.zero ? 0 : extent.length;
  EXPECT_EQ(data, 2 * mebibyte);
}

TEST_F(DiskServerTest, SeveralClientsAreServedAtOnceAndMayKnowTheyCan) {
  const auto overlay =
      core::Overlay::create(file(random_raw("raw", 8 * mebibyte, 7)), path("overlay"), never_);
  const auto server = serve(overlay);
  const auto expected = content_by_qemu(overlay.location());
  EXPECT_EQ(nbd_can_multi_conn(connect(*server).get()), 1);
  EXPECT_EQ(nbd_is_read_only(connect(*server).get()), 1);
  std::vector<std::future<bool>> readers;
  for (int i = 0; i < 8; ++i)
    readers.push_back(std::async(std::launch::async, [&] {
      const auto client = connect(*server);
      bool same = true;
      for (std::size_t at = 0; at < expected.size(); at += mebibyte)
        same = same && read(client, at, mebibyte) == expected.substr(at, mebibyte);
      return same;
    }));
  for (auto &reader : readers) EXPECT_TRUE(reader.get());
}

TEST_F(DiskServerTest, ADamagedGrainIsAnErrorThatTheEngineKnows) {
  const auto overlay = core::Overlay::create(
      source_of(make_raw("whole", 16 * mebibyte, 8 * mebibyte), "streamOptimized"), path("overlay"),
      never_);
  const auto server = serve(overlay);
  EXPECT_FALSE(server->failure());
  patch(path("whole.vmdk"), 65536 * 3, std::string(200'000, '\xff'));
  const auto client = connect(*server);
  std::string bytes(16 * mebibyte, '?');
  EXPECT_NE(nbd_pread(client.get(), bytes.data(), bytes.size(), 0, 0), 0);
  ASSERT_TRUE(server->failure());
  EXPECT_EQ(server->failure()->code(), Code::corrupt);
  EXPECT_THAT(server->failure()->object(), HasSubstr("whole.vmdk"));
  // The connection goes on, and so do other parts of the disk.
  EXPECT_EQ(nbd_pread(client.get(), bytes.data(), 65536, 15 * mebibyte, 0), 0) << nbd_get_error();
}

TEST_F(DiskServerTest, QemuServesWhatOnlyQemuReads) {
  const auto image = convert(random_raw("raw", 8 * mebibyte, 9), "image.qcow2", "qcow2", {});
  const auto overlay = core::Overlay::create(file(image, "qcow2"), path("overlay"), never_);
  change_randomly(overlay, 9);
  ASSERT_FALSE(overlay.contents(never_).layers);
  const auto server = serve(overlay);
  EXPECT_TRUE(content_by_nbd(*server) == content_by_qemu(overlay.location()));
}

TEST_F(DiskServerTest, NothingIsLeftAndClientsEndWithTheServer) {
  const auto overlay = core::Overlay::create(file(make_raw("raw")), path("overlay"), never_);
  auto server = serve(overlay);
  const auto client = connect(*server);
  server.reset();
  std::string bytes(512, '?');
  EXPECT_NE(nbd_pread(client.get(), bytes.data(), bytes.size(), 0, 0), 0);
  for (const auto &entry : std::filesystem::directory_iterator(directory_.path()))
    EXPECT_FALSE(entry.path().filename().string().starts_with("served")) << entry.path();
}

TEST_F(DiskServerTest, WhoSpeaksAnotherProtocolHarmsNobody) {
  const auto overlay = core::Overlay::create(file(make_raw("raw")), path("overlay"), never_);
  const auto server = serve(overlay);
  std::mt19937 random(3);
  for (int i = 0; i < 100; ++i) {
    const core::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path("served disk.sock").c_str());
    ASSERT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    // Client flags and the beginning of an option, then noise.
    std::string words("\0\0\0\3IHAVEOPT\0\0\0", 15);
    words.resize(random() % 16);
    for (unsigned length = random() % 200; length > 0; --length)
      words += static_cast<char>(random() % 4 ? random() % 12 : random());
    ::send(socket.get(), words.data(), words.size(), MSG_NOSIGNAL);
  }
  EXPECT_TRUE(read(connect(*server), 0, 4096) ==
              content_by_qemu(overlay.location()).substr(0, 4096));
}

}  // namespace
}  // namespace v2v::test
