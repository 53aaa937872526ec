// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "conflicts.hpp"

#include <v2v/error.hpp>

#include <algorithm>

namespace v2v::host {
namespace {

/// An option may choose another task than the program's, before or after the options of that task.
void check_tasks(const std::set<const OptionSpec *> &used, const Program &program,
                 const CommandLine &command_line) {
  const bool reports = command_line.check;  // whatever the task
  for (const OptionSpec *spec : used)
    if ((spec->tasks & command_line.task) == 0 && !(reports && spec->group == Group::report))
      throw Error(Code::usage,
                  command_line.task == program.task ? "it is only for a conversion with --in-place"
                                                    : "it is not for a conversion with --in-place",
                  spec->display(), "leave out one of the two");
}

/// Whether an option says how a guest is converted, and not only what becomes of its network cards.
bool changes_guest(const OptionSpec &spec) {
  const std::set<Group> elsewhere = {Group::source,  Group::target,  Group::report, Group::messages,
                                     Group::plugins, Group::general, Group::hidden};
  const std::set<std::string> others = {"convert", "b", "n", "mac", "no-fstrim"};
  return !elsewhere.contains(spec.group) && !others.contains(spec.names.front());
}

/// --convert none.
void check_unconverted(const std::set<const OptionSpec *> &used, const CommandLine &command_line) {
  const auto refuse = [](const std::string &option) {
    throw Error(Code::usage, "it says how a guest is converted, and --convert none does not",
                option, "leave out one of the two");
  };
  for (const OptionSpec *spec : used)
    if (changes_guest(*spec)) refuse(spec->display());
  if (!command_line.networks.static_addresses().empty()) refuse("--mac …:ip");
}

}  // namespace

void check_conflicts(const std::set<const OptionSpec *> &used, const Program &program,
                     const CommandLine &command_line) {
  check_tasks(used, program, command_line);
  if (command_line.as_it_is) check_unconverted(used, command_line);
  if (command_line.check && !command_line.html_report.empty())
    throw Error(
        Code::usage, "it tells of a conversion, and v2v check does not convert", "--report",
        "leave out one of the two; --json makes the check's findings readable for programs");
  if (command_line.check && command_line.action == Action::print_estimate)
    throw Error(Code::usage, "it converts the guest, and v2v check does not", "--print-estimate",
                "leave out one of the two");
}

}  // namespace v2v::host
