// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See names.hpp.
#include "names.hpp"

#include <regex>
#include <v2v/text/characters.hpp>

namespace v2v::output_kubevirt {
namespace {

constexpr std::size_t longest = 63;

bool is_alphanumeric(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

}  // namespace

std::string fit_name(const std::string &name) {
  std::string fit;
  for (const char byte : text::lower(name)) {
    const char next = is_alphanumeric(byte) || byte == '.' ? byte : '-';
    if (!is_alphanumeric(next)) {
      // Each part between dots begins with a letter or digit, and "--" says no more than "-".
      if (fit.empty() || fit.back() == '.' || (fit.back() == '-' && next == '-')) continue;
      // … and ends with one.
      if (fit.back() == '-') fit.pop_back();
    }
    fit += next;
  }
  if (fit.size() > longest) fit.resize(longest);
  while (!fit.empty() && !is_alphanumeric(fit.back())) fit.pop_back();
  return fit;
}

std::string fit_network(const std::string &name) {
  const auto slash = name.find('/');
  if (slash == std::string::npos) return fit_name(name);
  const std::string space = fit_name(name.substr(0, slash)),
                    rest = fit_name(name.substr(slash + 1));
  return space.empty() || rest.empty() ? space + rest : space + "/" + rest;
}

bool is_label_value(const std::string &value) {
  static const std::regex form("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  return value.size() <= longest && std::regex_match(value, form);
}

}  // namespace v2v::output_kubevirt
