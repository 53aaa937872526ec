// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/computer_name.hpp>

namespace v2v::windows {
namespace {

constexpr const char *name_key = "\\Control\\ComputerName\\ComputerName";
constexpr const char *network_key = "\\Services\\Tcpip\\Parameters";

}  // namespace

void check_computer_name(const std::string &name) {
  constexpr const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
  constexpr std::size_t most = 15;  // NetBIOS
  if (name.empty() || name.size() > most || name.front() == '-' || name.back() == '-' ||
      name.find_first_not_of(letters) != std::string::npos ||
      name.find_first_not_of("0123456789") == std::string::npos)
    throw Error(Code::unsupported, "Windows takes no such name", "--hostname " + name,
                "give at most 15 letters, digits and '-', without a domain");
}

bool is_domain_member(const Hive &system, const std::string &control_set) {
  constexpr std::uint32_t automatic = 2;
  const auto service = system.find(control_set + "\\Services\\Netlogon");
  return service && system.number(*service, "Start") == automatic;
}

void set_computer_name(Hive &system, const std::string &control_set, const std::string &name) {
  std::string upper = name;
  for (char &letter : upper)
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  system.set(system.ensure(control_set + name_key), "ComputerName", Value::text(upper));
  const auto network = system.ensure(control_set + network_key);
  // The first counts until the next restart, the second after it.
  system.set(network, "Hostname", Value::text(name));
  system.set(network, "NV Hostname", Value::text(name));
}

std::vector<std::string> computer_name_keys(const std::string &control_set) {
  return {control_set + name_key, control_set + network_key};
}

}  // namespace v2v::windows
