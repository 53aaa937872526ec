// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The input "vmx" over ssh, from a real sshd on 127.0.0.1 with keys of its own. It runs as this
// user, has nothing to do with the sshd of the system, and ends with the test.
#include "../input_fixture.hpp"

#include <vmx_input.hpp>

#include <arpa/inet.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <core/disk/qemu_location.hpp>

#include <chrono>
#include <functional>
#include <thread>

extern char **environ;

namespace v2v::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A port that was free a moment ago.
unsigned free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr *>(&address), length), 0);
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &length), 0);
  ::close(fd);
  return ntohs(address.sin_port);
}

bool accepts(unsigned port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool connected = ::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
  ::close(fd);
  return connected;
}

class VmxSshTest : public InputTest {
 protected:
  void SetUp() override {
    for (const auto *key : {"hostkey", "id", "stranger"})
      run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path(key)});
    std::filesystem::copy_file(path("id.pub"), path("authorized"));
    port_ = free_port();
    write_file(path("config"), "Port " + std::to_string(port_) +
                                   "\nListenAddress 127.0.0.1\nHostKey " + path("hostkey") +
                                   "\nAuthorizedKeysFile " + path("authorized") + "\nPidFile " +
                                   path("pid") +
                                   "\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
                                   "Subsystem sftp internal-sftp\n");
    start_sshd();
    trust("hostkey");
    request_.transport = "ssh";
    request_.options.add("identity", path("id"));
    request_.options.add("known-hosts", path("known"));
    make_raw("vm dir/g-flat.vmdk", 4 * mebibyte);
    write_file(path("vm dir/g.vmdk"),
               "# Disk DescriptorFile\nCID=1\nparentCID=ffffffff\ncreateType=\"vmfs\"\n"
               "RW 8192 VMFS \"g-flat.vmdk\"\n");
    write_vmx("scsi0:0.fileName = \"g.vmdk\"\n");
  }
  void TearDown() override {
    if (sshd_ <= 0) return;
    ::kill(sshd_, SIGTERM);
    ::waitpid(sshd_, nullptr, 0);
  }

  void start_sshd() {
    // Under root it wants this directory; Debian's service would make it.
    if (::geteuid() == 0) std::filesystem::create_directories("/run/sshd");
    std::string words[] = {"/usr/sbin/sshd", "-D", "-f", path("config"), "-E", path("log")};
    std::vector<char *> argv;
    for (auto &word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ASSERT_EQ(::posix_spawn(&sshd_, words[0].c_str(), nullptr, nullptr, argv.data(), environ), 0)
        << "install openssh-server";
    for (int i = 0; i < 500 && !accepts(port_); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ASSERT_TRUE(accepts(port_)) << read_file(path("log"));
  }
  void trust(const std::string &key) {
    const auto text = read_file(path(key + ".pub"));
    write_file(path("known"), "[127.0.0.1]:" + std::to_string(port_) + " " +
                                  text.substr(0, text.rfind(' ')) + "\n");
  }
  void write_vmx(const std::string &more) {
    write_file(path("vm dir/größe.vmx"), "displayName = \"guest\"\nmemsize = \"64\"\n" + more);
  }
  std::string uri(const std::string &file = "gr%C3%B6%C3%9Fe.vmx") const {
    return "ssh://127.0.0.1:" + std::to_string(port_) + path("vm%20dir/") + file;
  }
  Error refusal(const std::string &argument) {
    return error_of([&] {
      request_.arguments = {argument};
      input_vmx::VmxInput(Host(&table_), request_).open();
    });
  }
  std::size_t files_in_run_directory() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(run_directory_.path()), {}));
  }

  unsigned port_ = 0;
  pid_t sshd_ = -1;
};

TEST_F(VmxSshTest, DisksAreServedUntilTheInputEnds) {
  request_.arguments = {uri()};
  auto input = std::make_unique<input_vmx::VmxInput>(Host(&table_), request_);
  const auto source = input->open();
  EXPECT_EQ(source.name, "guest");
  ASSERT_EQ(source.disks.size(), 1u);
  const auto &location = source.disks[0].location;
  EXPECT_EQ(location.type, Location::Type::uri);
  EXPECT_EQ(location.format, "raw");
  EXPECT_THAT(location.path, StartsWith("nbd+unix:///?socket=" + run_directory_.path().string()));
  run({"qemu-img", "compare", core::qemu_filename(location),
       core::qemu_filename(file(path("vm dir/g-flat.vmdk")))});
  input.reset();
  EXPECT_EQ(files_in_run_directory(), 0u);
}

TEST_F(VmxSshTest, ServersEndWithAProcessThatIsKilled) {
  request_.arguments = {uri()};
  const pid_t child = ::fork();
  if (child == 0) {
    input_vmx::VmxInput input(Host(&table_), request_);
    input.open();
    write_file(path("served"), "");
    for (;;) ::pause();
  }
  const auto eventually = [](const std::function<bool()> &holds) {
    for (int i = 0; i < 500 && !holds(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return holds();
  };
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(path("served")); }));
  pid_t server = 0;
  for (const auto &entry : std::filesystem::directory_iterator(run_directory_.path()))
    if (entry.path().extension() == ".pid") server = std::stoi(read_file(entry.path()));
  ASSERT_GT(server, 0);
  ASSERT_EQ(::kill(server, 0), 0);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  // Nobody waits for it here, so it may stay behind as a zombie.
  EXPECT_TRUE(eventually([&] {
    const auto status = read_file("/proc/" + std::to_string(server) + "/status");
    return status.empty() || status.find("State:\tZ") != status.npos;
  }));
}

TEST_F(VmxSshTest, APartOfAFileIsServedAsADisk) {
  const auto raw = read_file(path("vm dir/g-flat.vmdk"));
  write_file(path("vm dir/big.bin"), std::string(1024, 'x') + raw + "behind");
  write_file(path("vm dir/g.vmdk"),
             "# Disk DescriptorFile\nCID=1\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n"
             "RW 8192 FLAT \"big.bin\" 2\n");
  request_.arguments = {uri()};
  input_vmx::VmxInput input(Host(&table_), request_);
  const auto source = input.open();
  run({"qemu-img", "compare", core::qemu_filename(source.disks.at(0).location),
       core::qemu_filename(file(path("vm dir/g-flat.vmdk")))});
}

TEST_F(VmxSshTest, AHostThatIsNotKnownIsRefused) {
  write_file(path("known"), "");
  EXPECT_ERROR(refusal(uri()), Code::access, HasSubstr("not known"),
               HasSubstr("-io known-hosts=FILE"));
  trust("stranger");
  EXPECT_ERROR(refusal(uri()), Code::access, HasSubstr("another machine"),
               HasSubstr("ssh-keygen -R"));
  EXPECT_EQ(files_in_run_directory(), 0u);
}

TEST_F(VmxSshTest, AFailedLoginSaysWhatHelps) {
  request_.options = {};
  request_.options.add("identity", path("stranger"));
  request_.options.add("known-hosts", path("known"));
  request_.options.add("password-file", path("password"));
  secret_ = "wrong";
  EXPECT_ERROR(refusal(uri()), Code::access, HasSubstr("login failed"),
               HasSubstr("-io identity=FILE"), Not(HasSubstr("wrong")));
}

TEST_F(VmxSshTest, WhatIsMissingIsNamedWithItsHost) {
  EXPECT_ERROR(refusal(uri("none.vmx")), Code::not_found, HasSubstr("127.0.0.1"),
               HasSubstr("vm dir/none.vmx"));
  write_vmx("scsi0:0.fileName = \"none.vmdk\"\n");
  EXPECT_ERROR(refusal(uri()), Code::not_found, HasSubstr("vm dir/none.vmdk"));
  std::filesystem::remove(path("vm dir/g-flat.vmdk"));
  write_vmx("scsi0:0.fileName = \"g.vmdk\"\n");
  EXPECT_ERROR(refusal(uri()), Code::not_found, HasSubstr("vm dir/g-flat.vmdk"));
}

TEST_F(VmxSshTest, ACutOffDiskIsFoundBeforeTheConversion) {
  std::filesystem::resize_file(path("vm dir/g-flat.vmdk"), mebibyte);
  EXPECT_ERROR(refusal(uri()), Code::corrupt, HasSubstr("1048576 of 4194304"));
}

TEST_F(VmxSshTest, SnapshotsAreRefusedWithTheWayToReadThem) {
  write_file(path("vm dir/g.vmdk"),
             "# Disk DescriptorFile\nCID=2\nparentCID=1\nparentFileNameHint=\"base.vmdk\"\n"
             "RW 8192 VMFSSPARSE \"g-delta.vmdk\"\n");
  EXPECT_ERROR(refusal(uri()), Code::unsupported, HasSubstr("snapshots"), HasSubstr("scp -r"));
}

TEST_F(VmxSshTest, NothingListens) {
  ::kill(sshd_, SIGTERM);
  ::waitpid(sshd_, nullptr, 0);
  sshd_ = -1;
  EXPECT_ERROR(refusal(uri()), Code::io, HasSubstr("Connection refused"));
}

TEST_F(VmxSshTest, NbdkitThatIsNotInstalledIsNamedWithItsPackage) {
  const std::string before = std::getenv("PATH");
  ::setenv("PATH", run_directory_.path().c_str(), 1);
  const auto error = refusal(uri());
  ::setenv("PATH", before.c_str(), 1);
  EXPECT_ERROR(error, Code::not_found, HasSubstr("nbdkit is not installed"),
               HasSubstr("package nbdkit"));
}

}  // namespace
}  // namespace v2v::test
