// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// External programs: no shell, a time limit always, nothing inherited but what is passed, and none
// outlives v2v. posix_spawn, Boost.Process and GLib start programs too, but the death signal and
// the resource limits would be code of our own between fork and exec there as well, and none of
// them ends a program at a time limit or a cancellation.
//
// A Command is a value; run() may be called from any thread. A Child belongs to one thread.
#pragma once

#include <v2v/error.hpp>
#include <v2v/process/file_descriptor.hpp>

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace v2v::process {

constexpr unsigned nobody = 65534;  ///< user and group, in every distribution

/// For a program that reads what a guest has made, and may so be made to turn against its user. It
/// also gets no privilege from a set-uid bit, writes no core file, and has no environment but
/// LC_ALL=C and that of its Command. What it has started ends with it.
struct Bounds {
  std::uint64_t memory = std::uint64_t{2} << 30;  ///< bytes of address space
  std::uint64_t file = std::uint64_t{512} << 20;  ///< bytes of the largest file it may write
  bool as_nobody = false;                         ///< gives up root; only where the caller is root
};

struct CommandOutput {
  int status = 0;     ///< exit status; 128 + signal if it was killed
  std::string out;    ///< standard output; empty if it was streamed
  std::string error;  ///< standard error, at most its last 64 KiB
};

struct Command {
  std::vector<std::string> argv;  ///< argv[0] is looked up with find_program()
  std::chrono::milliseconds timeout{60'000};
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< added to the caller's
  /// Called with pieces of standard output as they arrive, in the thread of run().
  std::function<void(const std::string &)> on_output = {};
  /// Called several times a second; what it throws ends the program and leaves run().
  std::function<void()> check_cancelled = {};
  std::string input = {};             ///< its standard input
  std::vector<int> descriptors = {};  ///< become 3, 4, … of the program; they stay the caller's
  std::optional<Bounds> bounds = {};
  std::size_t most_output = std::size_t{64} << 20;  ///< bytes of standard output, if not streamed
  std::string package = {};  ///< the Debian package that has the program, for messages

  /// Runs to the end, whatever the exit status is. What the program has started in the background
  /// is not waited for; at the time limit or a cancellation it is killed with the program, if it is
  /// still in its process group.
  /// @param what    what fails if this fails, in a person's words; may be empty
  /// @param object  on which file; if `what` is empty, errors name the program here
  /// @throws Error(not_found) if the program is not there; Error(io) at the time limit, or if it
  ///         writes more than `most_output`; what check_cancelled throws
  CommandOutput run(const std::string &what = {}, const std::string &object = {}) const;

  /// As run(), and an exit status other than 0 is an error, with the last lines of what the program
  /// wrote to its standard error.
  /// @return its standard output
  std::string run_checked(const std::string &what, const std::string &object = {}) const;

  /// An error that begins with `what`, or names the program as its object.
  /// @param text  such as "is not installed"
  Error error(Code code, const std::string &text, const std::string &what,
              const std::string &object, const std::string &remedy = {}) const;
};

/// A program that runs beside v2v, a server for instance. It leads a process group, which is killed
/// at the end of this object. It also dies when *the thread* ends that made this object.
class Child {
 public:
  /// @param in, out, error  its standard streams; they stay the caller's
  /// @throws Error(not_found) if the program is not there
  Child(const Command &command, int in, int out, int error, const std::string &what = {},
        const std::string &object = {});
  ~Child();
  Child(const Child &) = delete;
  Child &operator=(const Child &) = delete;

  /// As CommandOutput::status, once it has ended; does not wait.
  /// @throws Error(internal) if somebody else has waited for it
  std::optional<int> status();

 private:
  bool bounded_;
  pid_t pid_ = -1;  ///< -1 once it was waited for
  int status_ = 0;
};

/// The path of an executable file in PATH, or in the directories of system programs, which an
/// ordinary user's PATH may lack; or empty. An empty element of PATH is passed over.
std::string find_program(const std::string &name);

/// A file without a name that holds `content`, to be read from its start: input that needs nobody
/// to write it, and secrets, since it is on no disk.
FileDescriptor memory_file(const std::string &content);

}  // namespace v2v::process
