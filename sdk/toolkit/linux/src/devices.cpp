// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The files that name disks: fstab(5), crypttab(5), the bootloader's; and caches that would lie.
#include <v2v/linux/devices.hpp>
#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <set>

namespace v2v::linux {
namespace {

using Kind = DeviceMap::Lookup::Kind;

std::string renamed(const DeviceMap &map, const std::string &device, const std::string &file,
                    const Log &log) {
  const auto found = map.find(device);
  if (found.kind == Kind::unknown)
    log.warning(fmt::format("{} names {}, which is none of the source's disks; it stays as it is",
                            file, device));
  return found.kind == Kind::known ? found.name : device;
}

/// Renames the word with this index in every line that is not a comment.
LineEdit rename_word(std::size_t index, const DeviceMap &map, const std::string &file,
                     const Log &log) {
  return [index, &map, file, &log](std::string &line) {
    const auto parts = words(line);
    if (parts.size() > index && parts[0].front() != '#')
      line = replace_piece(line, parts[index], renamed(map, std::string(parts[index]), file, log));
    return true;
  };
}

/// Devices that a file system needs besides its own: parts of a btrfs, outside journals.
std::string rename_in_options(std::string_view options, const DeviceMap &map) {
  std::string result;
  for (;;) {
    const auto option = options.substr(0, options.find(','));
    const auto value = std::min(option.find('=') + 1, option.size());
    const auto keys = {"device=", "logdev=", "rtdev=", "journal_path="};
    const bool device = std::find(keys.begin(), keys.end(), option.substr(0, value)) != keys.end();
    result += option.substr(0, value);
    result += device ? map.rename(std::string(option.substr(value))) : option.substr(value);
    if (option.size() == options.size()) return result;
    result += ',';
    options.remove_prefix(option.size() + 1);
  }
}

void rename_in_fstab(EditBuffer &buffer, const DeviceMap &map, const Log &log) {
  const auto rename_source = rename_word(0, map, "/etc/fstab", log);
  buffer.edit("/etc/fstab", [&](std::string &line) {
    const auto parts = words(line);
    if (parts.size() > 3 && parts[0].front() != '#')
      line = replace_piece(line, parts[3], rename_in_options(parts[3], map));
    return rename_source(line);
  });
}

/// What fstab says can also be said in units.
void rename_in_mount_units(Guest &guest, EditBuffer &buffer, const DeviceMap &map) {
  const std::string directory = "/etc/systemd/system";
  for (const auto &name : guest.list(directory)) {
    if (!ends_with(name, ".mount")) continue;
    buffer.edit(join_path(directory, name), [&](std::string &line) {
      if (const auto device = shell_value(line, "What"))
        line = replace_piece(line, *device, map.rename(std::string(*device)));
      return true;
    });
  }
}

/// Debian remembers where to install GRUB when its package is updated. A disk that is not there
/// makes that update fail, weeks after the conversion.
void rename_grub_install_devices(EditBuffer &buffer, const DeviceMap &map) {
  bool inside = false;
  buffer.edit("/var/cache/debconf/config.dat", [&](std::string &line) {
    if (starts_with(line, "Name: ")) inside = line == "Name: grub-pc/install_devices";
    if (!inside || !starts_with(line, "Value: ")) return true;
    std::string devices;
    std::set<std::string> seen;  // two names of one disk become one
    for (auto device : words(line)) {
      if (device == "Value:") continue;
      if (ends_with(device, ",")) device.remove_suffix(1);
      const auto name = map.rename(std::string(device));
      if (seen.insert(name).second) devices += (devices.empty() ? "" : ", ") + name;
    }
    line = "Value: " + devices;
    return true;
  });
}

constexpr char kLvmConfig[] = "/etc/lvm/lvm.conf";
const std::initializer_list<const char *> kMdadmConfigs{"/etc/mdadm/mdadm.conf", "/etc/mdadm.conf"};

/// Patterns over /dev/disk/by-id and by-path, which name the old hardware in ways that cannot be
/// turned into a new name.
void warn_about_links(EditBuffer &buffer, const std::string &file, const Log &log) {
  const auto *content = buffer.content(file);
  if (!content) return;
  for (const auto line : lines(*content)) {
    const auto text = trimmed(line);
    const bool names_hardware = text.find("/by-id/") != std::string_view::npos ||
                                text.find("/by-path/") != std::string_view::npos;
    if (names_hardware && text.front() != '#')
      log.warning(
          fmt::format("{} names disks by the old hardware; it stays as it is, check this "
                      "line: {}",
                      file, text));
  }
}

void rename_in_filters(EditBuffer &buffer, const DeviceMap &map, const Log &log) {
  if (const auto *text = buffer.content(kLvmConfig))
    buffer.replace(kLvmConfig, rewrite_lvm_filters(*text, map));
  warn_about_links(buffer, kLvmConfig, log);
  for (const char *file : kMdadmConfigs) {
    if (const auto *text = buffer.content(file)) buffer.replace(file, rewrite_mdadm(*text, map));
    warn_about_links(buffer, file, log);
  }
}

void remove_caches(Guest &guest, const Log &log) {
  for (const char *path : {"/etc/blkid/blkid.tab", "/etc/blkid.tab", "/etc/lvm/cache/.cache",
                           "/etc/lvm/devices/system.devices"})
    if (guest.is_file(path)) {
      guest.remove(path);
      log.change(path, "removed", "it remembers disks by the names that they had");
    }
}

}  // namespace

std::string rewrite_crypttab(std::string_view text, const DeviceMap &map,
                             const UuidResolver &resolve, const Log &log) {
  return edit_lines(text, [&](std::string &line) {
    const auto parts = words(line);
    if (parts.size() < 2 || parts[0].front() == '#') return true;
    const std::string device(parts[1]);
    const auto found = map.find(device);
    if (found.kind == Kind::other || found.name == device) return true;
    std::string name = renamed(map, device, "crypttab", log);
    if (found.kind == Kind::known && resolve) {
      // A UUID needs no renaming ever again, unless the key is random: then the device gets a new
      // header on every boot and has none that could be found.
      const bool random =
          parts.size() > 2 && starts_with(parts[2], "/dev/") && ends_with(parts[2], "random");
      const auto uuid = random ? std::nullopt : resolve(found.appliance);
      if (uuid && !uuid->empty())
        name = "UUID=" + *uuid;
      else if (!random)
        log.warning(fmt::format("crypttab: {} has no UUID, so it is called {}", device, name));
    }
    line = replace_piece(line, parts[1], name);
    return true;
  });
}

std::string rewrite_resume(std::string_view text, const DeviceMap &map) {
  return edit_lines(text, [&](std::string &line) {
    for (const char *name : {"RESUME", "ROOT"})
      if (const auto value = shell_value(line, name)) {
        line = replace_piece(line, *value, map.rename(std::string(*value)));
        break;
      }
    return true;
  });
}

std::string rewrite_lvm_filters(std::string_view text, const DeviceMap &map) {
  bool inside = false;  // a list may go on over several lines
  return edit_lines(text, [&](std::string &line) {
    const auto code = trimmed(line);
    if (starts_with(code, "#")) return true;
    const bool begins = starts_with(code, "filter") || starts_with(code, "global_filter");
    if (begins) inside = code.find('[') != std::string_view::npos;
    const bool ends = ends_with(code, "]");
    if (begins || inside) line = map.rename_in(line);
    if (ends) inside = false;
    return true;
  });
}

std::string rewrite_mdadm(std::string_view text, const DeviceMap &map) {
  return edit_lines(text, [&](std::string &line) {
    if (starts_with(trimmed(line), "#")) return true;
    // From the end, so that what is before stays where it is.
    for (std::size_t left = words(line).size(); left > 0; --left) {
      const auto word = words(line)[left - 1];
      if (word.find("/dev/") != std::string_view::npos)
        line = replace_piece(line, word, map.rename_in(word));
    }
    return true;
  });
}

std::vector<std::string> rename_devices(Guest &guest, Bootloader &bootloader, const DeviceMap &map,
                                        const UuidResolver &resolve, const Log &log) {
  const std::string reason = "disks have other names on the new machine";
  EditBuffer buffer(guest, log, reason);
  rename_in_fstab(buffer, map, log);
  rename_in_mount_units(guest, buffer, map);
  if (const auto *text = buffer.content("/etc/crypttab"))
    buffer.replace("/etc/crypttab", rewrite_crypttab(*text, map, resolve, log));

  std::vector<std::string> resume{"/etc/initramfs-tools/initramfs.conf"};
  for (const auto &name : guest.list("/etc/initramfs-tools/conf.d"))
    resume.push_back("/etc/initramfs-tools/conf.d/" + name);
  for (const auto &path : resume)
    if (const auto *text = buffer.content(path)) buffer.replace(path, rewrite_resume(*text, map));

  const auto beside = join_path(parent_path(bootloader.config_path()), "device.map");
  for (const auto &path : std::set<std::string>{beside, "/boot/grub/device.map"})
    buffer.edit(path, rename_word(1, map, path, log));

  rename_grub_install_devices(buffer, map);
  rename_in_filters(buffer, map, log);

  bootloader.because(reason);
  bootloader.edit_arguments(
      [map](const std::string &arguments) { return map.rewrite_arguments(arguments); });
  remove_caches(guest, log);
  return buffer.save();
}

}  // namespace v2v::linux
