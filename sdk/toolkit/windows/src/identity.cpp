// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/identity.hpp>

#include <fmt/format.h>

#include <charconv>

namespace v2v::windows {

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

}  // namespace v2v::windows
