// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/emulated_disks.hpp>

namespace v2v::windows {

std::vector<std::string> start_emulated_disk_drivers(Hive &system, const std::string &control_set) {
  constexpr std::uint32_t by_the_boot_loader = 0;
  std::vector<std::string> changed;
  for (const char *name : {"storahci", "msahci", "atapi", "intelide", "pciide"}) {
    const auto service = system.find(control_set + "\\Services\\" + name);
    if (!service) continue;
    const auto off = system.find(*service, "StartOverride");
    if (!off && system.number(*service, "Start") == by_the_boot_loader) continue;
    changed.push_back(system.key_name(*service));
    system.set(*service, "Start", Value::number(by_the_boot_loader));
    if (off) system.remove(*off);
  }
  return changed;
}

}  // namespace v2v::windows
