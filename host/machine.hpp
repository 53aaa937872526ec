// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Messages and progress for a program: one JSON object per line, those of guestfs(3), "Advanced
// machine readable output", and progress lines of our own. Each line is one write, so that several
// processes may share the destination. Thread-safe.
#pragma once

#include "progress.hpp"

#include <core/run/file_descriptor.hpp>
#include <core/run/reporter.hpp>

#include <nlohmann/json_fwd.hpp>

#include <ctime>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace v2v::host {

/// Where lines for a program go. Owns a file that it opened, not a descriptor it was given.
class MachineStream {
 public:
  /// @param destination  empty, file:NAME, stream:stdout, stream:stderr or fd:N
  /// @throws Error(access) if it cannot be written to
  explicit MachineStream(const std::string &destination);

  /// The line and a newline. A reader that has gone away is no error.
  void write(const std::string &line) const;
  bool is_standard_output() const { return fd_ == 1; }

 private:
  core::FileDescriptor file_;
  int fd_ = 1;
};

struct MachineOptions {
  std::function<void(const std::string &line)> write;
  std::function<Seconds()> clock;      ///< time since the program began
  std::function<std::timespec()> now;  ///< time of day
  bool as_virt_v2v = false;            ///< JSON with its blanks, and progress as "42/100"
};

class MachineReporter : public core::Reporter {
 public:
  explicit MachineReporter(MachineOptions options) : options_(std::move(options)) {}

  void step(const std::string &text) override;
  void info(const std::string &text) override;
  void warning(const std::string &text) override;
  /// Has "object", "remedy" and "code" besides, where they are known.
  void error(const Error &error) override;
  void debug(const std::string &) override {}
  /// At most one line per disk and second, and always the first and the last one.
  void progress(const core::Progress &progress) override;
  /// Nothing for callers of virt-v2v, which has no such lines.
  void change(const core::GuestChange &change) override;

 private:
  void message(const std::string &type, const std::string &text);
  void write(const nlohmann::ordered_json &object);

  /// What was written last about a disk.
  struct Written {
    Seconds at;
    bool finished;
  };

  MachineOptions options_;
  std::mutex mutex_;
  ProgressTracker tracker_;
  std::map<std::pair<std::string, unsigned>, Written> written_;
};

/// "2026-01-31T12:00:00.123456789+01:00", local time.
std::string timestamp(const std::timespec &moment);

/// The word for a code in JSON: "not-found".
std::string code_word(Code code);

/// JSON in one line; never throws for text that is no UTF-8.
std::string json_line(const nlohmann::ordered_json &object);

/// The same with blanks where virt-v2v has them, for those who look for text in it.
/// @param object  without objects in it
std::string spaced_json_line(const nlohmann::ordered_json &object);

}  // namespace v2v::host
