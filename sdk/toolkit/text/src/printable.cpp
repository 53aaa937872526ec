// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::text {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// Bytes of the character that begins at `at`; 0: it is not UTF-8 (Unicode 15, table 3-7).
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto first = byte_at(text, at);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  unsigned char low = 0x80, high = 0xBF;  // bounds of the second byte
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    if (first == 0xE0) low = 0xA0;   // overlong
    if (first == 0xED) high = 0x9F;  // surrogates
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    if (first == 0xF0) low = 0x90;   // overlong
    if (first == 0xF4) high = 0x8F;  // beyond U+10FFFF
  }
  if (length == 0 || text.size() - at < length) return 0;
  if (byte_at(text, at + 1) < low || byte_at(text, at + 1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if ((byte_at(text, at + i) & 0xC0) != 0x80) return 0;
  return length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_length(text, at);
    if (length == 0 || text[at] == '\0') return false;
    at += length;
  }
  return true;
}

std::string well_formed(std::string_view text) {
  std::string clean;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = character_length(text, at);
    if (length == 0)
      clean += "\xEF\xBF\xBD";
    else
      clean += text.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  return clean;
}

std::string printable(std::string_view text, std::size_t most) {
  std::string clean;
  for (std::size_t at = 0; at < text.size() && clean.size() < most;) {
    const auto length = character_length(text, at);
    // U+0080 to U+009F are control characters too; as UTF-8 they begin with C2.
    const bool c1 = length == 2 && byte_at(text, at) == 0xC2 && byte_at(text, at + 1) < 0xA0;
    const bool control = length == 1 && is_control(text[at]);
    if (length == 0 || control || c1)
      clean += '?';
    else
      clean += text.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  if (clean.size() >= most) clean += "…";
  return clean;
}

}  // namespace v2v::text
