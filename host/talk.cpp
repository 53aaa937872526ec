// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "talk.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

namespace v2v::host {
namespace {

unsigned terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

ConsoleOptions console_options(const Program &program, const TalkSettings &talk,
                               bool report_on_output, std::function<Seconds()> clock) {
  ConsoleOptions options;
  options.out = report_on_output ? &std::cerr : &std::cout;
  options.error = &std::cerr;
  options.error_terminal = ::isatty(STDERR_FILENO) == 1;
  options.out_terminal = report_on_output ? options.error_terminal : ::isatty(STDOUT_FILENO) == 1;
  options.quiet = talk.quiet;
  options.verbose = talk.verbose;
  options.colours = talk.colours;
  options.wrap = talk.wrap;
  options.clock = std::move(clock);
  options.width = terminal_width;
  options.program = program.name;
  options.ask_for_log = !program.own && !(talk.verbose && talk.trace);
  return options;
}

}  // namespace

Talk::Talk(const Program &program, const TalkSettings &settings, bool report_on_output,
           const std::function<Seconds()> &clock) {
  ConsoleOptions console = console_options(program, settings, report_on_output, clock);
  if (settings.machine_readable) {
    stream_.emplace(settings.machine_destination);
    // Two kinds of progress in one stream would help nobody.
    console.show_progress = !stream_->is_standard_output();
    MachineOptions options;
    options.write = [this](const std::string &line) { stream_->write(line); };
    options.clock = clock;
    options.now = [] {
      std::timespec moment{};
      std::timespec_get(&moment, TIME_UTC);
      return moment;
    };
    options.as_virt_v2v = !program.own;
    machine_.emplace(std::move(options));
    all_.add(*machine_);
  }
  console_.emplace(std::move(console));
  all_.add(*console_);
}

}  // namespace v2v::host
