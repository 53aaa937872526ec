// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/extents.hpp>

#include <core/disk/qemu_img.hpp>
#include <core/disk/qemu_location.hpp>

namespace v2v::core {
namespace {

// A fragmented disk of many TiB on slow storage takes its time.
constexpr std::chrono::hours map_limit{2};

/// Takes qemu-img's answer line by line: one extent each, millions of them on a large disk.
class MapParser {
 public:
  explicit MapParser(std::vector<Extent> &extents) : extents_(extents) {}

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
    // What is neither data nor zero could be anything, so a copy reads it.
    add({json.value("start", std::uint64_t(0)), json.value("length", std::uint64_t(0)),
         json.value("zero", false), json.value("depth", 0u)});
  }

  void add(const Extent &extent) {
    if (!extents_.empty()) {
      auto &last = extents_.back();
      if (last.zero == extent.zero && last.depth == extent.depth) {
        last.length += extent.length;
        return;
      }
    }
    extents_.push_back(extent);
  }

  std::vector<Extent> &extents_;
  std::string pending_;
};

}  // namespace

std::vector<Extent> map_extents(const Location &location, const Cancellation &cancellation) {
  std::vector<Extent> extents;
  MapParser parser(extents);
  QemuImg{{"map", "--output=json", qemu_filename(location)},
          "cannot find out which parts of the disk hold data",
          display_name(location),
          &cancellation,
          map_limit,
          [&](const std::string &piece) { parser.take(piece); }}
      .run();
  parser.finish();
  return extents;
}

std::uint64_t data_bytes(const std::vector<Extent> &extents) {
  std::uint64_t bytes = 0;
  for (const auto &extent : extents)
    if (!extent.zero) bytes += extent.length;
  return bytes;
}

}  // namespace v2v::core
