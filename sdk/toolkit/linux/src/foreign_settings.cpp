// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the old hypervisor left in the configuration of guests with rpm. See foreign_tools.hpp.
#include <v2v/linux/foreign_tools.hpp>
#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace v2v::linux {
namespace {

constexpr char kModules[] = "/etc/sysconfig/kernel";

/// Whether the host in a URL is VMware's.
bool is_vmware(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  const auto host = lower_case(url.substr(scheme + 3, url.find('/', scheme + 3) - scheme - 3));
  return host == "vmware.com" || ends_with(host, ".vmware.com");
}

/// The name in "[name]"; empty for other lines.
std::string section(std::string_view line) {
  const auto text = trimmed(line);
  if (!starts_with(text, "[")) return {};
  return std::string(text.substr(1, std::min(text.find(']'), text.size()) - 1));
}

/// The sections of a repository file whose packages come from VMware.
std::set<std::string> vmware_sections(const std::string &text) {
  std::set<std::string> found;
  std::string here;
  for (const auto line : lines(text)) {
    if (auto name = section(line); !name.empty()) here = std::move(name);
    const auto equals = line.find('=');
    if (equals != std::string_view::npos && trimmed(line.substr(0, equals)) == "baseurl" &&
        is_vmware(line.substr(equals + 1)))
      found.insert(here);
  }
  return found;
}

/// Their packages would be installed again at the next update.
void disable_repositories(EditBuffer &buffer, const std::string &file, const Log &log) {
  const auto *text = buffer.content(file);
  const auto sections = text ? vmware_sections(*text) : std::set<std::string>();
  if (sections.empty()) return;
  std::string here;
  buffer.edit(file, [&](std::string &line) {
    if (auto name = section(line); !name.empty()) {
      here = std::move(name);
      if (sections.count(here)) line += "\nenabled=0";
      return true;
    }
    const bool old = trimmed(std::string_view(line).substr(0, line.find('='))) == "enabled";
    return !(old && sections.count(here));
  });
  log.debug(file + ": VMware's repositories are switched off");
}

/// SUSE's list of modules for the initrd has Xen's drivers in a guest of Xen.
void remove_xen_modules(EditBuffer &buffer) {
  buffer.edit(kModules, [](std::string &line) {
    for (const char *name : {"INITRD_MODULES", "DOMU_INITRD_MODULES"}) {
      const auto value = shell_value(line, name);
      if (!value) continue;
      std::string kept;
      for (const auto module : words(*value))
        if (module != "xennet" && module != "xen-vnif" && module != "xenblk" && module != "xen-vbd")
          kept += (kept.empty() ? "" : " ") + std::string(module);
      if (kept.size() != value->size()) line = replace_piece(line, *value, kept);
      break;
    }
    return true;
  });
}

}  // namespace

void disable_foreign_settings(Guest &guest, const Log &log) {
  EditBuffer buffer(guest, log, "an update would install VMware's packages again");
  for (const char *directory : {"/etc/yum.repos.d", "/etc/zypp/repos.d"})
    for (const auto &name : guest.list(directory))
      if (ends_with(name, ".repo")) disable_repositories(buffer, join_path(directory, name), log);
  buffer.because("Xen's drivers find nothing on KVM");
  remove_xen_modules(buffer);
  buffer.save();
  // It asks at the console about every changed device, before anything else starts.
  if (!guest.is_file("/etc/init.d/kudzu") || !guest.is_file("/sbin/chkconfig")) return;
  const auto result = guest.run({"/sbin/chkconfig", "kudzu", "off"});
  if (result.status == 0)
    log.change("service kudzu", "switched off", "it would ask about each new device at every boot");
  else
    log.warning("kudzu could not be switched off, so the first boot may ask about new hardware: " +
                std::string(trimmed(result.output)));
}

}  // namespace v2v::linux
