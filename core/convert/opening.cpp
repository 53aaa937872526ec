// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/opening.hpp>

#include <core/copy/disk_server.hpp>
#include <core/run/shell_command.hpp>

#include <fmt/format.h>

#include <memory>

namespace v2v::core {

std::string with_disks(const std::string &command, const std::vector<std::string> &uris) {
  const std::string mark = "@@";
  const auto place = command.find(mark);
  if (place == command.npos) return command;
  std::string arguments;
  for (const auto &uri : uris)
    arguments += (arguments.empty() ? "-a " : " -a ") + shell_quoted(uri);
  return command.substr(0, place) + arguments + command.substr(place + mark.size());
}

int run_with_disks(const std::string &command, const Source &source,
                   PluginEnvironment &environment) {
  std::vector<std::unique_ptr<DiskServer>> servers;
  std::vector<std::string> uris;
  for (unsigned i = 0; i < source.disks.size(); ++i) {
    servers.push_back(std::make_unique<DiskServer>(
        source.disks[i].location, nullptr, environment.run_directory / fmt::format("disk{}", i),
        environment.cancellation));
    uris.push_back(servers.back()->uri());
  }
  environment.reporter.step("Running external command");
  return run_in_shell(with_disks(command, uris), environment.cancellation);
}

}  // namespace v2v::core
