// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/nbd/qemu_nbd.hpp>

#include "local_server.hpp"

#include <fstream>
#include <iterator>

namespace v2v::nbd {
namespace {

std::string content_of(const std::filesystem::path &path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

QemuNbd::QemuNbd(const std::string &image, const std::filesystem::path &base,
                 const std::string &what, const std::string &object,
                 const std::function<void()> &check_cancelled,
                 const std::function<Error(const std::string &log)> &explain)
    : server_(std::make_unique<LocalServer>(base)) {
  process::Command command;
  command.environment = {{"LC_ALL", "C"}};
  command.package = "qemu-utils";
  // shared=0: as many clients as come.
  command.argv = {"qemu-nbd", "--read-only",     "--persistent", "--shared=0",
                  "--socket", socket().string(), "--pid-file",   server_->pid_file().string(),
                  image};
  server_->start(command, what, object, what + ": qemu-nbd", check_cancelled,
                 [&] { return explain(content_of(server_->log())); });
}

QemuNbd::~QemuNbd() = default;

const std::filesystem::path &QemuNbd::socket() const {
  return server_->socket();
}

std::string QemuNbd::uri() const {
  return server_->uri();
}

}  // namespace v2v::nbd
