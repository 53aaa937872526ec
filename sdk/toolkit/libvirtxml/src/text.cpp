// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See text.hpp.
#include <v2v/toolkit/text.hpp>

namespace v2v::toolkit {
namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
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

}  // namespace v2v::toolkit
