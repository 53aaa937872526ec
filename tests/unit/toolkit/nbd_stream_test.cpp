// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// NbdStream against nbdkit, which also fails and delays on demand.
#include <gmock/gmock.h>
#include <v2v/nbd/nbd_stream.hpp>
#include <v2v/nbd/nbdkit.hpp>

#include <optional>
#include <random>

#include "../temporary_directory.hpp"

namespace v2v::test {
namespace {

using ::testing::HasSubstr;

class NbdStreamTest : public testing::Test {
 protected:
  std::string serve(const std::string &content, std::vector<std::string> filters = {},
                    const std::vector<std::string> &parameters = {}) {
    write_file(scratch_ / "disk", content);
    nbd::Nbdkit::Settings settings;
    settings.filters = std::move(filters);
    settings.plugin = "file";
    settings.parameters = {(scratch_ / "disk").string()};
    settings.parameters.insert(settings.parameters.end(), parameters.begin(), parameters.end());
    server_ = std::make_unique<nbd::Nbdkit>(settings, scratch_ / "server", [] {});
    return server_->uri();
  }
  static std::string read_all(nbd::NbdStream &stream, std::size_t piece) {
    std::string all, buffer(piece, 'x');
    while (const auto count = stream.read(buffer.data(), piece)) all.append(buffer, 0, count);
    return all;
  }
  static std::string random_bytes(std::size_t size) {
    std::mt19937 engine(1);
    std::string bytes(size, '\0');
    for (std::size_t at = 0; at + 4 <= size; at += 64) {
      const std::uint32_t word = engine();
      bytes.replace(at, 4, reinterpret_cast<const char *>(&word), 4);
    }
    return bytes;
  }

  TemporaryDirectory scratch_;
  std::unique_ptr<nbd::Nbdkit> server_;
};

TEST_F(NbdStreamTest, DeliversEveryByteInOrder) {
  // More than the ring holds, and no whole number of pieces.
  auto content = random_bytes((21u << 20) + 513);
  nbd::NbdStream stream(serve(content), "disk", [] {});
  EXPECT_EQ(stream.size(), content.size());
  EXPECT_TRUE(read_all(stream, 300'000) == content);
  char byte = 0;
  EXPECT_EQ(stream.read(&byte, 1), 0u);
}

TEST_F(NbdStreamTest, HolesAreZeroesAndAreNotRead) {
  const auto data = random_bytes(1u << 20);
  const std::uint64_t size = 90u << 20;
  {
    std::ofstream file(scratch_ / "disk", std::ios::binary);
    file.seekp(70u << 20);
    file << data;
  }
  std::filesystem::resize_file(scratch_ / "disk", size);
  nbd::Nbdkit::Settings settings;
  settings.filters = {"log"};
  settings.plugin = "file";
  settings.parameters = {(scratch_ / "disk").string(), "logfile=" + (scratch_ / "log").string()};
  nbd::Nbdkit server(settings, scratch_ / "server", [] {});
  nbd::NbdStream stream(server.uri(), "disk", [] {});
  const auto all = read_all(stream, 1u << 20);
  ASSERT_EQ(all.size(), size);
  EXPECT_TRUE(all.compare(70u << 20, data.size(), data) == 0);
  EXPECT_TRUE(all.compare(0, 70u << 20, std::string(70u << 20, '\0')) == 0);
  EXPECT_TRUE(all.compare(71u << 20, 19u << 20, std::string(19u << 20, '\0')) == 0);
  const auto log = read_file(scratch_ / "log");
  std::size_t reads = 0;
  for (auto at = log.find(" Read "); at != log.npos; at = log.find(" Read ", at + 1)) ++reads;
  EXPECT_GT(reads, 0u);
  EXPECT_LT(reads, 8u);
}

TEST_F(NbdStreamTest, ZeroesThatTheServerTellsArePassedOver) {
  const std::uint64_t hole = 90u << 20;
  const auto data = random_bytes(1u << 20);
  write_file(scratch_ / "disk", data);
  std::filesystem::resize_file(scratch_ / "disk", data.size() + hole);
  nbd::Nbdkit::Settings settings;
  settings.plugin = "file";
  settings.parameters = {(scratch_ / "disk").string()};
  nbd::Nbdkit server(settings, scratch_ / "server", [] {});
  nbd::NbdStream stream(server.uri(), "disk", [] {});
  EXPECT_EQ(stream.skip_zeroes(hole), 0u);  // it begins with data
  std::string buffer(data.size(), 'x');
  for (std::size_t had = 0; had < data.size();)
    had += stream.read(buffer.data() + had, data.size() - had);
  EXPECT_TRUE(buffer == data);
  EXPECT_EQ(stream.skip_zeroes(4096), 4096u);
  EXPECT_EQ(stream.read(buffer.data(), 2), 2u);
  EXPECT_EQ(buffer.substr(0, 2), std::string(2, '\0'));
  std::uint64_t passed = 4098;
  while (const auto more = stream.skip_zeroes(~std::uint64_t{0})) passed += more;
  EXPECT_EQ(passed, hole);
  EXPECT_EQ(stream.read(buffer.data(), 1), 0u);
}

TEST_F(NbdStreamTest, AnEmptyDiskIsAtItsEnd) {
  nbd::NbdStream stream(serve(""), "disk", [] {});
  EXPECT_EQ(read_all(stream, 10), "");
}

TEST_F(NbdStreamTest, AReadThatFailsIsAnErrorThatNamesTheDisk) {
  nbd::NbdStream stream(serve(random_bytes(4u << 20), {"error"}, {"error-pread-rate=100%"}),
                        "disk 7", [] {});
  try {
    read_all(stream, 4096);
    FAIL();
  } catch (const Error &error) {
    EXPECT_EQ(error.code(), Code::io);
    EXPECT_EQ(error.object(), "disk 7");
  }
}

TEST_F(NbdStreamTest, AServerThatIsGoneIsAnError) {
  auto content = random_bytes(40u << 20);
  nbd::NbdStream stream(serve(content), "disk", [] {});
  char byte = 0;
  ASSERT_EQ(stream.read(&byte, 1), 1u);
  server_.reset();
  EXPECT_THROW(read_all(stream, 1u << 20), Error);
}

TEST_F(NbdStreamTest, ACancellationEndsTheWaitAndTheStreamEndsQuickly) {
  bool stop = false;
  nbd::NbdStream stream(serve(random_bytes(4u << 20), {"delay"}, {"rdelay=3600"}), "disk", [&] {
    if (stop) throw Error(Code::cancelled, "stop");
  });
  stop = true;
  char byte = 0;
  EXPECT_THROW(stream.read(&byte, 1), Error);
}

TEST_F(NbdStreamTest, NobodyListens) {
  EXPECT_THROW(nbd::NbdStream("nbd+unix:///?socket=/nonexistent/socket", "disk", [] {}), Error);
}

}  // namespace
}  // namespace v2v::test
