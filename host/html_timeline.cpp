// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where the time went: a bar for each step from its beginning to that of the next, and below it, thinner, the
// long pieces of work in it. Each bar is a picture of its own with no text in it, so that the words beside
// it stay readable on every width.
#include "html_parts.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace v2v::host::html {
namespace {

constexpr double scale = 1000;  // units of a bar's picture, for the whole time

struct Bar {
  std::string label, note;
  double from = 0, to = 0;  // seconds
  const char *css_class = "step";
};

std::string work_label(const core::Chronicle::Work &work) {
  return work.disk == 0 ? work.phase : fmt::format("{}, disk {}", work.phase, work.disk);
}

std::string work_note(const core::Chronicle::Work &work) {
  const double seconds = work.to - work.from;
  auto note = human_bytes(work.bytes);
  if (seconds >= 0.1)
    note += fmt::format(
        ", {}/s",
        human_bytes(static_cast<std::uint64_t>(static_cast<double>(work.bytes) / seconds)));
  return note;
}

/// Each step with the work of which the middle is in it: its first report may come a moment too early.
std::vector<Bar> bars_of(const core::Chronicle &chronicle, bool failed) {
  std::vector<Bar> bars;
  const auto &steps = chronicle.steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool last = i + 1 == steps.size();
    const double end = last ? chronicle.duration : steps[i + 1].at;
    bars.push_back({steps[i].text, last && failed ? "failed here" : "", steps[i].at, end,
                    last && failed ? "step failed" : "step"});
    for (const auto &work : chronicle.work) {
      const double middle = (work.from + work.to) / 2;
      if (work.bytes != 0 && middle >= steps[i].at && (last || middle < end))
        bars.push_back({work_label(work), work_note(work), work.from, work.to, "work"});
    }
  }
  return bars;
}

void add_bar(Node list, const Bar &bar, double whole) {
  const auto row = add(list, "li", bar.css_class);
  const auto label = add(row, "span", "label", bar.label);
  if (!bar.note.empty()) add(label, "small", "", bar.note);
  const auto picture = add(row, "svg");
  set(picture, "viewBox", "0 0 1000 10");
  set(picture, "preserveAspectRatio", "none");
  set(picture, "aria-hidden", "true");
  for (const char *at : {"250", "500", "750"}) {
    const auto line = add(picture, "path", "grid");
    set(line, "d", fmt::format("M{} 0v10", at));
  }
  const auto rect = add(picture, "rect", "bar");
  const double from = std::min(bar.from / whole * scale, scale - 3);
  set(rect, "x", fmt::format("{:.1f}", from));
  // Nothing is too short to be seen.
  set(rect, "width", fmt::format("{:.1f}", std::max((bar.to - bar.from) / whole * scale, 3.0)));
  set(rect, "height", "10");
  const bool counts = (bar.to - bar.from) / whole >= 0.01;
  add(row, "span", counts ? "time" : "time short", duration(bar.to - bar.from));
}

}  // namespace

void add_timeline(Node parent, const core::Chronicle &chronicle, bool failed) {
  if (chronicle.steps.empty()) return;
  const double whole = std::max(chronicle.duration, 0.001);
  const auto part = section(parent, "Where the time went");
  const auto axis = add(part, "div", "axis");
  set(axis, "aria-hidden", "true");
  add(axis, "span");
  const auto ticks = add(axis, "span", "ticks");
  for (int quarter = 0; quarter <= 4; ++quarter)
    add(ticks, "span", "", duration(whole * quarter / 4));
  const auto list = add(part, "ol", "timeline");
  for (const auto &bar : bars_of(chronicle, failed)) add_bar(list, bar, whole);
}

}  // namespace v2v::host::html
