// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The ids are osinfo-db's.
#include <v2v/windows/identity.hpp>

#include <utility>

namespace v2v::windows {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

constexpr unsigned first_windows_11 = 22000;  // its ProductName says "Windows 10"

std::string server_of_windows_10(std::string_view product_name) {
  for (const auto &[year, id] :
       {std::pair{"2025", "win2k25"}, {"2022", "win2k22"}, {"2019", "win2k19"}})
    if (has(product_name, year)) return id;
  return "win2k16";
}

}  // namespace

std::string osinfo_id(int major, int minor, std::string_view variant, std::string_view product_name,
                      unsigned build) {
  const bool server = has(variant, "Server");
  if (major == 10 && minor == 0) {
    if (server) return server_of_windows_10(product_name);
    return build >= first_windows_11 ? "win11" : "win10";
  }
  if (major == 5 && minor == 1) return "winxp";
  if (major == 5 && minor == 2) {
    if (has(product_name, "XP")) return "winxp";  // XP for x64 is a Server 2003 inside
    return has(product_name, "R2") ? "win2k3r2" : "win2k3";
  }
  if (major != 6) return "unknown";
  switch (minor) {
    case 0:
      return server ? "win2k8" : "winvista";
    case 1:
      return server ? "win2k8r2" : "win7";
    case 2:
      return server ? "win2k12" : "win8";
    case 3:
      return server ? "win2k12r2" : "win8.1";
    default:
      return "unknown";
  }
}

}  // namespace v2v::windows
