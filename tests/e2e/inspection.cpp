// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// inspection PASSPHRASE OVERLAY…: inspects a guest both ways, with RootSearch and with libguestfs, and
// compares what they say. Prints what each took. Exit status 1 if RootSearch missed something.
#include <core/guest/devices.hpp>
#include <core/guest/disk_keys.hpp>
#include <core/guest/filesystems.hpp>
#include <core/guest/guestfs.hpp>
#include <core/guest/inspection.hpp>
#include <core/guest/packages.hpp>
#include <core/run/reporter.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <set>

namespace v2v::core {
namespace {

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Handle {
  guestfs_h *g = guestfs_create();
  ~Handle() { guestfs_close(g); }
};

int differences = 0;

void compare(const std::string &field, const std::string &ours, const std::string &theirs) {
  if (ours == theirs) return;
  std::printf("%s: '%s', libguestfs says '%s'\n", field.c_str(), ours.c_str(), theirs.c_str());
  ++differences;
}

std::string in_words(const std::vector<Mountpoint> &mountpoints) {
  std::string text;
  for (auto [path, device] : mountpoints) {
    // libguestfs keeps the slash that fstab has in front of a subvolume.
    if (const auto twice = device.find("//"); twice != std::string::npos) device.erase(twice, 1);
    text += path + "=" + device + " ";
  }
  return text;
}

std::set<std::string> names(const std::vector<Application> &packages) {
  std::set<std::string> all;
  for (const auto &package : packages)
    all.insert(package.name + " " + package.version + " " + package.release + " " + package.arch);
  return all;
}

void compare_systems(const Inspection &ours, const Inspection &theirs) {
  compare("root", ours.root, theirs.root);
  compare("type", ours.type, theirs.type);
  compare("distro", ours.distro, theirs.distro);
  compare("arch", ours.arch, theirs.arch);
  // libguestfs takes Debian's from /etc/debian_version, a bare number since 12.
  if (ours.distro != "debian") compare("product name", ours.product_name, theirs.product_name);
  compare("product variant", ours.product_variant, theirs.product_variant);
  // Before 1.50 libguestfs had a name of its own for SLES 15, and did not know Windows 11 and Server 2025.
  if (theirs.osinfo.rfind("sles15", 0) != 0 && ours.osinfo != "win11" && ours.osinfo != "win2k25")
    compare("osinfo", ours.osinfo, theirs.osinfo);
  compare("package format", ours.package_format, theirs.package_format);
  compare("package management", ours.package_management, theirs.package_management);
  compare("major", std::to_string(ours.major_version), std::to_string(theirs.major_version));
  compare("minor", std::to_string(ours.minor_version), std::to_string(theirs.minor_version));
  compare("mount points", in_words(ours.mountpoints), in_words(theirs.mountpoints));
}

/// What is mounted after a search is not mounted twice; their way needs it.
void mount_all(guestfs_h *g, const Inspection &inspection) {
  for (const auto &[path, device] : inspection.mountpoints)
    guestfs_mount_ro(g, device.c_str(), path.c_str());
}

std::vector<Application> libguestfs_packages(guestfs_h *g, const std::string &root) {
  const GuestfsStruct<struct guestfs_application2_list> list(
      guestfs_inspect_list_applications2(g, root.c_str()));
  std::vector<Application> packages;
  for (std::uint32_t i = 0; list && i < list->len; ++i)
    packages.push_back({list->val[i].app2_name, list->val[i].app2_version,
                        list->val[i].app2_release, list->val[i].app2_arch, 0});
  return packages;
}

class Silent : public Reporter {
 public:
  void step(const std::string &) override {}
  void info(const std::string &) override {}
  void warning(const std::string &text) override { std::printf("%s\n", text.c_str()); }
  void error(const Error &) override {}
  void debug(const std::string &) override {}
  void progress(const Progress &) override {}
};

int inspect_both_ways(const std::string &passphrase, const std::vector<std::string> &overlays) {
  const Handle handle;
  auto *g = handle.g;
  guestfs_set_error_handler(g, nullptr, nullptr);
  for (const auto &overlay : overlays)
    guestfs_add_drive_opts(g, overlay.c_str(), GUESTFS_ADD_DRIVE_OPTS_FORMAT, "qcow2", -1);
  if (guestfs_launch(g) != 0) throw_guestfs(g, "the appliance does not start");
  Silent reporter;
  const auto start = seconds();
  const auto disks = read_disk_starts(g);
  std::vector<DiskKey> keys;
  if (!passphrase.empty()) keys.push_back({"all", passphrase, false});
  const auto filesystems = unlock_disks(g, disks, keys, {}, reporter);
  const auto listed = seconds();
  std::set<std::pair<std::string, std::string>> our_devices, their_devices;
  for (const auto &[device, type] : filesystems)
    if (!is_container(type)) our_devices.insert({device, type});
  for (const auto &pair : take_pairs(guestfs_list_filesystems(g))) their_devices.insert(pair);
  if (our_devices != their_devices) compare("file systems", "others", "different ones");
  const auto their_list = seconds();
  RootSearch search(g, filesystems, disks);
  check_filesystems(g, filesystems, &search);
  const auto systems = search.systems();
  const auto searched = seconds();
  if (!systems) {
    std::printf("left to libguestfs\n");
    return 1;
  }
  const RootWish wish{"first", {}, disks};
  const auto ours = choose_system(*systems, wish);
  mount_all(g, ours);
  const auto our_packages_from = seconds();
  const auto our_packages = list_applications(g, ours);
  const auto our_packages_till = seconds();
  guestfs_umount_all(g);

  const auto again = seconds();
  check_filesystems(g, filesystems, nullptr);
  const auto checked = seconds();
  const auto theirs = inspect(g, overlays, filesystems, wish);
  const auto inspected = seconds();
  mount_all(g, theirs);
  const auto their_packages_from = seconds();
  const auto their_packages = libguestfs_packages(g, theirs.root);
  const auto done = seconds();

  compare_systems(ours, theirs);
  if (systems->size() != 1) compare("systems", std::to_string(systems->size()), "1");
  // A Windows has no packages; libguestfs lists what can be uninstalled.
  const bool has_packages = ours.type != "windows";
  if (has_packages && !their_packages.empty() && names(our_packages) != names(their_packages))
    compare("packages", std::to_string(our_packages.size()), std::to_string(their_packages.size()));
  if (has_packages && our_packages.empty()) compare("packages", "none", "some");
  std::printf(
      "devices %.2f s (libguestfs's list %.2f s); check and search %.2f s, packages %.2f s; "
      "check %.2f s, libguestfs's inspection %.2f s, its packages %.2f s\n",
      listed - start, their_list - listed, searched - their_list,
      our_packages_till - our_packages_from, checked - again, inspected - checked,
      done - their_packages_from);
  return differences ? 1 : 0;
}

}  // namespace
}  // namespace v2v::core

int main(int count, char **arguments) {
  try {
    if (count < 3) return 2;
    return v2v::core::inspect_both_ways(arguments[1], {arguments + 2, arguments + count});
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
