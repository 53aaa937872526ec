// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The switches of Windows Installer (/quiet, /norestart, /l*v+, REBOOT, REMOVE) are Microsoft's
// documentation of msiexec; those of Parallels are its own.
#include <v2v/windows/foreign_tools.hpp>

#include "uninstall_keys.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <algorithm>
#include <optional>

namespace v2v::windows {
namespace {

constexpr std::size_t longest = 8000;  // the command interpreter takes 8191 characters in a line
constexpr const char *installer_switches =
    " /quiet /norestart /l*v+ \"%~dpn0.log\" REBOOT=ReallySuppress REMOVE=ALL";

bool has(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

/// Why `command` cannot stand in a batch file, or null.
const char *objection(const std::string &command) {
  if (command.empty()) return "is empty";
  if (command.size() > longest) return "is too long";
  if (text::has_control_character(command)) return "contains control characters";
  // The code page of the command interpreter is not known here.
  if (std::any_of(command.begin(), command.end(), [](char c) { return (c & 0x80) != 0; }))
    return "contains characters outside ASCII";
  if (std::count(command.begin(), command.end(), '"') % 2 != 0) return "has an unpaired quote";
  return nullptr;
}

/// One command for a batch file. Variables are expanded only where Windows itself would do so.
std::string escaped(const std::string &command, bool expandable) {
  std::string line;
  bool quoted = false;
  for (const char c : command) {
    if (c == '"') quoted = !quoted;
    if (c == '%' && !expandable) line += '%';
    if (!quoted && (c == '&' || c == '|' || c == '<' || c == '>' || c == '^')) line += '^';
    line += c;
  }
  return line;
}

/// The program's uninstall command, or nothing after a warning.
std::optional<std::string> uninstall_command(const Hive &software, Hive::Key program,
                                             const text::Log &log) {
  auto command = software.text(program, "UninstallString");
  const char *why = command ? objection(*command) : "is missing";
  if (!why) return command;
  log.warning(software.name() + ": the UninstallString of \"" +
              text::printable(software.key_name(program)) + "\" " + why +
              "; uninstall it by hand in the converted guest");
  return std::nullopt;
}

bool is_expandable(const Hive &software, Hive::Key program) {
  const auto value = software.value(program, "UninstallString");
  return value && value->type == ValueType::expandable;
}

/// The caller's batch file may expand !variables!, and a called one inherits that.
std::vector<std::string> batch(const std::vector<std::string> &commands) {
  std::vector<std::string> lines = {"@echo off", "setlocal DisableDelayedExpansion"};
  lines.insert(lines.end(), commands.begin(), commands.end());
  return lines;
}

/// Its own uninstaller asks; the one it unpacks itself to does not.
void add_xen(const Hive &software, const text::Log &log, std::vector<Uninstaller> &found) {
  const auto program = software.find(std::string(uninstall_paths[0]) +
                                     "\\Red Hat Paravirtualized Xen Drivers for Windows(R)");
  auto command = program ? uninstall_command(software, *program, log) : std::nullopt;
  if (!command) return;
  command->erase(std::remove(command->begin(), command->end(), '"'), command->end());
  const std::string asking = "uninst.exe";
  const auto at = command->size() - std::min(command->size(), asking.size());
  if (text::lower(command->substr(at)) == asking && (at == 0 || (*command)[at - 1] != '_'))
    command->insert(at, "_");
  found.push_back({"uninstall Xen PV drivers",
                   batch({escaped('"' + *command + '"', is_expandable(software, *program))})});
}

/// VMware Tools' command would open the installer's dialog: /I is to install or change.
std::string removing(std::string command) {
  const auto small = text::lower(command);
  const auto at = small.find("/i");
  if (has(small, "msiexec") && at != std::string::npos) command[at + 1] = 'x';
  return command;
}

}  // namespace

std::vector<Uninstaller> foreign_tools(const Hive &software, const text::Log &log) {
  std::vector<Uninstaller> found;
  add_xen(software, log, found);
  for_each_program(software, [&](const Hive::Key program) {
    const auto shown = software.text(program, "DisplayName").value_or("");
    const bool parallels = has(shown, "Parallels Tools") || has(shown, "Virtuozzo Tools");
    const bool vmware = has(shown, "VMware Tools");
    const auto command =
        parallels || vmware ? uninstall_command(software, program, log) : std::nullopt;
    if (!command) return;
    const auto line =
        escaped(vmware ? removing(*command) : *command, is_expandable(software, program)) +
        installer_switches;
    const std::string done = "if errorlevel 3010 exit /b 0";  // it wants a restart, and gets one
    Uninstaller one;
    if (vmware)
      one = {"uninstall VMware Tools", batch({line, done})};
    else
      one = {
          "uninstall Parallels tools",
          batch(
              {"reg delete \"HKLM\\System\\CurrentControlSet\\Services\\prl_strg\\DriverInfo\" /v "
               "RefCount /f",
               line + " PREVENT_REBOOT=Yes LAUNCHED_BY_SETUP_EXE=Yes", done})};
    const bool again = std::any_of(found.begin(), found.end(),
                                   [&](const auto &other) { return other.batch == one.batch; });
    if (!again) found.push_back(one);
  });
  return found;
}

}  // namespace v2v::windows
