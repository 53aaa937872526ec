// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The guest's bootloader: which kernels it offers, which one is the default, and the kernels'
// command lines. GRUB 2, with its menu in grub.cfg or in files of the Boot Loader Specification, and GRUB
// legacy.
//
// Changes are made in memory and written once, by update(). Running grub-mkconfig costs ten seconds
// in an emulated appliance, and it describes the machine it runs on, which is the appliance. So the
// same change is made to what GRUB 2 is generated from (/etc/default/grub) and to the generated
// grub.cfg, which leaves both as if it had been run; it is run only when grub.cfg lacks a menu
// entry for the kernel that is to be the default.
//
// Not thread-safe; does not outlive its guest.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/linux/text_edit.hpp>
#include <v2v/values.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace v2v::linux {

class Bootloader {
 public:
  virtual ~Bootloader() = default;

  /// For messages: "GRUB 2", "GRUB legacy".
  virtual std::string name() const = 0;
  /// The file the bootloader reads at boot.
  const std::string &config_path() const { return config_; }

  /// Guest paths of the kernels it offers and of those it would offer after its next update, the
  /// default first, the others in its own order, without duplicates. Each exists.
  virtual std::vector<std::string> kernels() = 0;
  /// Makes one of kernels() the default.
  virtual void set_default(const std::string &vmlinuz) = 0;

  /// Why what follows is changed, for the report of what was changed.
  void because(std::string reason) { buffer_.because(std::move(reason)); }
  /// Changes the arguments of every kernel; gets and returns "root=/dev/sda1 ro quiet".
  using ArgumentsEdit = std::function<std::string(const std::string &arguments)>;
  virtual void edit_arguments(ArgumentsEdit edit) = 0;
  /// The arguments the default kernel is started with; empty if they cannot be told.
  virtual std::string default_arguments() = 0;

  /// Writes what was changed; nothing at all if nothing was.
  /// @return the paths written
  virtual std::vector<std::string> update() { return buffer_.save(); }

 protected:
  Bootloader(Guest &guest, std::string config, const Log &log)
      : guest_(guest),
        log_(log),
        buffer_(guest, log, "the guest moves to KVM"),
        config_(std::move(config)) {}

  /// Names in /boot, listed once.
  const std::vector<std::string> &boot_names();
  /// The kernel as a guest path: bootloaders see /boot from its own file system, and btrfs paths
  /// begin with a subvolume. Empty if there is no such file.
  std::string kernel_path(std::string_view in_config);

  static constexpr const char *default_reason = "the default is to be the kernel that boots on KVM";

  Guest &guest_;
  Log log_;
  EditBuffer buffer_;
  std::string config_;

 private:
  std::optional<std::vector<std::string>> boot_names_;
};

/// Finds the bootloader's configuration: /boot/grub*/ for BIOS; for UEFI the EFI System Partition,
/// where a grub.cfg that only points to another one is followed, and then /boot/grub*/, because a
/// GRUB installed without signature needs no file on that partition at all.
/// @param esp  where the EFI System Partition is mounted; empty for BIOS, or if it is not mounted
/// @throws Error(unsupported) if there is neither GRUB 2 nor GRUB legacy
std::unique_ptr<Bootloader> detect_bootloader(Guest &guest, const Inspection &inspection,
                                              const std::string &esp, const Log &log);

std::unique_ptr<Bootloader> make_grub2(Guest &guest, std::string config, const Log &log);
std::unique_ptr<Bootloader> make_grub_legacy(Guest &guest, std::string config, const Log &log);

}  // namespace v2v::linux
