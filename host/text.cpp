// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "text.hpp"

#include <fmt/format.h>
#include <boost/locale/utf.hpp>

namespace v2v::host {
namespace {

namespace utf = boost::locale::utf;

bool is_control(utf::code_point c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/// These turn the direction of text around, so that a name can show as another one.
bool is_direction_mark(utf::code_point c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string printable(std::string_view text, bool lines) {
  std::string result;
  result.reserve(text.size());
  for (auto at = text.begin(); at != text.end();) {
    const auto start = at;
    const utf::code_point c = utf::utf_traits<char>::decode(at, text.end());
    if (c == utf::illegal || c == utf::incomplete)
      result += "\xef\xbf\xbd";
    else if (is_direction_mark(c) || (is_control(c) && !(lines && (c == '\n' || c == '\t'))))
      result += c < 0x100 ? fmt::format("\\x{:02x}", c) : fmt::format("\\u{:04x}", c);
    else
      result.append(start, at);
  }
  return result;
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

std::string wrapped(const std::string &text, unsigned width, unsigned column, unsigned indent) {
  const std::string margin(indent, ' ');
  std::string result, gap;  // gap: the white space seen since the last word
  std::size_t at = column;
  for (std::size_t start = 0; start < text.size();) {
    if (text[start] == ' ' || text[start] == '\n') {
      gap += text[start++];
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(" \n", start), text.size());
    const std::string word = text.substr(start, end - start);
    start = end;
    if (const auto newline = gap.rfind('\n'); newline != std::string::npos) {
      at = indent + gap.size() - newline - 1;
      gap.insert(newline + 1, margin);
    } else if (at + gap.size() + characters(word) > width && !result.empty() &&
               indent + characters(word) <= width) {
      at = indent;
      gap = "\n" + margin;
    } else {
      at += gap.size();
    }
    result += gap + word;
    at += characters(word);
    gap.clear();
  }
  return result + gap;
}

std::string human_bytes(std::uint64_t bytes) {
  static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes);
  unsigned unit = 0;
  // 999.5 would be shown as 1000.
  while (value >= 999.5) {
    value /= 1024;
    ++unit;
  }
  if (unit == 0) return fmt::format("{} bytes", bytes);
  return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, units[unit]);
}

std::string human_duration(std::uint64_t seconds) {
  if (seconds >= 3600)
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

}  // namespace v2v::host
