// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/nbd/nbdkit.hpp>

#include "local_server.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>

namespace v2v::nbd {
namespace {

using namespace std::chrono_literals;

constexpr auto describe_limit = 30s;
constexpr int password_fd = 3;  // the first that a Command passes
constexpr const char *package = "nbdkit (on some distributions also nbdkit-ssh-plugin)";

}  // namespace

Nbdkit::Nbdkit(const Settings &settings, const std::filesystem::path &base,
               const std::function<void()> &check_cancelled)
    : server_(std::make_unique<LocalServer>(base)) {
  std::vector<std::string> argv = {
      "nbdkit", "--foreground",    "--exit-with-parent", "--readonly",
      "--unix", socket().string(), "--pidfile",          server_->pid_file().string()};
  for (const auto &filter : settings.filters) argv.push_back("--filter=" + filter);
  // Next to the plugin: what another filter has kept costs nothing.
  const auto &limit = settings.limit;
  const bool limited = !limit.rate.empty() || !limit.file.empty();
  if (limited) argv.emplace_back("--filter=rate");
  argv.push_back(settings.plugin);
  argv.insert(argv.end(), settings.parameters.begin(), settings.parameters.end());
  if (!limit.rate.empty()) argv.push_back("rate=" + limit.rate);
  if (!limit.file.empty()) argv.push_back("rate-file=" + limit.file);

  process::Command command;
  // Some of its messages are looked for.
  command.environment = settings.environment;
  command.environment.emplace_back("LC_ALL", "C");
  command.package = package;
  process::FileDescriptor secret;
  if (!settings.password.empty()) {
    secret = process::memory_file(settings.password + "\n");
    command.descriptors = {secret.get()};
    // By its path: the vddk plugin starts nbdkit anew, and reads it a second time.
    argv.push_back(fmt::format("password=+/proc/self/fd/{}", password_fd));
  }
  command.argv = std::move(argv);
  server_->start(command, settings.what, settings.object, "nbdkit", check_cancelled, [&] {
    const auto error = last_error();
    return Error(Code::io, "nbdkit does not start: " + (error.empty() ? "no reason given" : error),
                 settings.object, fmt::format("install the package {}", package));
  });
}

Nbdkit::~Nbdkit() = default;

const std::filesystem::path &Nbdkit::socket() const {
  return server_->socket();
}

std::string Nbdkit::describe(const std::string &plugin, const std::string &what,
                             const std::string &object) {
  process::Command command;
  command.argv = {"nbdkit", "--dump-plugin", plugin};
  command.environment = {{"LC_ALL", "C"}};
  command.timeout = describe_limit;
  command.package = package;
  const auto output = command.run(what, object);
  return output.status == 0 ? output.out : "";
}

std::string Nbdkit::uri() const {
  return server_->uri();
}

std::string Nbdkit::last_error() const {
  static constexpr std::string_view mark = "error: ";
  // The client heard of an earlier one and has gone.
  static constexpr std::array<std::string_view, 2> afterwards = {"error: write ",
                                                                 "error: aborting sleep "};
  std::ifstream log(server_->log());
  std::string found;
  for (std::string line; std::getline(log, line);)
    if (const auto at = line.find(mark);
        at != line.npos && std::none_of(afterwards.begin(), afterwards.end(), [&](auto words) {
          return line.compare(at, words.size(), words) == 0;
        }))
      found = line.substr(at + mark.size());
  // The curl plugin puts the whole URL before the reason, which would then be cut off.
  static constexpr std::string_view url = " of URL [";
  const auto begin = found.find(url);
  const auto end = begin == found.npos ? begin : found.find("]: ", begin);
  if (end != found.npos) found.erase(begin, end + 1 - begin);
  return text::printable(found);
}

}  // namespace v2v::nbd
