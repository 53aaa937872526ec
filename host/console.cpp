// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "console.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <array>
#include <sstream>

namespace v2v::host {
namespace {

constexpr unsigned wrap_width = 76;
constexpr Seconds between_bars{0.1}, between_lines{30.0};
constexpr unsigned percent_between_lines = 10;
constexpr const char *erase_line = "\r\033[K";
/// Red, green, blue, magenta; as virt-v2v, bold but for what is no trouble.
constexpr std::array<const char *, 4> colour_codes = {"1;31", "0;32", "1;34", "1;35"};

}  // namespace

ConsoleReporter::~ConsoleReporter() {
  if (bar_on_screen_) *options_.out << '\n' << std::flush;
}

ConsoleReporter::Sink ConsoleReporter::out() const {
  return {*options_.out, options_.out_terminal, options_.out_terminal || options_.colours,
          options_.out_terminal || options_.wrap};
}

ConsoleReporter::Sink ConsoleReporter::error_sink() const {
  return {*options_.error, options_.error_terminal, options_.error_terminal || options_.colours,
          options_.error_terminal || options_.wrap};
}

void ConsoleReporter::say(const Sink &sink, const std::string &prefix, const std::string &text,
                          Colour colour) {
  erase_bar();
  std::string shown = printable(text);
  const auto column = static_cast<unsigned>(prefix.size());
  if (sink.wrap) shown = wrapped(shown, wrap_width, column, std::min(column, 9u));
  if (sink.colours)
    sink.stream << fmt::format("{}\033[{}m{}\033[0m\n", prefix,
                               colour_codes[static_cast<std::size_t>(colour)], shown);
  else
    sink.stream << prefix << shown << '\n';
  sink.stream.flush();
}

void ConsoleReporter::step(const std::string &text) {
  if (options_.quiet) return;
  const std::lock_guard lock(mutex_);
  say(out(), fmt::format("[{:6.1f}] ", options_.clock().count()), text, Colour::green);
}

void ConsoleReporter::info(const std::string &text) {
  const std::lock_guard lock(mutex_);
  say(out(), "", options_.program + ": " + text, Colour::magenta);
}

void ConsoleReporter::note(const std::string &text) {
  if (!options_.quiet) info(text);
}

void ConsoleReporter::warning(const std::string &text) {
  const std::lock_guard lock(mutex_);
  say(out(), "", options_.program + ": warning: " + text, Colour::blue);
}

void ConsoleReporter::error(const Error &error) {
  const std::lock_guard lock(mutex_);
  const Sink sink = error_sink();
  // The bar may have been left there by another process: the conversion that crashed.
  if (sink.terminal && options_.out_terminal && !options_.quiet) sink.stream << erase_line;
  const std::string object = error.object().empty() ? "" : error.object() + ": ";
  // Who stops a conversion has made no error.
  const bool stopped = error.code() == Code::cancelled;
  say(sink, "", options_.program + (stopped ? ": " : ": error: ") + object + error.failure(),
      Colour::red);
  std::string hint = error.remedy();
  if (hint.empty() && error.code() == Code::internal && !options_.verbose && !options_.ask_for_log)
    hint = "this looks like a defect: run it again with -v -x and report the whole output";
  if (!hint.empty()) {
    hint = printable(hint);
    if (sink.wrap) hint = wrapped(hint, wrap_width, 8, 8);
    sink.stream << "  hint: " << hint << std::endl;
  }
  if (options_.ask_for_log && !stopped) {
    const std::string request = fmt::format(
        "If reporting bugs, run {} with debugging enabled and include the complete output:",
        options_.program);
    sink.stream << fmt::format("\n{}\n\n  {} -v -x [...]\n",
                               sink.wrap ? wrapped(request, wrap_width, 0, 0) : request,
                               options_.program)
                << std::flush;
  }
}

void ConsoleReporter::debug(const std::string &text) {
  if (!options_.verbose) return;
  const std::lock_guard lock(mutex_);
  erase_bar();
  // Every line says what it is, so that a log can be filtered.
  std::istringstream lines(printable(text));
  for (std::string line; std::getline(lines, line);)
    *options_.error << options_.program << ": debug: " << line << '\n';
  options_.error->flush();
}

void ConsoleReporter::change(const core::GuestChange &change) {
  debug(fmt::format("changed {}: {} ({})", change.object, change.change, change.reason));
}

void ConsoleReporter::progress(const core::Progress &progress) {
  if (options_.quiet || !options_.show_progress) return;
  const std::lock_guard lock(mutex_);
  const ProgressState state = tracker_.add(progress, options_.clock()).all;
  const bool again = state.phase == shown_.phase && shown_.finished && state.finished;
  if (again) return;
  options_.out_terminal ? draw_bar(state) : log_progress(state);
}

void ConsoleReporter::erase_bar() {
  if (!bar_on_screen_) return;
  *options_.out << erase_line << std::flush;
  bar_on_screen_ = false;
}

void ConsoleReporter::draw_bar(const ProgressState &state) {
  const Seconds now = options_.clock();
  const bool same_phase = state.phase == shown_.phase;
  if (same_phase && !state.finished && bar_on_screen_ && now - shown_at_ < between_bars) return;
  // A terminal may wrap when its last column is written.
  *options_.out << erase_line << progress_bar(state, options_.width() - 1);
  if (state.finished) *options_.out << '\n';
  options_.out->flush();
  bar_on_screen_ = !state.finished;
  shown_ = state;
  shown_at_ = now;
}

void ConsoleReporter::log_progress(const ProgressState &state) {
  const Seconds now = options_.clock();
  const bool comparable = state.phase == shown_.phase && state.total == shown_.total;
  if (!comparable) {
    // The beginning of a phase, or another disk was added: nothing to say yet.
    shown_ = state;
    shown_at_ = now;
    if (!state.finished) return;
  } else if (!state.finished && now - shown_at_ < between_lines &&
             state.percent() / percent_between_lines == shown_.percent() / percent_between_lines) {
    return;
  }
  *options_.out << "         " << progress_line(state) << std::endl;
  shown_ = state;
  shown_at_ = now;
}

}  // namespace v2v::host
