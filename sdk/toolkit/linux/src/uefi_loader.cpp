// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See uefi_loader.hpp.
//
// With Secure Boot the chain is shim -> GRUB, and shim loads grubx64.efi from the directory it was
// started from, so both are copied, with MokManager (mmx64.efi). What is not copied is fbx64.efi:
// a shim started as BOOTX64.EFI that finds it beside itself starts it instead of GRUB; it writes
// boot entries for every distribution it finds into NVRAM and, where there is a TPM, resets the
// machine.
//
// A signed GRUB looks for \EFI\<vendor>\grub.cfg, some builds for grub.cfg beside themselves: that
// file is copied as well. An unsigned GRUB has the place of its configuration built in.
#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/text_edit.hpp>
#include <v2v/linux/uefi_loader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace v2v::linux {
namespace {

/// How the UEFI specification and the loaders' makers abbreviate an architecture.
struct ArchNames {
  std::string fallback, suffix;
};
std::optional<ArchNames> arch_names(const std::string &arch) {
  if (arch == "x86_64") return ArchNames{"BOOTX64.EFI", "x64"};
  if (arch == "aarch64") return ArchNames{"BOOTAA64.EFI", "aa64"};
  if (arch == "arm" || starts_with(arch, "armv")) return ArchNames{"BOOTARM.EFI", "arm"};
  if (arch == "riscv64") return ArchNames{"BOOTRISCV64.EFI", "riscv64"};
  if (arch.size() == 4 && arch[0] == 'i' && ends_with(arch, "86"))
    return ArchNames{"BOOTIA32.EFI", "ia32"};
  return std::nullopt;
}

/// The files of the EFI System Partition by their names in lower case: FAT ignores the case.
class Esp {
 public:
  Esp(Guest &guest, const std::string &mountpoint) : root_(mountpoint) {
    for (const auto &path : guest.find(mountpoint))
      paths_.emplace(lower_case(path.substr(mountpoint.size())), path);
  }

  bool empty() const { return paths_.empty(); }
  bool has(const std::string &lower) const { return paths_.count(lower) != 0; }
  /// The path as it is really written; for a new file, below the directory as it is written.
  std::string path(const std::string &wanted) const {
    const auto found = paths_.find(lower_case(wanted));
    if (found != paths_.end()) return found->second;
    const auto parent = parent_path(wanted);
    return join_path(parent == "/" ? root_ : path(parent), base_name(wanted));
  }
  /// Directories of distributions, "/efi/debian": the guest's own first.
  std::vector<std::string> vendors(const std::string &distro) const {
    std::vector<std::string> found;
    for (const auto &[lower, real] : paths_)
      if (parent_path(lower) == "/efi" && lower != "/efi/boot" && lower != "/efi/microsoft")
        found.push_back(lower);
    std::stable_partition(found.begin(), found.end(),
                          [&](const auto &path) { return path == "/efi/" + esp_vendor(distro); });
    return found;
  }

 private:
  std::string root_;
  std::map<std::string, std::string> paths_;
};

struct Copy {
  std::string from;  ///< lower case, below the partition
  std::string to;    ///< name in EFI/BOOT
};

std::vector<Copy> with_config(const Esp &esp, const std::string &vendor, std::vector<Copy> copies) {
  if (esp.has(vendor + "/grub.cfg")) copies.push_back({vendor + "/grub.cfg", "grub.cfg"});
  return copies;
}

/// What to copy for a working fallback loader; empty if the partition has none to copy.
std::vector<Copy> plan(const Esp &esp, const ArchNames &names, const std::string &distro) {
  const auto vendors = esp.vendors(distro);
  const auto grub = "grub" + names.suffix + ".efi", manager = "mm" + names.suffix + ".efi";
  for (const auto &vendor : vendors)
    for (const auto &shim : {"shim" + names.suffix + ".efi", std::string("shim.efi")}) {
      if (!esp.has(join_path(vendor, shim)) || !esp.has(join_path(vendor, grub))) continue;
      std::vector<Copy> copies{{join_path(vendor, grub), grub}};
      if (esp.has(join_path(vendor, manager)))
        copies.push_back({join_path(vendor, manager), manager});
      copies = with_config(esp, vendor, std::move(copies));
      // The loader itself comes last: an incomplete copy must not look like a loader.
      copies.push_back({join_path(vendor, shim), names.fallback});
      return copies;
    }
  for (const auto &vendor : vendors)
    for (const auto &loader : {grub, std::string("grub.efi")})
      if (esp.has(join_path(vendor, loader))) {
        auto copies = with_config(esp, vendor, {});
        copies.push_back({join_path(vendor, loader), names.fallback});
        return copies;
      }
  const auto systemd = "/efi/systemd/systemd-boot" + names.suffix + ".efi";
  if (esp.has(systemd)) return {{systemd, names.fallback}};
  return {};
}

/// A shim as fallback loader that has neither GRUB nor fbx64.efi beside it starts nothing. The
/// distribution's shim has the same size.
std::vector<Copy> complete(Guest &guest, const Esp &esp, const ArchNames &names,
                           const std::string &distro) {
  const auto grub = "grub" + names.suffix + ".efi";
  if (esp.has("/efi/boot/" + grub) || esp.has("/efi/boot/fb" + names.suffix + ".efi")) return {};
  auto copies = plan(esp, names, distro);
  if (copies.size() < 2) return {};
  const auto shim = guest.stat(esp.path(copies.back().from));
  const auto fallback = guest.stat(esp.path("/EFI/BOOT/" + names.fallback));
  if (!shim || !fallback || shim->size != fallback->size) return {};
  copies.pop_back();
  return copies;
}

/// All of them or none: the partition may be full.
void copy_all(Guest &guest, const Esp &esp, const std::vector<Copy> &copies, const Log &log) {
  std::vector<std::string> made;
  try {
    for (const auto &copy : copies) {
      const auto to = esp.path("/EFI/BOOT/" + copy.to);
      if (!esp.has(lower_case("/efi/boot/" + copy.to))) made.push_back(to);
      guest.copy(esp.path(copy.from), to);
      log.debug(fmt::format("{} is a copy of {}", to, esp.path(copy.from)));
    }
  } catch (const Error &) {
    for (const auto &path : made) guest.remove(path);
    throw;
  }
}

}  // namespace

std::string esp_vendor(const std::string &distro) {
  if (distro == "linuxmint") return "ubuntu";
  if (distro == "kalilinux") return "kali";
  return distro;
}

std::string esp_mountpoint(const Inspection &inspection) {
  if (inspection.firmware != Firmware::uefi) return {};
  std::string found;
  for (const auto &mountpoint : inspection.mountpoints) {
    const auto &devices = inspection.esp_devices;
    const bool is_esp =
        std::find(devices.begin(), devices.end(), mountpoint.device) != devices.end();
    if (mountpoint.path == "/boot/efi") return mountpoint.path;
    if (is_esp && mountpoint.path != "/") found = mountpoint.path;
  }
  return found;
}

void ensure_uefi_fallback(Guest &guest, const Inspection &inspection, const std::string &esp_path,
                          const Log &log) {
  if (inspection.firmware != Firmware::uefi) return;
  const auto names = arch_names(inspection.arch);
  if (!names) {
    log.debug("no rule for the UEFI loader of architecture " + inspection.arch);
    return;
  }
  const auto nothing = [&](const std::string &reason) {
    log.warning(fmt::format(
        "{}, so the new machine's firmware may find nothing to boot (it looks for "
        "\\EFI\\BOOT\\{}); if it does not boot, choose the loader in the firmware's menu, or run "
        "\"grub-install --removable\" in the guest before converting it",
        reason, names->fallback));
  };
  if (esp_path.empty()) return nothing("the guest's EFI System Partition is not in its /etc/fstab");

  const Esp esp(guest, esp_path);
  const bool exists = esp.has(lower_case("/efi/boot/" + names->fallback));
  const auto copies = exists ? complete(guest, esp, *names, inspection.distro)
                             : plan(esp, *names, inspection.distro);
  if (exists && copies.empty()) return;
  if (copies.empty())
    return nothing("no loader that could be the fallback was found in " + esp_path + "/EFI");
  log.info("Fixing UEFI bootloader.");
  try {
    copy_all(guest, esp, copies, log);
    log.change(esp.path("/EFI/BOOT/" + copies.back().to),
               "is a copy of " + esp.path(copies.back().from),
               "the new machine's firmware knows no other loader than the fallback");
  } catch (const Error &error) {
    nothing(fmt::format("the fallback loader could not be made ({})", error.what()));
  }
}

}  // namespace v2v::linux
