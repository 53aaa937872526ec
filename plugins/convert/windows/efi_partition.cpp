// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "efi_partition.hpp"

#include <v2v/windows/boot_store.hpp>

namespace v2v::convert_windows {
namespace {

/// The names of the UEFI specification, 3.5.1.1.
std::string fallback_name(const std::string &arch) {
  if (arch == "x86_64") return "bootx64.efi";
  return arch == "aarch64" ? "bootaa64.efi" : "bootia32.efi";
}

void repair_boot_store(GuestFiles &files, const std::string &efi, const std::string &directory,
                       const text::Log &log) {
  const auto store = files.find(efi + "/Microsoft/Boot/BCD");
  if (!store) return;
  const auto copy = directory + "/BCD";
  files.download(*store, copy);
  windows::Hive bcd(copy, "the boot store (BCD) of the EFI System Partition",
                    windows::Hive::Access::write);
  if (!windows::allow_graphics(bcd)) return;
  bcd.commit();
  files.upload(copy, *store);
  log.change("the boot store (BCD)", "graphics are allowed again",
             "the screen would stay dark on KVM");
}

void ensure_fallback_loader(GuestFiles &files, const std::string &efi, const std::string &arch,
                            const text::Log &log) {
  const auto loader = files.find(efi + "/Microsoft/Boot/bootmgfw.efi");
  if (!loader) return;
  const auto fallback = files.place(efi + "/Boot/" + fallback_name(arch));
  if (fallback.exists() && files.equal(*loader, fallback.path)) return;
  log.info("Fixing UEFI bootloader.");
  files.make_directory(fallback.path.substr(0, fallback.path.rfind('/')));
  files.copy(*loader, fallback.path);
  log.change("EFI System Partition, \\EFI\\Boot\\" + fallback_name(arch),
             "is a copy of Windows' loader",
             "the new machine's firmware knows no other loader than the fallback");
}

}  // namespace

void repair_efi_partition(GuestFiles &files, const std::string &device, const std::string &mount_at,
                          const std::string &arch, const std::string &directory,
                          const text::Log &log) {
  files.mount(device, mount_at);
  const auto efi = files.place(mount_at + "/EFI").path;
  repair_boot_store(files, efi, directory, log);
  ensure_fallback_loader(files, efi, arch, log);
  files.unmount(mount_at);
}

}  // namespace v2v::convert_windows
