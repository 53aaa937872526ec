// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "roff_text.hpp"

#include <fmt/format.h>
#include <boost/locale/utf.hpp>

#include <cstdint>
#include <sstream>

namespace v2v::manual {
namespace {

using Utf8 = boost::locale::utf::utf_traits<char>;

constexpr std::size_t line_width = 78;

std::string character(char32_t c, bool literal) {
  switch (c) {
    case U'\\':
      return "\\e";
    case U'-':
      return literal ? "\\-" : "-";
    case U'\'':
      return literal ? "\\(aq" : "'";
    case U'`':
      return "\\(ga";
    case U'^':
      return "\\(ha";
    case U'~':
      return "\\(ti";
    case U'"':
      return "\\(dq";
    default:
      return c < 0x80 ? std::string(1, static_cast<char>(c))
                      : fmt::format("\\[u{:04X}]", static_cast<std::uint32_t>(c));
  }
}

}  // namespace

std::string escaped(std::string_view text, bool literal) {
  std::string result;
  for (const char *at = text.data(), *end = at + text.size(); at != end;) {
    const auto c = Utf8::decode(at, end);
    result += character(
        boost::locale::utf::is_valid_codepoint(c) ? static_cast<char32_t>(c) : U'\uFFFD', literal);
  }
  return result;
}

std::string one_line(const std::string &escaped_text) {
  const bool request = !escaped_text.empty() && (escaped_text[0] == '.' || escaped_text[0] == '\'');
  return (request ? "\\&" : "") + escaped_text + "\n";
}

std::string filled(const std::string &escaped_text) {
  std::string result, line;
  std::istringstream words(escaped_text);
  for (std::string word; words >> word;) {
    if (!line.empty() && line.size() + 1 + word.size() > line_width) {
      result += one_line(line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line.empty() ? result : result + one_line(line);
}

}  // namespace v2v::manual
