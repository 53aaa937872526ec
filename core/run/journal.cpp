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
#include <map>

namespace v2v::core {
namespace {

using nlohmann::json;

// A record may hold a path that is no UTF-8 and has to come back byte for byte, but JSON holds only
// UTF-8. So each byte is written as the character of its number, and read back as such.
std::string as_text(const std::string &bytes) {
  std::string text;
  for (const unsigned char byte : bytes) {
    if (byte < 0x80) {
      text += static_cast<char>(byte);
    } else {
      text += static_cast<char>(0xc0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return text;
}

std::string as_bytes(const std::string &text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80 || i + 1 == text.size())
      bytes += text[i];
    else
      bytes += static_cast<char>((first & 0x03) << 6 | (text[++i] & 0x3f));
  }
  return bytes;
}

bool ends_within_a_line(int fd) {
  const auto size = ::lseek(fd, 0, SEEK_END);
  char last = '\n';
  return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

std::filesystem::path journal_file(const std::filesystem::path &run_directory) {
  return run_directory / "journal";
}

}  // namespace

Journal::Journal(const std::filesystem::path &run_directory)
    : file_(journal_file(run_directory)),
      fd_(::open(file_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (!fd_)
    throw Error(Code::io, fmt::format("cannot open the journal: {}", std::strerror(errno)),
                file_.string());
  cut_off_ = ends_within_a_line(fd_.get());
}

void Journal::guest(const std::string &name) {
  append(json{{"guest", as_text(name)}}.dump(), false);
}

void Journal::abort_record(const std::filesystem::path &plugin, const std::string &record) {
  append(json{{"abort", as_text(record)}, {"plugin", as_text(plugin.string())}}.dump(), true);
}

void Journal::committed() {
  append(json{{"committed", true}}.dump(), true);
}

void Journal::exit_status(int status) {
  append(json{{"status", status}}.dump(), false);
}

unsigned Journal::call_begins(const std::string &call) {
  const unsigned id = ++calls_;
  write_line(json{{"begins", id}, {"call", as_text(call)}}.dump());
  return id;
}

void Journal::call_ends(unsigned id) {
  write_line(json{{"ends", id}}.dump());
}

void Journal::append(const std::string &line, bool sync) {
  if (!write_line(line) || (sync && ::fdatasync(fd_.get()) != 0))
    throw Error(errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? Code::no_space : Code::io,
                fmt::format("cannot write the journal: {}", std::strerror(errno)), file_.string(),
                "free some space there, or set VIRT_V2V_TMPDIR to another directory");
}

bool Journal::write_line(const std::string &line) noexcept {
  const auto text = (cut_off_.exchange(false) ? "\n" : "") + line + "\n";
  const auto written = ::write(fd_.get(), text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) return true;
  cut_off_ = true;
  if (written >= 0) errno = ENOSPC;
  return false;
}

JournalState Journal::read(const std::filesystem::path &run_directory) {
  JournalState state;
  std::map<unsigned, std::string> calls;
  std::ifstream file(journal_file(run_directory));
  for (std::string line; std::getline(file, line);) {
    const auto entry = json::parse(line, nullptr, false);
    if (!entry.is_object()) continue;
    if (entry.contains("guest")) state.guest = as_bytes(entry.value("guest", ""));
    if (entry.contains("begins"))
      calls[entry.value("begins", 0u)] = as_bytes(entry.value("call", ""));
    if (entry.contains("ends")) calls.erase(entry.value("ends", 0u));
    state.status = entry.value("status", state.status);
    state.committed = entry.value("committed", state.committed);
    if (entry.contains("abort"))
      state.records.push_back(
          {as_bytes(entry.value("plugin", "")), as_bytes(entry.value("abort", ""))});
  }
  for (const auto &[id, call] : calls) state.call += (state.call.empty() ? "" : ", ") + call;
  return state;
}

}  // namespace v2v::core
