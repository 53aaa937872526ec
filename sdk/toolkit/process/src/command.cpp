// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Runs a program to its end. Its input is a file in memory, so a program that does not read it
// holds up nobody; its output is read as it comes, so a full pipe does not hold up the program.
#include <v2v/process/process.hpp>
#include <v2v/text/printable.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>

namespace v2v::process {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_error_text = 64 * 1024;
constexpr std::size_t shown_lines = 3;
constexpr std::size_t longest_line = 1000;  // bytes
constexpr int longest_wait_ms = 100;        // short, so that a cancellation is seen soon

[[noreturn]] void fail(const char *what) {
  throw Error(Code::internal, fmt::format("cannot {}: {}", what, std::strerror(errno)));
}

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) fail("make a pipe");
    read = FileDescriptor(ends[0]);
    write = FileDescriptor(ends[1]);
  }
  FileDescriptor read, write;
};

/// The reading ends of a program's output.
class Outputs {
 public:
  Outputs(FileDescriptor out, FileDescriptor error)
      : out_(std::move(out)), error_(std::move(error)) {}

  /// Waits for output and takes one piece of each.
  /// @return false if none came
  bool take(const Command &command, CommandOutput &result, int wait_ms) {
    pollfd fds[2] = {{out_.get(), POLLIN, 0}, {error_.get(), POLLIN, 0}};
    if (::poll(fds, 2, wait_ms) <= 0) return false;
    if (fds[0].revents) {
      const auto piece = read_some(out_);
      if (command.on_output && !piece.empty())
        command.on_output(piece);
      else
        result.out += piece;
    }
    if (fds[1].revents) {
      result.error += read_some(error_);
      if (result.error.size() > most_error_text)
        result.error.erase(0, result.error.size() - most_error_text);
    }
    return true;
  }
  bool are_open() const { return out_ || error_; }

 private:
  static std::string read_some(FileDescriptor &fd) {
    char buffer[16384];
    const auto count = ::read(fd.get(), buffer, sizeof buffer);
    if (count > 0) return std::string(buffer, static_cast<std::size_t>(count));
    if (count == 0 || errno != EINTR) fd.reset();
    return {};
  }

  FileDescriptor out_, error_;
};

std::string last_lines(const std::string &text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (!line.empty()) lines.push_back(line);
  }
  std::string shown;
  for (auto i = lines.size() - std::min(lines.size(), shown_lines); i < lines.size(); ++i)
    shown += (shown.empty() ? "" : " | ") + text::printable(lines[i], longest_line);
  return shown;
}

std::string why(const Command &command, const CommandOutput &result) {
  const auto said = last_lines(result.error);
  if (result.status <= 128 || !::sigdescr_np(result.status - 128))
    return said.empty() ? fmt::format("{} ended with status {}", command.argv[0], result.status)
                        : said;
  return fmt::format("{} was killed by signal {} ({}){}{}", command.argv[0], result.status - 128,
                     ::sigdescr_np(result.status - 128), said.empty() ? "" : ": ", said);
}

}  // namespace

FileDescriptor memory_file(const std::string &content) {
  FileDescriptor file(::memfd_create("v2v-input", MFD_CLOEXEC));
  if (!file) fail("make a file in memory");
  for (std::size_t done = 0; done < content.size();) {
    const auto count = ::write(file.get(), content.data() + done, content.size() - done);
    if (count < 0 && errno != EINTR) fail("write to a file in memory");
    done += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  if (::lseek(file.get(), 0, SEEK_SET) != 0) fail("rewind a file in memory");
  return file;
}

Error Command::error(Code code, const std::string &text, const std::string &what,
                     const std::string &object, const std::string &remedy) const {
  if (what.empty()) return Error(code, "the program " + text, argv.at(0), remedy);
  return Error(code, fmt::format("{}: {} {}", what, argv.at(0), text), object, remedy);
}

CommandOutput Command::run(const std::string &what, const std::string &object) const {
  const auto deadline = Clock::now() + timeout;
  Pipe out, error_pipe;
  FileDescriptor in = input.empty() ? FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC))
                                    : memory_file(input);
  if (!in) fail("open /dev/null");
  Child child(*this, in.get(), out.write.get(), error_pipe.write.get(), what, object);
  out.write.reset();
  error_pipe.write.reset();
  Outputs outputs(std::move(out.read), std::move(error_pipe.read));
  CommandOutput result;
  for (int pause_ms = 1;;) {
    if (check_cancelled) check_cancelled();
    // Before the outputs are read: what comes out after the end is a background process's.
    const auto status = child.status();
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (!status && left.count() <= 0)
      throw error(Code::io,
                  fmt::format("did not end within {} s and was stopped",
                              std::chrono::duration_cast<std::chrono::seconds>(timeout).count()),
                  what, object);
    // It closes its outputs a moment before it has ended, or lives on without them.
    if (!outputs.are_open()) pause_ms = std::min(2 * pause_ms, longest_wait_ms);
    const auto wait =
        std::clamp<long long>(left.count(), 0, outputs.are_open() ? longest_wait_ms : pause_ms);
    const bool more = outputs.take(*this, result, status ? 0 : static_cast<int>(wait));
    if (result.out.size() > most_output)
      throw error(Code::io, fmt::format("wrote more than {} bytes and was stopped", most_output),
                  what, object);
    if (status && (!more || left.count() <= 0)) {
      result.status = *status;
      return result;
    }
  }
}

std::string Command::run_checked(const std::string &what, const std::string &object) const {
  auto result = run(what, object);
  if (result.status != 0)
    throw Error(Code::io, fmt::format("{}: {}", what, why(*this, result)), object);
  return std::move(result.out);
}

}  // namespace v2v::process
