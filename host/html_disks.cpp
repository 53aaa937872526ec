// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A map of each disk: squares in the order of its bytes, filled with what they hold.
#include "html_parts.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace v2v::host::html {
namespace {

constexpr std::size_t columns = 64;
constexpr unsigned pitch = 10, side = 9;  // units of a square and its gap

/// What a square can hold, in the order in which it is drawn.
struct Kind {
  const char *css_class, *name, *explanation;
  unsigned core::DiskMap::Cell::*part;
};
constexpr std::array<Kind, 3> kinds = {
    Kind{"kept", "Data", "the source's, copied as it is", &core::DiskMap::Cell::kept},
    Kind{"written", "Written", "by the conversion", &core::DiskMap::Cell::written},
    Kind{"trimmed", "Trimmed", "free space of the guest, not copied",
         &core::DiskMap::Cell::trimmed}};

std::string square(std::size_t index, double left, double width) {
  return fmt::format("M{:.4g} {}h{:.3g}v{}h-{:.3g}z", index % columns * pitch + left,
                     index / columns * pitch, width, side, width);
}

/// A path for each kind keeps a map of a thousand squares small.
struct Paths {
  std::string holes;
  std::array<std::string, kinds.size()> filled;
};

Paths paths_of(const core::DiskMap &map) {
  Paths paths;
  for (std::size_t i = 0; i < map.cells.size(); ++i) {
    paths.holes += square(i, 0, side);
    double left = 0;
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      const unsigned part = map.cells[i].*kinds[kind].part;
      if (part == 0) continue;
      const double width = std::min(std::max(part * side / 100.0, 1.0), side - left);
      if (width <= 0) continue;
      paths.filled[kind] += square(i, left, width);
      left += width;
    }
  }
  return paths;
}

void add_path(Node picture, const char *css_class, const std::string &path) {
  // Far too long for a text, and made here.
  if (path.empty()) return;
  auto node = add(picture, "path", css_class);
  node.append_attribute("d").set_value(path.c_str());
}

void add_picture(Node parent, const std::string &name, const core::DiskMap &map) {
  const auto picture = add(parent, "svg", "map");
  const auto rows = (map.cells.size() + columns - 1) / columns;
  const auto used = std::min(map.cells.size(), columns);
  set(picture, "viewBox", fmt::format("0 0 {} {}", used * pitch - 1, rows * pitch - 1));
  set(picture, "role", "img");
  add(picture, "title", "",
      fmt::format("{}: {} of data, {} written by the conversion, {} trimmed, of {}", name,
                  human_bytes(map.kept), human_bytes(map.written), human_bytes(map.trimmed),
                  human_bytes(map.size)));
  const auto paths = paths_of(map);
  add_path(picture, "hole", paths.holes);
  for (std::size_t kind = 0; kind < kinds.size(); ++kind)
    add_path(picture, kinds[kind].css_class, paths.filled[kind]);
}

void add_legend_line(Node list, const char *css_class, const char *name, const char *explanation,
                     std::uint64_t bytes, std::uint64_t size) {
  const auto line = add(list, "li");
  const auto swatch = add(line, "svg", "swatch");
  set(swatch, "viewBox", "0 0 10 10");
  set(swatch, "aria-hidden", "true");
  add_path(swatch, css_class, "M0 0h10v10h-10z");
  add(line, "b", "", name);
  add(line, "span", "amount", human_bytes(bytes));
  add(line, "span", "share",
      fmt::format("{:.1f} %",
                  size ? static_cast<double>(bytes) * 100 / static_cast<double>(size) : 0));
  add(line, "small", "", explanation);
}

void add_legend(Node parent, const core::DiskMap &map) {
  const auto list = add(parent, "ul", "legend");
  const std::array<std::uint64_t, kinds.size()> bytes = {map.kept, map.written, map.trimmed};
  std::uint64_t held = 0;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    held += bytes[kind];
    add_legend_line(list, kinds[kind].css_class, kinds[kind].name, kinds[kind].explanation,
                    bytes[kind], map.size);
  }
  add_legend_line(list, "hole", "Hole", "reads as zeroes, not copied",
                  map.size - std::min(held, map.size), map.size);
}

}  // namespace

void add_disks(Node parent, const core::Chronicle &chronicle) {
  const auto &disks = chronicle.found.disks;
  if (disks.empty()) return;
  const auto part = section(parent, disks.size() == 1 ? "The disk" : "The disks");
  for (std::size_t i = 0; i < disks.size(); ++i) {
    const auto &[name, map] = disks[i];
    if (map.cells.empty()) continue;
    const auto figure = add(part, "figure");
    const auto caption = add(figure, "figcaption");
    add(caption, "b", "", fmt::format("Disk {}", i + 1));
    add(caption, "code", "", name);
    const auto cell = map.size / map.cells.size();
    add(caption, "small", "",
        fmt::format("{}; each square is {}", human_bytes(map.size), human_bytes(cell)));
    add_picture(figure, name, map);
    add_legend(figure, map);
  }
}

}  // namespace v2v::host::html
