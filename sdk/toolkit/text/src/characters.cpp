// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <algorithm>

namespace v2v::text {

bool is_control(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value < 0x20 || value == 0x7f;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

bool is_xml_text(const std::string &text) {
  for (const char c : text)
    if (is_control(c) && c != '\t' && c != '\n' && c != '\r' && c != 0x7f) return false;
  // U+FFFE and U+FFFF are the only other characters that XML leaves out.
  for (const char *outside : {"\xef\xbf\xbe", "\xef\xbf\xbf"})
    if (text.find(outside) != std::string::npos) return false;
  return is_utf8(text);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto &c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string drive_letters(unsigned index) {
  std::string letters;
  // Bijective base 26: after z comes aa.
  for (unsigned rest = index + 1; rest > 0; rest = (rest - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('a' + (rest - 1) % 26));
  return letters;
}

}  // namespace v2v::text
