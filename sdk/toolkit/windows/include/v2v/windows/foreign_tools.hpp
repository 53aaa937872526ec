// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How the guest removes the old hypervisor's tools at its first boots: from the list of installed programs
// in SOFTWARE, as lines for a batch file. They cannot be removed from outside.
//
// An uninstall command was written by whoever owns the guest. It is taken over so that it stays one command:
// no control characters, quotes in pairs, and what the command interpreter would take as the start of
// another command is escaped. What cannot be taken over is a warning.
//
// Not thread-safe: as the hive.
#pragma once

#include <v2v/text/log.hpp>
#include <v2v/windows/hive.hpp>

#include <string>
#include <vector>

namespace v2v::windows {

struct Uninstaller {
  std::string name;                ///< of the script: "uninstall VMware Tools"
  std::vector<std::string> batch;  ///< lines without their ends, ASCII
};

/// For Xen's drivers of Red Hat, Parallels Tools, Virtuozzo Tools and VMware Tools, whatever is there.
std::vector<Uninstaller> foreign_tools(const Hive &software, const text::Log &log);

}  // namespace v2v::windows
