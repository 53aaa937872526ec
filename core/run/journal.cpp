// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/journal.hpp>

#include <v2v/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace v2v::core {
namespace {

using nlohmann::json;

// Plugins' records and guests' names need not be valid UTF-8.
std::string dump(const json &value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::filesystem::path journal_file(const std::filesystem::path &run_directory) {
  return run_directory / "journal";
}

}  // namespace

Journal::Journal(const std::filesystem::path &run_directory)
    : file_(journal_file(run_directory)),
      fd_(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (!fd_)
    throw Error(Code::io, fmt::format("cannot open the journal: {}", std::strerror(errno)),
                file_.string());
}

void Journal::guest(const std::string &name) {
  append(dump({{"guest", name}}), false);
}

void Journal::abort_record(const std::filesystem::path &plugin, const std::string &record) {
  append(dump({{"abort", record}, {"plugin", plugin.string()}}), true);
}

void Journal::committed() {
  append(dump({{"committed", true}}), true);
}

void Journal::call_begins(const std::string &call) {
  append(dump({{"call", call}}), false);
}

void Journal::call_ends() {
  append(dump({{"call", ""}}), false);
}

void Journal::append(const std::string &line, bool sync) {
  const auto text = line + "\n";
  const auto written = ::write(fd_.get(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size()) || (sync && ::fdatasync(fd_.get()) != 0))
    throw Error(errno == ENOSPC ? Code::no_space : Code::io,
                fmt::format("cannot write the journal: {}", std::strerror(errno)), file_.string(),
                "free some space there, or set VIRT_V2V_TMPDIR to another directory");
}

JournalState Journal::read(const std::filesystem::path &run_directory) {
  JournalState state;
  std::ifstream file(journal_file(run_directory));
  for (std::string line; std::getline(file, line);) {
    const auto entry = json::parse(line, nullptr, false);
    if (!entry.is_object()) continue;
    state.guest = entry.value("guest", state.guest);
    state.call = entry.value("call", state.call);
    state.committed = entry.value("committed", state.committed);
    if (entry.contains("abort"))
      state.records.push_back({entry.value("plugin", ""), entry.value("abort", "")});
  }
  return state;
}

}  // namespace v2v::core
