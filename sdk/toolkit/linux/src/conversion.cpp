// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/linux/conversion.hpp>

#include <v2v/linux/console.hpp>
#include <v2v/linux/display.hpp>
#include <v2v/linux/early_devices.hpp>
#include <v2v/linux/first_boot.hpp>
#include <v2v/linux/foreign_tools.hpp>
#include <v2v/linux/guest_caps.hpp>
#include <v2v/linux/identity.hpp>
#include <v2v/linux/initramfs.hpp>
#include <v2v/linux/module_aliases.hpp>
#include <v2v/linux/network.hpp>
#include <v2v/linux/uefi_loader.hpp>

#include <fmt/format.h>

namespace v2v::linux {

void check_wishes(const Wishes &wishes) {
  if (wishes.block_bus == BlockBus::ide || wishes.block_bus == BlockBus::virtio_scsi)
    throw Error(Code::unsupported, "the disks of a Linux guest can only go on virtio-blk",
                "--block-driver", "leave the option out");
}

GuestCaps Conversion::run() {
  check_wishes(task_.wishes);
  if (task_.inspection.applications.empty())
    throw Error(Code::corrupt, "the guest's list of installed packages is empty",
                task_.family.package_database(), "check that the guest's file systems are whole");
  // First, because uninstallers restore old files and remove modules, and because what was read
  // from the guest before a program ran in it has to be read again.
  remove_tools();
  guest_.preload({"/etc"});
  disable_foreign_mounts(guest_, log_);
  disable_foreign_settings(guest_, log_);

  const auto esp = esp_mountpoint(task_.inspection);
  bootloader_ = detect_bootloader(guest_, task_.inspection, esp, log_);
  find_kernels();
  caps_ = linux_guest_caps(task_.inspection, kernel_);

  make_best_kernel_default();
  keep_kernel_package();
  convert_console(guest_, *bootloader_, task_.wishes.keep_serial_console, log_);
  convert_display(guest_, log_);
  const auto arguments = bootloader_->default_arguments();
  const auto map = convert_devices();
  for (const auto &path : bootloader_->update()) log_.debug("changed " + path);

  convert_module_aliases(guest_, caps_.block_bus, caps_.net_bus, log_);
  const auto network = keep_network_names(guest_, task_.source, caps_.net_bus, arguments, log_);
  fill_machine_id(guest_, log_);
  relabel();
  convert_initramfs(map, network.initramfs_files);

  // Last what makes directories: after that, the preloaded /etc would be read again.
  renew_random_seed(guest_, log_);
  install_first_boot();
  ensure_uefi_fallback(guest_, task_.inspection, esp, log_);
  return caps_;
}

void Conversion::remove_tools() {
  removal_unfinished_ =
      remove_foreign_tools(guest_, task_.family, task_.inspection, log_).unfinished;
}

void Conversion::find_kernels() {
  const auto installed =
      linux::find_kernels(guest_, task_.family.kernel_owner(task_.inspection), log_);
  kernel_paths_ = bootloader_->kernels();
  kernels_ = bootloader_kernels(guest_, installed, kernel_paths_, log_);
  kernel_ = best_kernel(kernels_);
  log_.debug(fmt::format("the bootloader is {}, {}; its kernels, the default first:",
                         bootloader_->name(), bootloader_->config_path()));
  for (const auto &kernel : kernels_) log_.debug("  " + kernel.describe());
  log_.debug("the best kernel is " + kernel_.version);
}

void Conversion::make_best_kernel_default() {
  if (kernel_.version == kernels_.front().version) return;
  // The bootloader may know the kernel under the name of a link.
  const auto wanted = guest_.stat(kernel_.vmlinuz);
  for (const auto &path : kernel_paths_) {
    const auto info = guest_.stat(path);
    if (!info || !wanted || info->device != wanted->device || info->inode != wanted->inode)
      continue;
    log_.debug("the new default kernel is " + path);
    bootloader_->set_default(path);
    return;
  }
}

DeviceMap Conversion::convert_devices() {
  DeviceMap map(task_.source, caps_.block_bus, ide_prefix(task_.inspection));
  log_.debug("block device map:");
  for (const auto &line : map.description()) log_.debug("  " + line);
  for (const auto &path : rename_devices(guest_, *bootloader_, map, task_.resolve_uuid, log_))
    log_.debug("changed " + path);
  return map;
}

void Conversion::install_first_boot() {
  if (removal_unfinished_) first_boot_.add("finish-package-removal", task_.family.finish_removal());
  install_guest_agent(task_.family, task_.inspection, first_boot_, log_);
  first_boot_.install();
}

/// Red Hat's and SUSE's own choice of the kernel that becomes the default when it is updated.
void Conversion::keep_kernel_package() {
  if (!kernel_.package) return;
  EditBuffer buffer(guest_, log_, "the kernel that boots on KVM is to stay the default");
  buffer.edit("/etc/sysconfig/kernel", [&](std::string &line) {
    if (const auto value = shell_value(line, "DEFAULTKERNEL"))
      line = replace_piece(line, *value, kernel_.package->name);
    return true;
  });
  buffer.save();
}

/// The default kernel's has to be right; that of one fallback should.
void Conversion::convert_initramfs(const DeviceMap &map,
                                   const std::vector<std::string> &network_files) {
  ensure(kernel_, map, network_files);
  for (const auto &kernel : kernels_) {
    if (kernel.version == kernel_.version || kernel.xen_pv_only || !kernel.virtio_blk) continue;
    try {
      ensure(kernel, map, network_files);
    } catch (const Error &error) {
      if (error.code() == Code::cancelled) throw;
      log_.warning(
          fmt::format("the fallback kernel {} will not boot: {}", kernel.version, error.what()));
    }
    return;
  }
}

void Conversion::ensure(const Kernel &kernel, const DeviceMap &map,
                        const std::vector<std::string> &network_files) {
  InitramfsOptions options;
  options.rebuild = task_.wishes.rebuild_initramfs;
  options.run_directory = task_.run_directory;
  options.extra_files = [&](const InitramfsArchive &archive) {
    const auto kind = initramfs_kind(archive);
    std::vector<InitramfsFile> files;
    if (kind == InitramfsKind::initramfs_tools)
      files = renamed_early_files(archive, map, task_.resolve_uuid);
    if (kind == InitramfsKind::initramfs_tools || kind == InitramfsKind::dracut)
      for (const auto &path : network_files)
        files.push_back({path, guest_.read(path), 0644, false});
    return files;
  };
  options.kept_files = network_files;
  options.root_device = task_.inspection.root;
  const auto result = ensure_initramfs(guest_, kernel, boot_modules(caps_), options, log_);
  const char *action = result.action == InitramfsResult::Action::nothing   ? "stays as it is"
                       : result.action == InitramfsResult::Action::grafted ? "was added to"
                                                                           : "was rebuilt";
  log_.debug(fmt::format("{} {}: {}", kernel.initrd, action, result.reason));
  if (result.action != InitramfsResult::Action::nothing)
    log_.change(kernel.initrd,
                result.action == InitramfsResult::Action::grafted
                    ? "drivers and files that KVM needs added"
                    : "rebuilt",
                result.reason);
}

/// Files written here have no SELinux label; the guest knows its policy, and labels them at its first boot.
void Conversion::relabel() {
  if (!task_.wishes.relabel) return;
  const auto config = guest_.read_if_file("/etc/selinux/config");
  const auto mode = config ? shell_variable(*config, "SELINUX").value_or("disabled") : "disabled";
  if (mode != "disabled" && guest_.is_file("/usr/sbin/load_policy"))
    guest_.write("/.autorelabel", "");
  log_.change("/.autorelabel", "written, so that the first boot labels all files",
              "files that the conversion wrote have no SELinux label");
}

}  // namespace v2v::linux
