// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/extents.hpp>

#include <core/disk/qemu_img.hpp>
#include <core/disk/qemu_location.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

// A fragmented disk of many TiB on slow storage takes its time.
constexpr std::chrono::hours map_limit{2};

/// Takes qemu-img's answer line by line: one extent each, millions of them on a large disk.
class MapParser {
 public:
  using Add = std::function<void(const nlohmann::json &)>;
  explicit MapParser(Add add) : add_(std::move(add)) {}

  void take(const std::string &piece) {
    pending_ += piece;
    std::size_t from = 0;
    for (auto end = pending_.find('\n'); end != pending_.npos; end = pending_.find('\n', from)) {
      parse(pending_.substr(from, end - from));
      from = end + 1;
    }
    pending_.erase(0, from);
  }

  void finish() { parse(std::exchange(pending_, {})); }

 private:
  void parse(const std::string &line) {
    const auto begin = line.find('{'), end = line.rfind('}');
    if (begin == line.npos || end == line.npos || end < begin) return;
    const auto json = nlohmann::json::parse(line.substr(begin, end - begin + 1), nullptr, false);
    if (!json.is_object()) throw Error(Code::internal, "qemu-img gave a map that is not JSON");
    add_(json);
  }

  Add add_;
  std::string pending_;
};

void map(const std::string &filename, const Location &location, const Cancellation &cancellation,
         const MapParser::Add &add) {
  MapParser parser(add);
  QemuImg{{"map", "--output=json", filename},
          "cannot find out which parts of the disk hold data",
          display_name(location),
          &cancellation,
          map_limit,
          [&](const std::string &piece) { parser.take(piece); }}
      .run();
  parser.finish();
}

void add_extent(std::vector<Extent> &extents, const Extent &extent) {
  if (!extents.empty()) {
    auto &last = extents.back();
    if (last.zero == extent.zero && last.depth == extent.depth) {
      last.length += extent.length;
      return;
    }
  }
  extents.push_back(extent);
}

void add_change(std::vector<Change> &changes, const Change &change) {
  if (!changes.empty()) {
    auto &last = changes.back();
    if (last.zero == change.zero && last.start + last.length == change.start &&
        (change.zero || last.place + last.length == change.place)) {
      last.length += change.length;
      return;
    }
  }
  changes.push_back(change);
}

}  // namespace

std::vector<Extent> map_extents(const Location &location, const Cancellation &cancellation) {
  std::vector<Extent> extents;
  map(qemu_filename(location), location, cancellation, [&](const nlohmann::json &json) {
    // What is neither data nor zero could be anything, so a copy reads it.
    add_extent(extents,
               {json.value("start", std::uint64_t(0)), json.value("length", std::uint64_t(0)),
                json.value("zero", false), json.value("depth", 0u)});
  });
  return extents;
}

std::optional<Changes> map_changes(const Location &overlay, const Cancellation &cancellation) {
  // With its backing taken away, "present" tells what is the overlay's own.
  auto alone = overlay;
  alone.references = false;
  Changes found;
  bool open = true;
  map(qemu_filename(alone), overlay, cancellation, [&](const nlohmann::json &json) {
    Change change{json.value("start", std::uint64_t(0)), json.value("length", std::uint64_t(0)),
                  json.value("zero", false), 0};
    found.size = change.start + change.length;
    // qemu-img before 6.1 does not say it: then nobody knows what hides the source.
    open = open && json.contains("present");
    if (!json.value("present", true)) return;
    if (!change.zero) {
      open = open && json.contains("offset");
      change.place = json.value("offset", std::uint64_t(0));
    }
    add_change(found.changes, change);
  });
  if (!open) return std::nullopt;
  return found;
}

void for_unchanged(const Changes &changes, std::uint64_t start, std::uint64_t length,
                   const std::function<void(std::uint64_t, std::uint64_t)> &body) {
  const auto end = std::min(start + length, changes.size);
  const auto &all = changes.changes;
  auto change = std::partition_point(
      all.begin(), all.end(), [&](const Change &one) { return one.start + one.length <= start; });
  for (; change != all.end() && change->start < end; ++change) {
    if (start < change->start) body(start, change->start - start);
    start = change->start + change->length;
  }
  if (start < end) body(start, end - start);
}

std::uint64_t data_bytes(const std::vector<Extent> &extents) {
  std::uint64_t bytes = 0;
  for (const auto &extent : extents)
    if (!extent.zero) bytes += extent.length;
  return bytes;
}

}  // namespace v2v::core
