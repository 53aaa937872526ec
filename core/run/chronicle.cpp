// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/run/chronicle.hpp>

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace v2v::core {
namespace {

using nlohmann::json;

constexpr double between_progress = 1.0;  // seconds

json to_json(const DiskMap &map) {
  json cells = json::array();
  for (const auto &cell : map.cells) cells.push_back({cell.kept, cell.written, cell.trimmed});
  return {{"size", map.size},
          {"kept", map.kept},
          {"written", map.written},
          {"trimmed", map.trimmed},
          {"cells", std::move(cells)}};
}

DiskMap map_of(const json &line) {
  DiskMap map;
  map.size = line.at("size");
  map.kept = line.at("kept");
  map.written = line.at("written");
  map.trimmed = line.at("trimmed");
  for (const auto &cell : line.at("cells")) map.cells.push_back({cell[0], cell[1], cell[2]});
  return map;
}

json to_json(const GuestFacts &found) {
  json traits = json::array(), disks = json::array();
  for (const auto &[group, name, before, after] : found.traits)
    traits.push_back({group, name, before, after});
  for (const auto &[name, map] : found.disks) disks.push_back({name, to_json(map)});
  return {{"guest", found.guest},
          {"system", found.system},
          {"traits", std::move(traits)},
          {"disks", std::move(disks)}};
}

GuestFacts facts_of(const json &line) {
  GuestFacts found;
  found.guest = line.at("guest");
  found.system = line.at("system");
  for (const auto &one : line.at("traits"))
    found.traits.push_back({one[0], one[1], one[2], one[3]});
  for (const auto &one : line.at("disks")) found.disks.emplace_back(one[0], map_of(one[1]));
  return found;
}

void add_work(Chronicle &chronicle, const json &line) {
  const double at = line.at("at");
  for (auto &work : chronicle.work)
    if (work.phase == line.at("progress") && work.disk == line.at("disk")) {
      work.to = at;
      work.bytes = line.at("done");
      return;
    }
  chronicle.work.push_back({line.at("progress"), line.at("disk"), at, at, line.at("done")});
}

void add(Chronicle &chronicle, const json &line) {
  const double at = line.at("at");
  if (line.contains("step"))
    chronicle.steps.push_back({at, line["step"]});
  else if (line.contains("info"))
    chronicle.remarks.push_back({at, line["info"]});
  else if (line.contains("warning"))
    chronicle.warnings.push_back({at, line["warning"]});
  else if (line.contains("error"))
    chronicle.failures.push_back({at, line["error"], line.at("object"), line.at("remedy")});
  else if (line.contains("change"))
    chronicle.changes.push_back({line.at("object"), line["change"], line.at("reason")});
  else if (line.contains("undone"))
    chronicle.undone.push_back(line["undone"]);
  else if (line.contains("progress"))
    add_work(chronicle, line);
  else if (line.contains("found"))
    chronicle.found = facts_of(line["found"]);
}

}  // namespace

ChronicleWriter::ChronicleWriter(std::size_t most)
    : fd_(::memfd_create("v2v-chronicle", MFD_CLOEXEC)),
      most_(most),
      started_(std::time(nullptr)),
      start_(std::chrono::steady_clock::now()) {
  // Each line goes to the end, whichever process writes it.
  if (!fd_ || ::fcntl(fd_.get(), F_SETFL, O_APPEND) != 0)
    throw Error(Code::internal,
                fmt::format("cannot make a file in memory: {}", std::strerror(errno)));
}

double ChronicleWriter::now() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void ChronicleWriter::write(const json &line) {
  // With a newline on both sides a line that a killed process wrote half does not spoil the next.
  auto text = '\n' + line.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
  struct stat info {};
  if (::fstat(fd_.get(), &info) != 0) return;
  // One byte over the limit tells the reader that something is missing.
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size > most_) return;
  if (size + text.size() > most_) text = std::string(most_ - size, ' ') + "\n";
  // A chronicle with a gap is better than a conversion that fails for it.
  if (::write(fd_.get(), text.data(), text.size()) < 0) return;
}

void ChronicleWriter::step(const std::string &text) {
  write({{"at", now()}, {"step", text}});
}
void ChronicleWriter::info(const std::string &text) {
  write({{"at", now()}, {"info", text}});
}
void ChronicleWriter::warning(const std::string &text) {
  write({{"at", now()}, {"warning", text}});
}
void ChronicleWriter::error(const Error &error) {
  write({{"at", now()},
         {"error", error.failure()},
         {"object", error.object()},
         {"remedy", error.remedy()}});
}
void ChronicleWriter::change(const GuestChange &change) {
  write({{"at", now()},
         {"object", change.object},
         {"change", change.change},
         {"reason", change.reason}});
}
void ChronicleWriter::undone(const std::string &text) {
  write({{"at", now()}, {"undone", text}});
}
void ChronicleWriter::found(const GuestFacts &facts) {
  write({{"at", now()}, {"found", to_json(facts)}});
}

void ChronicleWriter::progress(const Progress &progress) {
  const double at = now();
  {
    const std::lock_guard lock(mutex_);
    const auto [last, first] = kept_.try_emplace({progress.phase, progress.disk}, at);
    if (!first && progress.done != progress.total && at - last->second < between_progress) return;
    last->second = at;
  }
  write(
      {{"at", at}, {"progress", progress.phase}, {"disk", progress.disk}, {"done", progress.done}});
}

Chronicle ChronicleWriter::read() const {
  Chronicle chronicle;
  chronicle.started = started_;
  chronicle.duration = now();
  struct stat info {};
  if (::fstat(fd_.get(), &info) != 0) return chronicle;
  const auto size = static_cast<std::size_t>(info.st_size);
  chronicle.complete = size <= most_;
  std::string text(size, '\0');
  std::size_t got = 0;
  for (ssize_t piece = 1; got < size && piece > 0; got += static_cast<std::size_t>(piece))
    if (piece = ::pread(fd_.get(), text.data() + got, size - got, static_cast<off_t>(got));
        piece < 0)
      piece = 0;
  for (std::size_t from = 0, end = 0; (end = text.find('\n', from)) != text.npos; from = end + 1) {
    const auto line = json::parse(text.begin() + static_cast<std::ptrdiff_t>(from),
                                  text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    if (line.is_object()) add(chronicle, line);
  }
  return chronicle;
}

}  // namespace v2v::core
