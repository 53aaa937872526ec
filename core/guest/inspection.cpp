// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/inspection.hpp>

#include <core/guest/disk_keys.hpp>
#include <core/guest/disk_layout.hpp>
#include <core/guest/guestfs.hpp>
#include <core/guest/root_search.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr const char *not_detected = "v2v could not detect the source guest";

std::string in_words(const std::vector<Filesystem> &filesystems) {
  std::vector<std::string> words;
  for (const auto &[device, type] : filesystems)
    words.push_back(fmt::format("{} on {}", type, device));
  return words.empty() ? "no file systems" : fmt::format("{}", fmt::join(words, ", "));
}

bool has(const std::vector<Filesystem> &filesystems, const char *type) {
  return std::any_of(filesystems.begin(), filesystems.end(),
                     [type](const auto &one) { return one.type == type; });
}

[[noreturn]] void throw_nothing_found(const std::vector<std::string> &disks,
                                      const std::vector<Filesystem> &filesystems) {
  if (has(filesystems, "zfs_member"))
    throw Error(Code::unsupported,
                fmt::format("{}: its root is on ZFS, which v2v cannot read", not_detected),
                fmt::format("{}", fmt::join(disks, ", ")),
                "move it as it is, on emulated devices (v2v --convert none), or to another file "
                "system first");
  if (has(filesystems, "BitLocker"))
    throw Error(
        Code::unsupported,
        fmt::format("{}: its disk is encrypted with BitLocker, and no key opens it", not_detected),
        fmt::format("{}", fmt::join(disks, ", ")),
        "give its recovery password or passphrase with --key, or switch BitLocker off in the "
        "source (manage-bde -off C:), wait until the disk is decrypted, and convert again");
  throw Error(
      Code::unsupported,
      fmt::format("{}: no operating system found ({})", not_detected, in_words(filesystems)),
      fmt::format("{}", fmt::join(disks, ", ")),
      "see whether this is a blank disk, a data disk without its system disk, an encrypted disk "
      "(--key), or a Windows that was not shut down (Fast Startup); to move a system that v2v does "
      "not know as it is, on emulated devices: v2v --convert none");
}

void refuse_unknown(const Inspection &found) {
  for (const auto &[field, value] :
       {std::pair{"type", found.type}, {"distro", found.distro}, {"arch", found.arch}})
    if (value.empty() || value == "unknown")
      throw Error(
          Code::unsupported,
          fmt::format("{}: its {} is not known ({})", not_detected, field, found.product_name),
          found.root,
          "run again with -v -x and report it, or move it as it is: v2v --convert none");
}

std::vector<RootChoice> find_roots(guestfs_h *g) {
  std::vector<RootChoice> roots;
  for (const auto &device : take_list(guestfs_inspect_os(g)))
    if (!never_boots(device))
      roots.push_back({device, take_text(guestfs_inspect_get_product_name(g, device.c_str())),
                       take_text(guestfs_inspect_get_type(g, device.c_str())) == "linux"});
  return roots;
}

std::vector<Mountpoint> mountpoints(guestfs_h *g, const char *root) {
  std::vector<Mountpoint> found;
  for (const auto &[path, device] : take_pairs(guestfs_inspect_get_mountpoints(g, root)))
    found.push_back({path, device});
  sort_by_depth(found);
  return found;
}

// Where the guest expects its EFI System Partition (systemd-gpt-auto-generator(8); Debian's and
// Red Hat's installers use /boot/efi).
std::string esp_place(guestfs_h *g) {
  for (const char *path : {"/boot/efi", "/efi"})
    if (guestfs_is_dir(g, path) == 1) return path;
  return take_list(guestfs_ls(g, "/boot")).empty() ? "/boot" : "/boot/efi";
}

// The root is mounted.
std::string container_here(guestfs_h *g, const std::string &device) {
  const auto uuid_of = [g](const std::string &disk) {
    return take_text(guestfs_luks_uuid(g, disk.c_str()));
  };
  const auto crypttab = guestfs_is_file(g, "/etc/crypttab") == 1
                            ? take_text(guestfs_cat(g, "/etc/crypttab"))
                            : std::string();
  return container_called(device, crypttab, uuid_of).value_or(device);
}

// What libguestfs cannot resolve it gives as the guest's fstab has it: names that crypttab gives,
// NVMe disks, and others that only the old hardware had.
std::string device_here(guestfs_h *g, const Inspection &inspection, const Mountpoint &mountpoint) {
  const auto &[path, device] = mountpoint;
  const auto &known = inspection.filesystems;
  if (std::any_of(known.begin(), known.end(),
                  [&device = device](const auto &f) { return f.device == device; }))
    return device;
  if (path == "/") return inspection.root;
  if (device.rfind("/dev/mapper/", 0) == 0) return container_here(g, device);
  const auto number = partition_number(device);
  const auto disks =
      number.empty() ? std::vector<std::string>() : take_list(guestfs_list_devices(g));
  return disks.size() == 1 ? disks[0] + number : device;
}

[[noreturn]] void throw_root_not_mounted(guestfs_h *g, const Inspection &inspection) {
  const std::string detail = guestfs_last_error(g) ? guestfs_last_error(g) : "";
  if (detail.find("unsafe state") != std::string::npos)
    throw Error(Code::unsupported, "Windows is hibernated or was shut down with Fast Startup",
                inspection.root,
                "start the source, run \"powercfg /h off\" and \"shutdown /s /t 0\" in it, and "
                "convert again");
  throw_guestfs(g, "cannot mount the root file system", inspection.root);
}

}  // namespace

Inspection inspect(guestfs_h *g, const std::vector<std::string> &disks,
                   const std::vector<Filesystem> &filesystems, const RootWish &wish) {
  const auto roots = find_roots(g);
  if (roots.empty()) throw_nothing_found(disks, filesystems);
  Inspection found;
  found.root = choose_root(roots, wish);
  const char *root = found.root.c_str();
  found.type = take_text(guestfs_inspect_get_type(g, root));
  found.distro = take_text(guestfs_inspect_get_distro(g, root));
  found.arch = take_text(guestfs_inspect_get_arch(g, root));
  found.osinfo = take_text(guestfs_inspect_get_osinfo(g, root));
  found.package_format = take_text(guestfs_inspect_get_package_format(g, root));
  found.package_management = take_text(guestfs_inspect_get_package_management(g, root));
  found.product_name = take_text(guestfs_inspect_get_product_name(g, root));
  found.product_variant = take_text(guestfs_inspect_get_product_variant(g, root));
  found.major_version = guestfs_inspect_get_major_version(g, root);
  found.minor_version = guestfs_inspect_get_minor_version(g, root);
  found.mountpoints = mountpoints(g, root);
  refuse_unknown(found);
  return found;
}

Inspection choose_system(const std::vector<Inspection> &systems, const RootWish &wish) {
  std::vector<RootChoice> roots;
  for (const auto &system : systems)
    roots.push_back({system.root, system.product_name, system.type == "linux"});
  const auto root = choose_root(roots, wish);
  return *std::find_if(systems.begin(), systems.end(),
                       [&](const auto &system) { return system.root == root; });
}

void mount_guest(guestfs_h *g, Inspection &inspection, Reporter &reporter) {
  for (auto &mountpoint : inspection.mountpoints) {
    mountpoint.device = device_here(g, inspection, mountpoint);
    const auto &[path, device] = mountpoint;
    if (guestfs_mount_options(g, "", device.c_str(), path.c_str()) == 0) continue;
    if (path == "/") throw_root_not_mounted(g, inspection);
    reporter.warning(
        fmt::format("could not mount {} on {} of the guest: {}", device, path,
                    guestfs_last_error(g) ? guestfs_last_error(g) : "no reason given"));
  }
}

void mount_esp(guestfs_h *g, Inspection &inspection, Reporter &reporter) {
  const auto &esps = inspection.esp_devices;
  const bool mounted = std::any_of(
      inspection.mountpoints.begin(), inspection.mountpoints.end(),
      [&](const auto &m) { return std::find(esps.begin(), esps.end(), m.device) != esps.end(); });
  if (inspection.type != "linux" || esps.empty() || mounted) return;
  const Mountpoint esp{esp_place(g), esps.front()};
  if (guestfs_mkdir_p(g, esp.path.c_str()) == 0 &&
      guestfs_mount_options(g, "", esp.device.c_str(), esp.path.c_str()) == 0) {
    reporter.debug(
        fmt::format("{} is an EFI System Partition that the guest's fstab does not name; "
                    "it is mounted on {}",
                    esp.device, esp.path));
    inspection.mountpoints.push_back(esp);
  } else {
    reporter.warning(
        fmt::format("could not mount the EFI System Partition {}: {}", esp.device,
                    guestfs_last_error(g) ? guestfs_last_error(g) : "no reason given"));
  }
}

}  // namespace v2v::core
