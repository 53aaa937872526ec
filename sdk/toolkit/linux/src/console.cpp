// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See console.hpp.
#include <v2v/linux/console.hpp>
#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/text_edit.hpp>

#include <algorithm>
#include <cctype>

namespace v2v::linux {
namespace {

bool word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Where `name` stands as a word of its own.
std::size_t find_word(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !word_character(text[at - 1])) &&
        (end == text.size() || !word_character(text[end])))
      return at;
  }
  return std::string_view::npos;
}

bool rename_consoles(std::string &text) {
  bool changed = false;
  for (const char *name : {"hvc0", "xvc0"})
    for (auto at = find_word(text, name); at != std::string::npos; at = find_word(text, name)) {
      text.replace(at, 4, "ttyS0");
      changed = true;
    }
  return changed;
}

bool mentions(std::string_view text, std::initializer_list<const char *> names) {
  return std::any_of(names.begin(), names.end(), [&](const char *name) {
    return find_word(text, name) != std::string_view::npos;
  });
}

/// id:runlevels:action:process; the process.
std::string_view inittab_process(std::string_view line) {
  if (starts_with(trimmed(line), "#")) return {};
  std::size_t at = 0;
  for (int field = 0; field < 3; ++field) {
    at = line.find(':', at);
    if (at == std::string_view::npos) return {};
    ++at;
  }
  return line.substr(at);
}

const char *reason_for(bool keep) {
  return keep ? "KVM has no consoles of Xen" : "the target shows no serial console";
}

/// systemd would wait for the device for 90 s at every boot. Where the kernel's console is on ttyS0 it
/// starts a login there by itself, so a link for that does no harm.
void convert_login_services(Guest &guest, bool keep, const Log &log) {
  const std::string directory = "/etc/systemd/system/getty.target.wants";
  for (const auto &name : guest.list(directory)) {
    const bool xen = name == "serial-getty@hvc0.service" || name == "serial-getty@xvc0.service";
    if (!xen && (keep || name != "serial-getty@ttyS0.service")) continue;
    const auto path = join_path(directory, name);
    const auto target = guest.link_target(path);
    guest.remove(path);
    if (keep && target) guest.symlink(*target, directory + "/serial-getty@ttyS0.service");
    log.change(path, keep ? "is one for ttyS0 now" : "removed", reason_for(keep));
  }
}

std::string edit_kernel_arguments(const std::string &arguments, bool keep) {
  std::string result = arguments;
  for (const std::string name : {"console=hvc0", "console=xvc0"})
    for (auto at = find_word(result, name); at != std::string::npos; at = find_word(result, name)) {
      if (keep) {
        result.replace(at, name.size(), "console=ttyS0");
        continue;
      }
      const auto end = std::min(result.find_first_of(" \t", at), result.size());
      // One of the two blanks around it goes, too.
      const auto next = std::min(result.find_first_not_of(" \t", end), result.size());
      result.erase(at, next - at);
      if (at == result.size()) result.erase(result.find_last_not_of(" \t") + 1);
    }
  return result;
}

}  // namespace

void convert_console(Guest &guest, Bootloader &bootloader, bool keep, const Log &log) {
  EditBuffer buffer(guest, log, reason_for(keep));
  buffer.edit("/etc/inittab", [&](std::string &line) {
    const auto process = inittab_process(line);
    if (process.empty()) return true;
    if (!keep) return !mentions(process, {"hvc0", "xvc0", "ttyS0"});
    std::string edited(process);
    if (rename_consoles(edited)) line = replace_piece(line, process, edited);
    return true;
  });
  buffer.edit("/etc/securetty", [&](std::string &line) {
    const auto name = trimmed(line);
    if (name != "hvc0" && name != "xvc0") return true;
    line = "ttyS0";
    return keep;
  });
  buffer.save();
  convert_login_services(guest, keep, log);
  bootloader.because(reason_for(keep));
  bootloader.edit_arguments(
      [keep](const std::string &arguments) { return edit_kernel_arguments(arguments, keep); });
}

}  // namespace v2v::linux
