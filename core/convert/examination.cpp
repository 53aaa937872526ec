// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/examination.hpp>

#include <core/convert/describe.hpp>
#include <core/guest/devices.hpp>
#include <core/guest/filesystems.hpp>
#include <core/guest/inspection.hpp>
#include <core/guest/packages.hpp>
#include <core/guest/root_search.hpp>

namespace v2v::core {
namespace {

std::vector<std::string> names_of_disks(const Source &source) {
  std::vector<std::string> names;
  for (const auto &disk : source.disks) names.push_back(disk_name(disk));
  return names;
}

}  // namespace

Examination examine(guestfs_h *g, const Source &source, const ConversionContext &context) {
  const auto &settings = context.settings;
  auto &say = context.say();
  Examination found;
  auto &inspection = found.inspection;
  say.step("Checking filesystem integrity before conversion");
  const auto disks = read_disk_starts(g);
  auto filesystems = unlock_disks(g, disks, settings.keys, context.environment.ask_secret, say);
  RootSearch search(g, filesystems, disks);
  check_filesystems(g, filesystems, &search);
  say.step("Detecting if this guest uses BIOS or UEFI to boot");
  const auto firmware = detect_firmware(disks, source.firmware);
  say.step("Inspecting the source");
  const RootWish wish{settings.root, settings.ask_root, disks};
  const auto systems = search.systems();
  inspection = systems ? choose_system(*systems, wish)
                       : inspect(g, names_of_disks(source), filesystems, wish);
  inspection.firmware = firmware.firmware;
  inspection.esp_devices = firmware.esp_devices;
  found.devices = filesystems;
  std::erase_if(filesystems, [](const auto &one) { return is_container(one.type); });
  inspection.filesystems = std::move(filesystems);
  if (settings.report) {
    found.reported = describe_filesystems(g, inspection.filesystems);
    if (inspection.type == "windows") found.windows = find_windows_places(g, inspection.root);
  }
  mount_guest(g, inspection, say);
  mount_esp(g, inspection, say);
  if (!found.windows.software_hive.empty())
    find_windows_policy(g, found.windows, context.environment.run_directory, say);
  inspection.applications = list_applications(g, inspection);
  say.step("Detecting the boot device");
  inspection.boot_disk = detect_boot_disk(disks, inspection);
  say.debug(describe_inspection(inspection));
  return found;
}

void tidy_up(guestfs_h *g, const Examination &guest, const ConversionContext &context) {
  auto &say = context.say();
  // In place a trim would only be more to write.
  if (context.settings.in_place == InPlace::no) {
    say.step(context.settings.fstrim
                 ? "Mapping filesystem data to avoid copying unused and blank areas"
                 : "Skipping fstrim (--no-fstrim specified)");
    if (context.settings.fstrim) trim_filesystems(g, guest.inspection.filesystems, say);
  }
  say.step("Checking filesystem integrity after conversion");
  check_filesystems(g, checked_afterwards(guest.inspection), nullptr);
  say.step("Closing the overlay");
  stop_raids(g, guest.devices);
}

}  // namespace v2v::core
