// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The programs that this one is, by the name it is started with: v2v, and the four that virt-v2v is
// made of. All that they differ in is in one table here; the options name the tasks they are for.
// Constant; any thread.
#pragma once

#include <string>
#include <vector>

namespace v2v::host {

/// What is done with a guest. Bits, so that a program and an option may be for several.
enum Task : unsigned {
  task_convert = 1,   ///< to a target
  task_in_place = 2,  ///< on the guest's own disks
  task_inspect = 4,   ///< only to report what it is
  task_open = 8,      ///< not at all: its disks are served to a command
  task_check = 16,    ///< nothing yet: only whether one of the others could be done
};
constexpr unsigned every_task =
    task_convert | task_in_place | task_inspect | task_open | task_check;

struct Program {
  std::string name;          ///< the link that starts it; messages begin with it
  std::string word;          ///< a first word that makes v2v this program; empty: none
  bool own = true;           ///< speaks as v2v; else as the program of virt-v2v that has this name
  Task task = task_convert;  ///< unless an option says something else
  unsigned tasks = task_convert;           ///< that it can do
  std::string summary;                     ///< for --help
  std::vector<std::string> examples = {};  ///< each without the program
  std::vector<std::string> features = {};  ///< for --machine-readable
};

/// Every program; the first is v2v.
const std::vector<Program> &programs();

/// The program that this is.
/// @param started_as  argv[0]; what is no name of a program is v2v
/// @param arguments   a word of v2v that chooses a program is removed
const Program &chosen_program(const std::string &started_as, std::vector<std::string> &arguments);

/// The input plugins that a task is for; empty: all.
std::vector<std::string> inputs_for(Task task);

}  // namespace v2v::host
