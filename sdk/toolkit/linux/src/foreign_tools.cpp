// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See foreign_tools.hpp.
#include <v2v/linux/foreign_tools.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace v2v::linux {
namespace {

constexpr char kVirtualBoxConfig[] = "/var/lib/VBoxGuestAdditions/config";
constexpr char kVmwareUninstaller[] = "/usr/bin/vmware-uninstall-tools.pl";
constexpr char kVmwareLocations[] = "/etc/vmware-tools/locations";
constexpr char kParallelsInstaller[] = "/usr/lib/parallels-tools/install";

bool is_foreign(const std::string &name, bool keep_open_vm_tools) {
  if (name == "open-vm-tools") return !keep_open_vm_tools;
  for (const char *exact : {"VMwareTools", "virtualbox-guest-additions"})
    if (name == exact) return true;
  for (const char *prefix :
       {"open-vm-tools-", "vmware-tools-", "kmod-vmware-tools", "open-vm-dkms", "open-vm-modules-",
        "open-vm-source", "open-vm-toolbox", "virtualbox-guest-utils", "virtualbox-guest-x11",
        "virtualbox-guest-dkms", "virtualbox-guest-source", "virtualbox-guest-modules",
        "xe-guest-utilities"})
    if (starts_with(name, prefix)) return true;
  return false;
}

/// ubuntu-server needs open-vm-tools; removing both would take the release upgrades' anchor away.
bool has_ubuntu_server(const Inspection &inspection) {
  const auto &apps = inspection.applications;
  return std::any_of(apps.begin(), apps.end(),
                     [](const auto &app) { return app.name == "ubuntu-server"; });
}

/// dpkg's own rule, and rpm's. Names come from the guest, and go into a command's arguments.
bool valid_package(const std::string &name) {
  return name.size() > 1 && name.front() != '-' &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
             "+-._:") == std::string::npos;
}

/// The end of what a program said, on one line.
std::string last_lines(const std::string &output) {
  const auto all = lines(output);
  std::string result;
  for (std::size_t i = all.size() > 3 ? all.size() - 3 : 0; i < all.size(); ++i)
    if (const auto line = trimmed(all[i]); !line.empty())
      result += (result.empty() ? "" : " / ") + std::string(line.substr(0, 200));
  return result;
}

std::string joined(const std::vector<std::string> &names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

void remove_packages(Guest &guest, const Family &family, const std::vector<std::string> &packages,
                     ForeignToolsRemoval &removal, const Log &log) {
  if (packages.empty()) return;
  removal.unfinished = !family.finish_removal().empty();
  std::string output;
  for (const auto &way : family.removals(packages)) {
    const auto result = guest.run(way.command);
    if (result.status == 0) {
      removal.packages = way.packages;
      log.debug("removed packages: " + joined(way.packages));
      log.change("packages", joined(way.packages) + " removed",
                 "they only serve the old hypervisor");
      break;
    }
    output = result.output;
    log.debug(output);
  }
  std::vector<std::string> left;
  for (const auto &name : packages)
    if (std::find(removal.packages.begin(), removal.packages.end(), name) == removal.packages.end())
      left.push_back(name);
  if (!left.empty())
    log.warning(
        fmt::format("could not uninstall packages {}: {}; the guest runs with them, remove "
                    "them when it does",
                    joined(left), last_lines(output)));
}

void run_uninstaller(Guest &guest, const char *what, const std::vector<std::string> &command,
                     const Log &log) {
  log.debug(fmt::format("uninstalling {}: {}", what, command.front()));
  const auto result = guest.run(command);
  if (result.status == 0)
    return log.change(what, "uninstalled by " + command.front(),
                      "they only serve the old hypervisor");
  log.debug(result.output);
  log.warning(fmt::format("{} could not be uninstalled, {} failed: {}", what, command.front(),
                          last_lines(result.output)));
}

/// The uninstaller in the directory that VirtualBox's installer wrote down. The file is the
/// guest's: only a plain absolute path is followed.
void remove_virtualbox_tarball(Guest &guest, const Log &log) {
  if (!guest.is_file(kVirtualBoxConfig)) return;
  const auto config = read_config(guest, kVirtualBoxConfig, log);
  const auto directory = config ? shell_variable(*config, "INSTALL_DIR") : std::nullopt;
  const bool plain =
      directory && starts_with(*directory, "/") && directory->size() < 1024 &&
      (*directory + "/").find("/../") == std::string::npos &&
      std::none_of(directory->begin(), directory->end(), [](unsigned char c) {
        return c < ' ' ||
               std::string_view("$`\\\"'*?[").find(static_cast<char>(c)) != std::string_view::npos;
      });
  const auto uninstaller = plain ? *directory + "/uninstall.sh" : std::string();
  if (!plain || !guest.is_file(uninstaller)) {
    log.warning(
        fmt::format("VirtualBox Guest Additions could not be uninstalled: {} names no "
                    "directory with an uninstall.sh",
                    kVirtualBoxConfig));
    return;
  }
  run_uninstaller(guest, "VirtualBox Guest Additions", {uninstaller}, log);
}

void remove_vmware_tarball(Guest &guest, const Log &log) {
  if (!guest.is_file(kVmwareUninstaller)) return;
  // Answers that the installer remembered: without them it does not rebuild the initramfs, which
  // is looked after later.
  if (guest.is_file(kVmwareLocations))
    guest.append(kVmwareLocations,
                 "remove_answer RESTORE_RAMDISK_CMD\n"
                 "remove_answer RESTORE_RAMDISK_KERNELS\n"
                 "remove_answer RESTORE_RAMDISK_ONECALL\n");
  run_uninstaller(guest, "VMware Tools", {kVmwareUninstaller}, log);
}

struct InittabGetty {
  char id = 0;
  std::string_view entry;  ///< without the comment sign
};
std::optional<InittabGetty> getty_line(std::string_view line) {
  auto text = trimmed(line);
  if (starts_with(text, "#")) text = trimmed(text.substr(1));
  if (text.size() < 5 || text[0] < '1' || text[0] > '6' || text[1] != ':') return std::nullopt;
  const auto levels = text.find(':', 2);
  if (levels == std::string_view::npos || levels == 2 ||
      text.substr(2, levels - 2).find_first_not_of("2345") != std::string_view::npos ||
      !starts_with(text.substr(levels), ":respawn:") ||
      text.find("getty", levels) == std::string_view::npos)
    return std::nullopt;
  return InittabGetty{text[0], text};
}

/// Citrix' tools comment out the logins on the virtual consoles, which KVM does have.
void restore_consoles(Guest &guest, const Log &log) {
  EditBuffer buffer(guest, log, "KVM has the consoles that Citrix's tools had switched off");
  std::set<char> active;
  buffer.edit("/etc/inittab", [&](std::string &line) {
    if (const auto getty = getty_line(line); getty && !starts_with(trimmed(line), "#"))
      active.insert(getty->id);
    return true;
  });
  buffer.edit("/etc/inittab", [&](std::string &line) {
    if (const auto getty = getty_line(line); getty && active.insert(getty->id).second)
      line = std::string(getty->entry);
    return true;
  });
  buffer.save();
}

}  // namespace

void disable_foreign_mounts(Guest &guest, const Log &log) {
  EditBuffer buffer(guest, log, "the file system is a part of the old hypervisor");
  buffer.edit("/etc/fstab", [&](std::string &line) {
    const auto parts = words(line);  // source, mount point, type
    if (parts.size() < 3 || starts_with(parts[0], "#")) return true;
    const auto types = {"vmhgfs", "fuse.vmhgfs-fuse", "vboxsf", "prl_fs", "xenfs"};
    const bool foreign = std::find(types.begin(), types.end(), parts[2]) != types.end() ||
                         starts_with(parts[0], "vmhgfs-fuse#");
    if (!foreign) return true;
    log.warning(
        fmt::format("/etc/fstab: {} is not mounted any more, {} is a part of the old "
                    "hypervisor",
                    parts[1], parts[2]));
    line.insert(0, "# (left behind by v2v at the conversion to KVM) ");
    return true;
  });
  buffer.save();
}

std::vector<std::string> foreign_packages(const Inspection &inspection) {
  const bool keep = has_ubuntu_server(inspection);
  std::set<std::string> found;
  for (const auto &app : inspection.applications)
    if (is_foreign(app.name, keep) && valid_package(app.name)) found.insert(app.name);
  return {found.begin(), found.end()};
}

ForeignToolsRemoval remove_foreign_tools(Guest &guest, const Family &family,
                                         const Inspection &inspection, const Log &log) {
  ForeignToolsRemoval removal;
  // First, because it restores configuration files that it saved when it was installed.
  remove_virtualbox_tarball(guest, log);
  const auto packages = foreign_packages(inspection);
  remove_packages(guest, family, packages, removal, log);
  remove_vmware_tarball(guest, log);
  if (guest.is_file(kParallelsInstaller))
    run_uninstaller(guest, "Parallels Tools", {kParallelsInstaller, "-r"}, log);
  if (std::any_of(packages.begin(), packages.end(),
                  [](const auto &name) { return starts_with(name, "xe-guest-utilities"); }))
    restore_consoles(guest, log);
  if (has_ubuntu_server(inspection) &&
      std::any_of(inspection.applications.begin(), inspection.applications.end(),
                  [](const auto &app) { return app.name == "open-vm-tools"; }))
    log.info("open-vm-tools stays because ubuntu-server needs it; it only runs under VMware.");
  return removal;
}

}  // namespace v2v::linux
