// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/foreign_drivers.hpp>

#include <v2v/text/characters.hpp>

#include <algorithm>
#include <set>

namespace v2v::windows {
namespace {

constexpr std::uint32_t disabled = 4;  // SERVICE_DISABLED

/// In small letters.
constexpr const char *foreign_services[] = {
    // Red Hat's for Xen
    "rhelscsi",
    // XenServer's and the Xen project's; the first three are older
    "scsifilt", "xenevtchn", "xenvesd", "xenbus", "xencrsh", "xendisk", "xenfilt", "xeniface",
    "xennet", "xenvbd", "xenvif",
    // GPLPV's
    "xenhide", "xenpci", "xenscsi",
    // Parallels'
    "prl_boot", "prl_dd", "prl_eth5", "prl_fs", "prl_memdev", "prl_mouf", "prl_pv32", "prl_pv64",
    "prl_scsi", "prl_sound", "prl_strg", "prl_tg", "prl_time", "prl_uprof", "prl_va"};

void remove_filters(Hive &system, Hive::Key device_class, const std::string &list,
                    const std::set<std::string> &unwanted) {
  auto filters = system.texts(device_class, list);
  if (!filters) return;
  const auto end = std::remove_if(filters->begin(), filters->end(), [&](const auto &filter) {
    return unwanted.count(text::lower(filter)) != 0;
  });
  if (end == filters->end()) return;
  filters->erase(end, filters->end());
  if (filters->empty())
    system.remove_value(device_class, list);
  else
    system.set(device_class, list, Value::texts(*filters));
}

}  // namespace

std::vector<std::string> disable_foreign_drivers(Hive &system, const std::string &control_set) {
  std::vector<std::string> switched_off;
  std::set<std::string> off;
  const auto services = system.find(control_set + "\\Services");
  if (!services) return {};
  for (const auto *name : foreign_services) {
    const auto service = system.find(*services, name);
    if (!service) continue;
    off.insert(name);
    if (system.number(*service, "Start") == disabled) continue;
    switched_off.push_back(system.key_name(*service));
    system.set(*service, "Start", Value::number(disabled));
  }
  const auto classes = system.find(control_set + "\\Control\\Class");
  if (off.empty() || !classes) return switched_off;
  for (const auto device_class : system.children(*classes))
    for (const auto *list : {"UpperFilters", "LowerFilters"})
      remove_filters(system, device_class, list, off);
  return switched_off;
}

}  // namespace v2v::windows
