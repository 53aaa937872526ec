// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "nic_option.hpp"

#include <v2v/error.hpp>
#include <v2v/text/characters.hpp>

#include <fmt/format.h>

#include <cctype>
#include <sstream>

namespace v2v::input_disk {
namespace {

[[noreturn]] void wrong(const std::string &what) {
  throw Error(Code::usage, what, "-io nic",
              "write [MAC][,network=NAME|bridge=NAME][,model=MODEL], or none");
}

/// Six pairs of hexadecimal digits, in lower case.
std::string parse_mac(const std::string &text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool fits = i % 3 == 2 ? c == ':' : std::isxdigit(c) != 0;
    if (!fits) wrong(fmt::format("\"{}\" is no MAC address", text));
  }
  if (text.size() != 17) wrong(fmt::format("\"{}\" is no MAC address", text));
  return text::lower(text);
}

void set_network(Nic &nic, Nic::Type type, const std::string &name) {
  if (!nic.network.empty()) wrong("a network card is on one network or one bridge");
  nic.type = type;
  nic.network = name;
}

}  // namespace

Nic parse_nic(const std::string &text) {
  Nic nic;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto equals = part.find('=');
    const auto key = part.substr(0, equals);
    const auto value = equals == part.npos ? std::string() : part.substr(equals + 1);
    if (equals == part.npos)
      nic.mac = parse_mac(part);
    else if (value.empty())
      wrong(fmt::format("\"{}\" has no value", part));
    else if (key == "network")
      set_network(nic, Nic::Type::network, value);
    else if (key == "bridge")
      set_network(nic, Nic::Type::bridge, value);
    else if (key == "model")
      nic.model = value;
    else
      wrong(fmt::format("a network card has no \"{}\"", key));
  }
  if (nic.network.empty()) nic.network = "default";
  return nic;
}

}  // namespace v2v::input_disk
