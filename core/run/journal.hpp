// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The journal of one conversion: a file of JSON lines in the run directory. The child writes it as
// it goes; whoever cleans up, the parent or a later start, reads it. It knows what has to be undone
// outside the run directory, whether the result was committed, and which plugin call is under way.
//
// Lines are appended whole with one write, so a reader sees only whole lines; after one that a full
// disk cut off, the next begins a new line. Every function may be called from any thread.
#pragma once

#include <core/run/file_descriptor.hpp>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

namespace v2v::core {

/// What must be handed to an output's abort.
struct AbortRecord {
  std::filesystem::path plugin;  ///< the output's file
  std::string record;            ///< opaque, the plugin's own
};

/// What a journal says.
struct JournalState {
  std::string guest;       ///< whose conversion this is, for messages; may be empty
  std::string call;        ///< the plugin calls under way: "v2v-output-local.so: prepare"
  int status = 0;          ///< the exit status of a success
  bool committed = false;  ///< the result is visible: nothing outside is to be undone
  std::vector<AbortRecord> records;
};

class Journal {
 public:
  /// Opens or creates the journal of a run directory for appending.
  explicit Journal(const std::filesystem::path &run_directory);

  void guest(const std::string &name);
  /// On disk when this returns, since what it names outlives the machine.
  void abort_record(const std::filesystem::path &plugin, const std::string &record);
  void committed();
  /// What a process that does well ends with: a command's that it ran.
  void exit_status(int status);
  /// Only for messages, so not being able to write is no error: an abort must work on a full disk.
  /// @returns what to end it with; several calls may be under way at the same time
  unsigned call_begins(const std::string &call);
  void call_ends(unsigned id);

  /// Empty if there is no journal. Lines that cannot be read (a full disk) are skipped.
  static JournalState read(const std::filesystem::path &run_directory);

 private:
  void append(const std::string &line, bool sync);
  bool write_line(const std::string &line) noexcept;

  std::filesystem::path file_;
  FileDescriptor fd_;
  std::atomic<unsigned> calls_ = 0;
  std::atomic<bool> cut_off_ = false;  ///< the last line may have no end
};

}  // namespace v2v::core
