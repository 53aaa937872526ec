// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "progress.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace v2v::host {
namespace {

constexpr Seconds window{10.0};
constexpr Seconds least_distance{0.25};  // keeps the number of samples small
constexpr std::uint64_t longest_wait = 100 * 24 * 3600;

ProgressState state_of(const core::Progress &report, std::uint64_t done, std::uint64_t total,
                       const Rate &rate) {
  ProgressState state;
  state.phase = report.phase;
  state.disks = report.disks;
  state.total = total;
  state.done = total ? std::min(done, total) : done;
  state.rate = rate.per_second();
  if (total && state.rate > 0) {
    const double left = std::ceil(static_cast<double>(total - state.done) / state.rate);
    if (left <= static_cast<double>(longest_wait))
      state.seconds_left = static_cast<std::uint64_t>(left);
  }
  return state;
}

/// "1.2 GiB of 2.8 GiB, 120 MiB/s, 0:13 left"
std::string figures(const ProgressState &state) {
  std::string text = human_bytes(state.done);
  if (state.total) text += " of " + human_bytes(state.total);
  if (state.rate >= 1) text += fmt::format(", {}/s", human_bytes(std::llround(state.rate)));
  if (state.seconds_left && !state.finished)
    text += fmt::format(", {} left", human_duration(*state.seconds_left));
  return text;
}

/// "copy  42%", "copy of 3 disks  42%"
std::string label(const ProgressState &state) {
  std::string text = state.phase;
  if (state.disks > 1) text += fmt::format(" of {} disks", state.disks);
  if (state.total) text += fmt::format(" {:3}%", state.percent());
  return text;
}

}  // namespace

void Rate::add(Seconds now, std::uint64_t done) {
  // Something that starts again from the beginning has no rate yet.
  if (!samples_.empty() && done < samples_.back().done) samples_.clear();
  // The newest sample moves along until it is far enough from the one before it.
  const std::size_t count = samples_.size();
  if (count >= 2 && now - samples_[count - 2].at < least_distance)
    samples_.back() = {now, done};
  else
    samples_.push_back({now, done});
  while (samples_.size() > 2 && now - samples_[1].at >= window) samples_.pop_front();
}

double Rate::per_second() const {
  if (samples_.size() < 2) return 0;
  const Seconds time = samples_.back().at - samples_.front().at;
  if (time.count() <= 0) return 0;
  return static_cast<double>(samples_.back().done - samples_.front().done) / time.count();
}

unsigned ProgressState::percent() const {
  if (total == 0) return 0;
  // Only what is done is 100 %.
  if (done >= total) return 100;
  return std::min(
      99u, static_cast<unsigned>(100.0 * static_cast<double>(done) / static_cast<double>(total)));
}

ProgressTracker::Update ProgressTracker::add(const core::Progress &report, Seconds now) {
  Phase &phase = phases_[report.phase];
  Disk &disk = phase.disks[report.disk];
  disk.done = report.done;
  disk.total = report.total;
  disk.rate.add(now, report.done);

  std::uint64_t done = 0, total = 0;
  if (const auto whole = phase.disks.find(0); whole != phase.disks.end()) {
    done = whole->second.done;
    total = whole->second.total;
  } else {
    for (const auto &[number, each] : phase.disks) {
      done += std::min(each.done, each.total ? each.total : each.done);
      total += each.total;
    }
  }
  phase.rate.add(now, done);

  Update update{state_of(report, report.done, report.total, disk.rate),
                state_of(report, done, total, phase.rate)};
  update.disk.disk = report.disk;
  // A plugin that copies by itself does not know how many disks there are.
  update.all.disks = std::max(report.disks, static_cast<unsigned>(phase.disks.size()));
  update.disk.finished = report.total != 0 && report.done >= report.total;
  const bool all_known = phase.disks.count(0) || phase.disks.size() >= report.disks;
  update.all.finished = all_known && total != 0 && done >= total;
  return update;
}

std::string progress_line(const ProgressState &state) {
  return printable(label(state) + ": " + figures(state), false);
}

std::string progress_bar(const ProgressState &state, unsigned width) {
  const std::string left = printable(label(state), false), right = figures(state);
  const std::size_t text = characters(left) + characters(right) + 4;  // " [" and "] "
  constexpr std::size_t least = 8, most = 40;
  if (state.total == 0 || text + least > width) {
    std::string line = left + " " + right;
    // Cut by bytes: figures are ASCII, and a phase is too.
    if (line.size() > width) line.resize(width);
    return line;
  }
  const std::size_t room = std::min(most, width - text);
  const std::size_t full = room * state.percent() / 100;
  return fmt::format("{} [{}{}] {}", left, std::string(full, '#'), std::string(room - full, '-'),
                     right);
}

}  // namespace v2v::host
