// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What oVirt calls the operating system of a guest. Pure; any thread.
// Source: packaging/conf/osinfo-defaults.properties of oVirt engine.
#pragma once

#include <string>
#include <v2v/machine/machine.hpp>

namespace v2v::ovf {

struct OperatingSystem {
  std::string name;  ///< "debian_7"
  unsigned id = 0;   ///< 1300
};

/// "Unassigned", 0, after a warning, if oVirt has no name for it.
OperatingSystem operating_system(const Inspection &inspection, const machine::Warn &warn);

/// True for a server, false for a desktop, which oVirt gives other devices.
bool is_server(const Inspection &inspection);

}  // namespace v2v::ovf
