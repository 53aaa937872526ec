// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "fake_ovirt.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

extern char **environ;

namespace v2v::test {

using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

pid_t started(std::vector<std::string> words) {
  std::vector<char *> argv;
  for (auto &word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  if (::posix_spawnp(&pid, argv[0], nullptr, nullptr, argv.data(), environ) != 0)
    throw std::runtime_error("cannot start " + words[0]);
  return pid;
}

void end(pid_t pid) {
  ::kill(pid, SIGTERM);
  ::waitpid(pid, nullptr, 0);
}

}  // namespace

FakeOvirt::FakeOvirt() {
  pid_ = started({V2V_TEST_OVIRT, directory_.path()});
  for (int i = 0; i < 600 && url_.empty(); ++i) {
    std::ifstream(directory_ / "url") >> url_;
    std::this_thread::sleep_for(50ms);
  }
  if (url_.empty()) throw std::runtime_error("tests/servers/ovirt does not start");
}

FakeOvirt::~FakeOvirt() {
  end(pid_);
}

output_rhv_upload::Login FakeOvirt::login() const {
  output_rhv_upload::Login login;
  login.api = url_;
  login.user = "admin@internal";
  login.password = password;
  login.password_file = file("password");
  login.ca_file = file("ca.pem");
  return login;
}

Json FakeOvirt::set(const Json &wanted) const {
  http::Request request{"POST", url_.substr(0, url_.find("/ovirt-engine")) + "/control"};
  request.body = wanted.dump();
  return Json::parse(http::Client(login().tls()).send(request).body);
}

std::size_t FakeOvirt::count(const std::string &request) const {
  const auto requests = set()["requests"];
  return static_cast<std::size_t>(std::count(requests.begin(), requests.end(), request));
}

std::string FakeOvirt::bytes(const std::string &disk) const {
  std::ifstream file(directory_ / "disks" / disk, std::ios::binary | std::ios::ate);
  std::string all(static_cast<std::size_t>(file.tellg()), '\0');
  file.seekg(0);
  file.read(all.data(), static_cast<std::streamsize>(all.size()));
  return all;
}

ServedDisk::ServedDisk(const std::string &content, const std::vector<std::string> &filters,
                       const std::vector<std::string> &parameters) {
  const auto path = directory_ / "disk";
  {
    std::ofstream file(path, std::ios::binary);
    constexpr std::size_t block = 4096;
    for (std::size_t at = 0; at < content.size(); at += block) {
      const auto piece = content.substr(at, block);
      if (piece.find_first_not_of('\0') == piece.npos) continue;
      file.seekp(static_cast<std::streamoff>(at));
      file << piece;
    }
  }
  std::filesystem::resize_file(path, content.size());
  if (filters.empty()) {
    const auto socket = directory_ / "socket";
    qemu_ = started({"qemu-nbd", "--persistent", "--shared=8", "--read-only", "--format=raw",
                     "--socket=" + socket.string(), path.string()});
    for (int i = 0; i < 600 && !std::filesystem::exists(socket); ++i)
      std::this_thread::sleep_for(50ms);
    return;
  }
  nbd::Nbdkit::Settings settings;
  settings.filters = filters;
  settings.plugin = "file";
  settings.parameters = {std::string(path)};
  settings.parameters.insert(settings.parameters.end(), parameters.begin(), parameters.end());
  nbdkit_ = std::make_unique<nbd::Nbdkit>(settings, directory_ / "server", [] {});
}

ServedDisk::~ServedDisk() {
  if (qemu_ > 0) end(qemu_);
}

std::string ServedDisk::uri() const {
  return nbdkit_ ? nbdkit_->uri() : "nbd+unix:///?socket=" + (directory_ / "socket").string();
}

std::string test_disk() {
  std::mt19937 engine(7);
  std::string disk((41u << 20) + 512, '\0');
  const auto fill = [&](std::size_t begin, std::size_t end) {
    for (auto at = begin; at + 4 <= end; at += 4) {
      const std::uint32_t word = engine();
      disk.replace(at, 4, reinterpret_cast<const char *>(&word), 4);
    }
  };
  fill(0, (9u << 20) + 4096);
  fill((9u << 20) + 12288, 10u << 20);  // after a hole that is not worth a request
  fill(20u << 20, 24u << 20);
  fill((41u << 20) + 100, disk.size());
  return disk;
}

}  // namespace v2v::test
