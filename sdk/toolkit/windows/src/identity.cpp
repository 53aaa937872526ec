// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/identity.hpp>

#include <fmt/format.h>

#include <charconv>

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

std::string current_control_set(const Hive &system) {
  const auto remedy = "is it the system disk of a Windows that has booted at least once?";
  const auto select = system.find("Select");
  const auto number = select ? system.number(*select, "Current") : std::nullopt;
  if (!number)
    throw Error(Code::corrupt,
                "the registry does not say which control set is in use (Select\\Current)",
                system.name(), remedy);
  auto name = fmt::format("ControlSet{:03}", *number);
  // Windows counts from 1 and writes three digits.
  if (*number == 0 || *number > 999 || !system.find(name))
    throw Error(Code::corrupt, "the control set in use, " + name + ", is not in the registry",
                system.name(), remedy);
  return name;
}

std::optional<unsigned> build_number(const Hive &software) {
  const auto key = software.find("Microsoft\\Windows NT\\CurrentVersion");
  // Not CurrentBuild, which is something else in Windows XP.
  const auto text = key ? software.text(*key, "CurrentBuildNumber") : std::nullopt;
  unsigned build = 0;
  if (!text || text->empty()) return std::nullopt;
  const auto end = text->data() + text->size();
  const auto [rest, problem] = std::from_chars(text->data(), end, build);
  if (problem != std::errc{} || rest != end) return std::nullopt;
  return build;
}

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
