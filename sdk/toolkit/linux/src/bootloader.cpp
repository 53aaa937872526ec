// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See bootloader.hpp: what both kinds of GRUB share, and finding out which one it is.
#include <v2v/linux/bootloader.hpp>
#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/uefi_loader.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::linux {
namespace {

bool legacy_name(const std::string &name) {
  return name == "menu.lst" || name == "grub.conf";
}

/// Paths of the configuration files directly in /boot/grub, /boot/grub2 and the like.
std::vector<std::string> in_boot(Guest &guest) {
  std::vector<std::string> found;
  for (const auto &directory : guest.list("/boot")) {
    if (!starts_with(directory, "grub")) continue;
    const auto names = guest.list("/boot/" + directory);
    for (const char *name : {"grub.cfg", "grub.conf", "menu.lst"})
      if (std::find(names.begin(), names.end(), name) != names.end())
        found.push_back("/boot/" + directory + "/" + name);
  }
  // A grub.cfg anywhere wins over a leftover menu.lst.
  std::stable_partition(found.begin(), found.end(),
                        [](const auto &path) { return ends_with(path, "/grub.cfg"); });
  return found;
}

/// Configuration files on the EFI System Partition, the distribution's own directory first and the
/// fallback directory last.
std::vector<std::string> on_esp(Guest &guest, const std::string &esp, const std::string &distro) {
  std::vector<std::string> found;
  for (const auto &path : guest.find(esp)) {
    const auto name = lower_case(base_name(path));
    if (name == "grub.cfg" || legacy_name(name)) found.push_back(path);
  }
  const auto rank = [&](const std::string &path) {
    const auto below = lower_case(path.substr(esp.size()));
    if (starts_with(below, "/efi/" + esp_vendor(distro) + "/")) return 0;
    return starts_with(below, "/efi/boot/") ? 2 : 1;
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const auto &a, const auto &b) { return rank(a) < rank(b); });
  return found;
}

/// The path in `set prefix=($root)'/boot/grub'` and the like; empty if there is none.
std::string prefix_path(std::string_view config) {
  std::string path;
  for (const auto line : lines(config)) {
    const auto text = trimmed(line);
    if (!starts_with(text, "set prefix=")) continue;
    path.clear();
    bool device = false;
    for (const char c : text.substr(11)) {
      if (c == '(') device = true;
      if (!device && c != '\'' && c != '"') path += c;
      if (c == ')') device = false;
    }
  }
  return path;
}

/// The file that a grub.cfg on the EFI System Partition points to, or that file itself.
std::string follow_wrapper(Guest &guest, const std::string &path, const Log &log) {
  const auto content = read_config(guest, path, log);
  if (!content) return path;
  const auto points_on = [&] {
    for (const auto line : lines(*content)) {
      const auto parts = words(line);
      if (!parts.empty() && (parts[0] == "menuentry" || parts[0] == "linux")) return false;
      if (!parts.empty() && parts[0] == "configfile") return true;
    }
    return false;
  }();
  if (!points_on) return path;
  std::vector<std::string> candidates;
  const std::string prefix = prefix_path(*content);
  if (starts_with(prefix, "/")) {
    // The prefix is seen from its own file system, which may be /boot or a btrfs subvolume.
    candidates.push_back(prefix);
    candidates.push_back("/boot" + prefix);
    if (const auto slash = prefix.find('/', 1); slash != std::string::npos)
      candidates.push_back(prefix.substr(slash));
  }
  candidates.insert(candidates.end(), {"/boot/grub", "/boot/grub2"});
  for (const auto &candidate : candidates) {
    auto target = join_path(candidate, "grub.cfg");
    if (target != path && guest.is_file(target)) return target;
  }
  log.warning(fmt::format("{} points to another configuration file that is not there", path));
  return path;
}

/// What a guest without GRUB boots with, as far as it is known; empty if it is not.
std::string other_bootloader(Guest &guest, const std::string &esp) {
  const auto has_efi_program = [&](const std::string &directory) {
    const auto names = guest.list(directory);
    return std::any_of(names.begin(), names.end(),
                       [](const auto &name) { return ends_with(lower_case(name), ".efi"); });
  };
  for (const auto &root :
       {esp, std::string("/boot"), std::string("/boot/efi"), std::string("/efi")}) {
    if (root.empty()) continue;
    if (has_efi_program(root + "/EFI/Linux")) return "unified kernel images";
    if (has_efi_program(root + "/EFI/systemd") || guest.is_file(root + "/loader/loader.conf"))
      return "systemd-boot";
  }
  for (const char *file :
       {"/boot/extlinux/extlinux.conf", "/boot/extlinux.conf", "/boot/syslinux/syslinux.cfg"})
    if (guest.is_file(file)) return "extlinux";
  return guest.is_file("/etc/lilo.conf") ? "LILO" : "";
}

}  // namespace

const std::vector<std::string> &Bootloader::boot_names() {
  if (!boot_names_) boot_names_ = guest_.list("/boot");
  return *boot_names_;
}

std::string Bootloader::kernel_path(std::string_view in_config) {
  // "(hd0,0)/vmlinuz", "($root)/vmlinuz"
  if (starts_with(in_config, "(")) {
    const auto end = in_config.find(')');
    in_config.remove_prefix(end == std::string_view::npos ? in_config.size() : end + 1);
  }
  if (!starts_with(in_config, "/")) return {};
  const auto name = base_name(std::string(in_config));
  const auto &names = boot_names();
  if (std::find(names.begin(), names.end(), name) != names.end()) return "/boot/" + name;
  const std::string path(in_config);
  return guest_.is_file(path) ? path : std::string();
}

std::unique_ptr<Bootloader> detect_bootloader(Guest &guest, const Inspection &inspection,
                                              const std::string &esp, const Log &log) {
  std::vector<std::string> candidates;
  if (!esp.empty()) candidates = on_esp(guest, esp, inspection.distro);
  const auto boot = in_boot(guest);
  candidates.insert(candidates.end(), boot.begin(), boot.end());

  for (const auto &candidate : candidates) {
    // Following links: /boot/grub/menu.lst is often one that dangles.
    if (!guest.is_file(candidate)) continue;
    if (legacy_name(lower_case(base_name(candidate))))
      return make_grub_legacy(guest, candidate, log);
    const bool from_esp = !esp.empty() && starts_with(candidate, esp + "/");
    return make_grub2(guest, from_esp ? follow_wrapper(guest, candidate, log) : candidate, log);
  }
  if (const auto other = other_bootloader(guest, esp); !other.empty())
    throw Error(Code::unsupported, "this guest boots with " + other + ", which v2v cannot convert",
                esp.empty() ? "/boot" : esp, "install GRUB 2 in the guest and convert it again");
  throw Error(Code::unsupported, "no bootloader configuration found in the guest",
              esp.empty() ? "/boot" : "/boot, " + esp,
              "GRUB 2 and GRUB legacy are supported; if /boot is a file system of its own, check "
              "that the guest's /etc/fstab mounts it");
}

}  // namespace v2v::linux
