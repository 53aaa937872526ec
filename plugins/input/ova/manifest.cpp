// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "manifest.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace v2v::input_ova {
namespace {

constexpr std::size_t most_warnings = 10;

struct Known {
  Algorithm algorithm;
  std::string_view name;
  std::size_t digits;
};
constexpr std::array<Known, 3> algorithms = {{
    {Algorithm::sha1, "SHA1", 40},
    {Algorithm::sha256, "SHA256", 64},
    {Algorithm::sha512, "SHA512", 128},
}};

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text[0] == ' ' || text[0] == '\t')) text.remove_prefix(1);
  return text;
}

std::optional<std::string> lower_hex(std::string_view text) {
  const bool hex =
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (!hex) return std::nullopt;
  return text::lower(text);
}

bool same_word(std::string_view word, std::string_view upper) {
  if (word.size() != upper.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (std::toupper(static_cast<unsigned char>(word[i])) != upper[i]) return false;
  return true;
}

/// The file's name may hold brackets, so it ends at the last ")" before "=" and the digits.
std::optional<ManifestLine> parse_line(std::string_view line, bool &as_the_standard_has_it) {
  const auto open = line.find('('), equals = line.rfind('=');
  if (open == line.npos || equals == line.npos || equals < open) return std::nullopt;
  const auto close = line.rfind(')', equals);
  if (close == line.npos || close <= open + 1) return std::nullopt;
  if (!without_blanks(line.substr(close + 1, equals - close - 1)).empty()) return std::nullopt;

  auto word = line.substr(0, open);
  while (!word.empty() && (word.back() == ' ' || word.back() == '\t')) word.remove_suffix(1);
  auto digits = line.substr(equals + 1);
  as_the_standard_has_it = digits.size() > 1 && digits[0] == ' ' && digits[1] != ' ';
  digits = without_blanks(digits);
  while (!digits.empty() && (digits.back() == ' ' || digits.back() == '\t'))
    digits.remove_suffix(1);
  auto sum = lower_hex(digits);
  if (!sum) return std::nullopt;
  for (const auto &known : algorithms)
    if (same_word(word, known.name) && sum->size() == known.digits)
      return ManifestLine{known.algorithm, std::string(line.substr(open + 1, close - open - 1)),
                          std::move(*sum)};
  return std::nullopt;
}

}  // namespace

const char *algorithm_name(Algorithm algorithm) {
  for (const auto &known : algorithms)
    if (known.algorithm == algorithm) return known.name.data();
  return "";
}

Manifest parse_manifest(std::string_view text) {
  Manifest manifest;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  std::size_t malformed = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (without_blanks(line).empty()) continue;
    bool strict = true;
    auto parsed = parse_line(line, strict);
    // virt-v2v warns of the second kind, too, but then leaves the file unchecked.
    if ((!parsed || !strict) && ++malformed <= most_warnings)
      manifest.warnings.push_back(fmt::format(
          "unable to parse line from manifest file{}: \"{}\"",
          parsed ? " by the standard, which wants one blank after '=' (the sum is checked)" : "",
          text::printable(line)));
    if (parsed) manifest.lines.push_back(std::move(*parsed));
  }
  if (malformed > most_warnings)
    manifest.warnings.push_back(
        fmt::format("{} more lines of the manifest are malformed", malformed - most_warnings));
  return manifest;
}

}  // namespace v2v::input_ova
