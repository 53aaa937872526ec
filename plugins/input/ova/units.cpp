// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "units.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <v2v/text/characters.hpp>

namespace v2v::input_ova {
namespace {

struct Word {
  std::string_view prefix;
  unsigned power;  ///< of 1024
};
// Each stands alone ("M"), before "b" or "ib", and before "byte".
constexpr std::array<Word, 14> prefixes = {{{"k", 1},
                                            {"kilo", 1},
                                            {"kibi", 1},
                                            {"m", 2},
                                            {"mega", 2},
                                            {"mebi", 2},
                                            {"g", 3},
                                            {"giga", 3},
                                            {"gibi", 3},
                                            {"t", 4},
                                            {"tera", 4},
                                            {"tebi", 4},
                                            {"p", 5},
                                            {"peta", 5}}};

std::optional<std::uint64_t> word_bytes(std::string_view word) {
  if (word == "b" || word == "byte" || word == "bytes") return 1;
  for (const auto &[prefix, power] : prefixes) {
    if (word.substr(0, prefix.size()) != prefix) continue;
    const auto rest = word.substr(prefix.size());
    const bool letter = prefix.size() == 1;
    if (rest == "byte" || rest == "bytes" ||
        (letter && (rest.empty() || rest == "b" || rest == "ib")))
      return std::uint64_t(1) << (10 * power);
  }
  return std::nullopt;
}

/// "1024", "2^20"
std::optional<std::uint64_t> factor(std::string_view text) {
  const auto caret = text.find('^');
  const auto base = parse_number(text.substr(0, caret));
  if (caret == text.npos || !base) return base;
  const auto exponent = parse_number(text.substr(caret + 1));
  if (!exponent || *exponent > 62) return std::nullopt;
  std::optional<std::uint64_t> value = 1;
  for (std::uint64_t i = 0; i < *exponent && value; ++i) value = multiply(*value, *base);
  return value;
}

}  // namespace

std::optional<std::uint64_t> multiply(std::uint64_t first, std::uint64_t second) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(first, second, &product)) return std::nullopt;
  return product;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  const auto is_blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  std::uint64_t value = 0;
  const auto *end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> unit_bytes(std::string_view unit) {
  auto lower = text::lower(unit);
  lower.erase(std::remove_if(lower.begin(), lower.end(),
                             [](unsigned char c) { return std::isspace(c) != 0; }),
              lower.end());
  std::string_view rest = lower;
  auto bytes = word_bytes(rest.substr(0, rest.find('*')));
  for (auto star = rest.find('*'); bytes && star != rest.npos; star = rest.find('*')) {
    rest.remove_prefix(star + 1);
    const auto next = factor(rest.substr(0, rest.find('*')));
    bytes = next ? multiply(*bytes, *next) : std::nullopt;
  }
  if (!bytes || *bytes == 0 || *bytes > std::uint64_t(1) << 62) return std::nullopt;
  return bytes;
}

}  // namespace v2v::input_ova
