// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The chronicle of one conversion: what was said, found out, changed and undone, and when. All processes of
// the conversion write it: the first one, its child, and those that undo what a failed child had made. It is
// a file in memory that they share, one JSON object a line and each line one write, so what a process wrote
// before it crashed is there, and nothing of it is ever left anywhere.
#pragma once

#include <core/disk/disk_map.hpp>
#include <core/run/file_descriptor.hpp>
#include <core/run/reporter.hpp>

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

/// Something of the machine, as it was and as it is now. Not known, or not yet: empty.
struct Trait {
  std::string group;  ///< "Machine", "Disks" …
  std::string name;   ///< "Firmware"
  std::string before, after;
};

/// What the chronicle holds of the guest. Each time that more is known all of it is written again.
struct GuestFacts {
  std::string guest;   ///< its name
  std::string system;  ///< what is on its disks, in words
  std::vector<Trait> traits;
  std::vector<std::pair<std::string, DiskMap>> disks;  ///< by name
};

struct Chronicle {
  struct Said {
    double at = 0;  ///< seconds since the start, as all times here
    std::string text;
  };
  struct Failure {
    double at = 0;
    std::string what, object, remedy;
  };
  /// A long piece of work, from its first to its last report of progress.
  struct Work {
    std::string phase;  ///< copy, upload …
    unsigned disk = 0;  ///< from 1; 0: all
    double from = 0, to = 0;
    std::uint64_t bytes = 0;  ///< done
  };

  std::time_t started = 0;
  double duration = 0;  ///< up to the moment of reading
  std::vector<Said> steps, remarks, warnings;
  std::vector<Failure> failures;
  std::vector<GuestChange> changes;
  std::vector<std::string> undone;
  std::vector<Work> work;
  GuestFacts found;
  bool complete = true;  ///< false: more was said than a chronicle holds
};

/// Every function may be called from any thread, and in any process forked from the one that made it.
class ChronicleWriter : public Reporter {
 public:
  /// The conversion starts now.
  /// @param most  bytes that are kept; what comes after is left out
  explicit ChronicleWriter(std::size_t most = std::size_t{32} << 20);

  void step(const std::string &text) override;
  void info(const std::string &text) override;
  void warning(const std::string &text) override;
  void error(const Error &error) override;
  void debug(const std::string &) override {}
  /// Kept once a second, and the first and the last of each.
  void progress(const Progress &progress) override;
  void change(const GuestChange &change) override;
  void undone(const std::string &text) override;
  void found(const GuestFacts &facts);

  Chronicle read() const;

 private:
  double now() const;
  void write(const nlohmann::json &line);

  FileDescriptor fd_;
  std::size_t most_;
  std::time_t started_;
  std::chrono::steady_clock::time_point start_;
  std::mutex mutex_;
  std::map<std::pair<std::string, unsigned>, double> kept_;  ///< when progress was last written
};

}  // namespace v2v::core
