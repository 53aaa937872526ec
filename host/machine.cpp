// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "machine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <system_error>

namespace v2v::host {
namespace {

using Json = nlohmann::ordered_json;

constexpr Seconds between_progress_lines{1.0};

[[noreturn]] void fail(const std::string &destination) {
  throw Error(Code::access, "cannot write there: " + std::generic_category().message(errno),
              "--machine-readable=" + destination,
              "name a file in a directory of yours, or a descriptor that is open for writing");
}

}  // namespace

MachineStream::MachineStream(const std::string &destination) {
  const std::string value = destination.substr(destination.find(':') + 1);
  if (destination.starts_with("file:")) {
    file_ = core::FileDescriptor(
        ::open(value.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666));
    if (!file_) fail(destination);
    fd_ = file_.get();
  } else if (destination.starts_with("fd:")) {
    const auto [stop, failure] = std::from_chars(value.data(), value.data() + value.size(), fd_);
    if (failure != std::errc()) errno = EBADF;
    const int flags = failure == std::errc() ? ::fcntl(fd_, F_GETFL) : -1;
    if (flags >= 0 && (flags & O_ACCMODE) == O_RDONLY) errno = EBADF;
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) fail(destination);
  } else {
    fd_ = destination == "stream:stderr" ? 2 : 1;
  }
}

void MachineStream::write(const std::string &line) const {
  const std::string whole = line + '\n';
  for (std::size_t at = 0; at < whole.size();) {
    const ssize_t written = ::write(fd_, whole.data() + at, whole.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    at += static_cast<std::size_t>(written);
  }
}

std::string timestamp(const std::timespec &moment) {
  std::tm local{};
  ::localtime_r(&moment.tv_sec, &local);
  const long minutes = local.tm_gmtoff / 60, size = std::labs(minutes);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}{}{:02}:{:02}", local.tm_year + 1900,
                     local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec,
                     moment.tv_nsec, minutes < 0 ? '-' : '+', size / 60, size % 60);
}

std::string code_word(Code code) {
  switch (code) {
    case Code::usage:
      return "usage";
    case Code::not_found:
      return "not-found";
    case Code::access:
      return "access";
    case Code::no_space:
      return "no-space";
    case Code::unsupported:
      return "unsupported";
    case Code::corrupt:
      return "corrupt";
    case Code::io:
      return "io";
    case Code::exists:
      return "exists";
    case Code::cancelled:
      return "cancelled";
    case Code::internal:
      break;
  }
  return "internal";  // also for a code that a newer plugin made up
}

std::string json_line(const Json &object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string spaced_json_line(const Json &object) {
  std::string text;
  for (const auto &[name, value] : object.items())
    text += fmt::format("{}{}: {}", text.empty() ? "{ " : ", ", json_line(name), json_line(value));
  return text + " }";
}

void MachineReporter::write(const Json &object) {
  options_.write(options_.as_virt_v2v ? spaced_json_line(object) : json_line(object));
}

void MachineReporter::message(const std::string &type, const std::string &text) {
  const std::lock_guard lock(mutex_);
  write({{"message", text}, {"timestamp", timestamp(options_.now())}, {"type", type}});
}

void MachineReporter::step(const std::string &text) {
  message("message", text);
}
void MachineReporter::info(const std::string &text) {
  message("info", text);
}
void MachineReporter::warning(const std::string &text) {
  message("warning", text);
}

void MachineReporter::error(const Error &error) {
  const std::string object = error.object().empty() ? "" : error.object() + ": ";
  const std::lock_guard lock(mutex_);
  Json line = {{"message", object + error.failure()},
               {"timestamp", timestamp(options_.now())},
               {"type", "error"},
               {"code", code_word(error.code())}};
  if (!error.object().empty()) line["object"] = error.object();
  if (!error.remedy().empty()) line["remedy"] = error.remedy();
  write(line);
}

void MachineReporter::change(const core::GuestChange &change) {
  if (options_.fractions) return;
  const std::lock_guard lock(mutex_);
  write({{"type", "change"},
         {"object", change.object},
         {"change", change.change},
         {"reason", change.reason},
         {"timestamp", timestamp(options_.now())}});
}

void MachineReporter::progress(const core::Progress &progress) {
  const std::lock_guard lock(mutex_);
  const Seconds now = options_.clock();
  const ProgressState state = tracker_.add(progress, now).disk;
  const auto key = std::pair(state.phase, state.disk);
  if (const auto last = written_.find(key); last != written_.end()) {
    const bool news = state.finished && !last->second.finished;
    if (!news && (last->second.finished || now - last->second.at < between_progress_lines)) return;
  }
  written_[key] = {now, state.finished};
  if (options_.as_virt_v2v) return options_.write(fmt::format("{}/100", state.percent()));
  Json line = {{"type", "progress"},
               {"phase", state.phase},
               {"disk", state.disk},
               {"disks", state.disks},
               {"bytes", state.done},
               {"total", state.total},
               {"rate", std::llround(state.rate)},
               {"eta", nullptr}};
  if (state.seconds_left) line["eta"] = *state.seconds_left;
  line["timestamp"] = timestamp(options_.now());
  write(line);
}

}  // namespace v2v::host
