// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Keys and values from a text, for tests. A line is "[key path]", or "name=type:data" for a value of the
// key above it; "@" is the default value. The types: s text, e expandable text, m list separated by "|",
// d number, q number of 64 bits (both in decimal), x bytes in hexadecimal, n of no type.
#pragma once

#include <v2v/windows/hive.hpp>

#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace v2v::windows {

inline Value parse_value(char type, const std::string &data) {
  const auto separated = [&] {
    std::vector<std::string> parts;
    std::istringstream stream(data);
    for (std::string part; std::getline(stream, part, '|');) parts.push_back(part);
    return parts;
  };
  const auto bytes = [&] {
    std::string all;
    for (std::size_t i = 0; i + 1 < data.size(); i += 2)
      all += static_cast<char>(std::stoul(data.substr(i, 2), nullptr, 16));
    return all;
  };
  switch (type) {
    case 's':
      return Value::text(data);
    case 'e':
      return Value::text(data, ValueType::expandable);
    case 'm':
      return Value::texts(separated());
    case 'd':
      return Value::number(static_cast<std::uint32_t>(std::stoul(data)));
    case 'q': {
      Value value{ValueType::long_number, {}};
      auto number = std::stoull(data);
      for (int i = 0; i < 8; ++i, number >>= 8) value.data += static_cast<char>(number & 0xff);
      return value;
    }
    case 'x':
      return Value::binary(bytes());
    case 'n':
      return {ValueType::none, bytes()};
    default:
      throw std::invalid_argument("type of a value: " + std::string(1, type));
  }
}

/// @param below  is put in front of every key path
inline void fill(Hive &hive, std::string_view text, const std::string &below = {}) {
  std::istringstream lines{std::string(text)};
  auto key = hive.root();
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    if (line.front() == '[') {
      key = hive.ensure(below + line.substr(1, line.size() - 2));
      continue;
    }
    const auto end = line.find('=');
    if (end == line.npos || line.size() < end + 3 || line[end + 2] != ':')
      throw std::invalid_argument("line of a registry: " + line);
    const auto name = line.substr(0, end);
    hive.set(key, name == "@" ? "" : name, parse_value(line[end + 1], line.substr(end + 3)));
  }
}

}  // namespace v2v::windows
