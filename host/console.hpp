// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Messages and progress for a person, in the forms of virt-v2v: steps, warnings and
// remarks on standard output, errors and -v on standard error. Thread-safe. The streams belong to
// the caller and outlive the reporter.
#pragma once

#include "progress.hpp"

#include <core/run/reporter.hpp>

#include <functional>
#include <mutex>
#include <ostream>
#include <string>

namespace v2v::host {

struct ConsoleOptions {
  std::ostream *out = nullptr, *error = nullptr;
  bool out_terminal = false, error_terminal = false;
  bool quiet = false, verbose = false, colours = false, wrap = false;
  bool show_progress = true;
  std::string program = "v2v";      ///< what messages begin with
  bool ask_for_log = false;         ///< virt-v2v's paragraph on reporting bugs, after an error
  std::function<Seconds()> clock;   ///< time since the program began
  std::function<unsigned()> width;  ///< characters in a line of the terminal
};

class ConsoleReporter : public core::Reporter {
 public:
  explicit ConsoleReporter(ConsoleOptions options) : options_(std::move(options)) {}
  ~ConsoleReporter() override;

  void step(const std::string &text) override;
  void info(const std::string &text) override;
  void note(const std::string &text) override;
  void warning(const std::string &text) override;
  void error(const Error &error) override;
  void debug(const std::string &text) override;
  void progress(const core::Progress &progress) override;
  void change(const core::GuestChange &change) override;

 private:
  enum class Colour { red, green, blue, magenta };
  /// One of the two streams, and what may be done with it.
  struct Sink {
    std::ostream &stream;
    bool terminal, colours, wrap;
  };

  Sink out() const;
  Sink error_sink() const;
  /// A message with `prefix` before it, wrapped and coloured where that is wanted.
  void say(const Sink &sink, const std::string &prefix, const std::string &text, Colour colour);
  void erase_bar();
  void draw_bar(const ProgressState &state);
  void log_progress(const ProgressState &state);

  ConsoleOptions options_;
  std::mutex mutex_;
  ProgressTracker tracker_;
  ProgressState shown_;  ///< last state that was drawn or logged
  Seconds shown_at_{-1e9};
  bool bar_on_screen_ = false;
};

}  // namespace v2v::host
