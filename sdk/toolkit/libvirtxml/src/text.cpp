// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See text.hpp. nlohmann-json's strict UTF-8 check refuses overlong forms and surrogates, so no
// decoder is written here.
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <v2v/toolkit/text.hpp>

namespace v2v::toolkit {
namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool is_utf8(const std::string &text) {
  try {
    (void)nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error &) {
    return false;
  }
}

}  // namespace

bool is_xml_text(const std::string &text) {
  for (const char c : text)
    if (is_control(c) && c != '\t' && c != '\n' && c != '\r' && c != 0x7f) return false;
  // U+FFFE and U+FFFF are the only other characters that XML leaves out.
  for (const char *outside : {"\xef\xbf\xbe", "\xef\xbf\xbf"})
    if (text.find(outside) != std::string::npos) return false;
  return is_utf8(text);
}

bool has_control_character(const std::string &text) {
  for (const char c : text)
    if (is_control(c)) return true;
  return false;
}

std::string printable(const std::string &text) {
  const bool keep_high_bytes = is_utf8(text);
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_control(c) || (byte >= 0x80 && !keep_high_bytes))
      shown += fmt::format("\\x{:02x}", byte);
    else
      shown += c;
  }
  return shown;
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array units = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

}  // namespace v2v::toolkit
