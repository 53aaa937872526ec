// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/linux/settings.hpp>

#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

namespace v2v::linux {
namespace {

std::string short_name(const std::string &name) {
  return name.substr(0, name.find('.'));
}

/// hostname(5): the first line that is neither empty nor a comment.
std::string old_name(Guest &guest, const Log &log) {
  for (const char *path : {"/etc/hostname", "/etc/HOSTNAME"})
    if (const auto text = read_config(guest, path, log))
      for (const auto line : lines(*text))
        if (const auto name = trimmed(line); !name.empty() && name.front() != '#')
          return std::string(name);
  if (const auto text = read_config(guest, "/etc/sysconfig/network", log))
    return shell_variable(*text, "HOSTNAME").value_or("");
  return {};
}

/// Where the system reads its name: /etc/hostname since systemd, and in Debian always; before that SUSE
/// and Red Hat had files of their own.
void write_name(Guest &guest, const std::string &name, const Log &log) {
  const auto init = guest.link_target("/sbin/init");
  const bool systemd = init && init->find("systemd") != std::string::npos;
  constexpr const char *network = "/etc/sysconfig/network";
  if (systemd || guest.is_file("/etc/hostname")) return guest.write("/etc/hostname", name + "\n");
  if (guest.is_file("/etc/HOSTNAME")) return guest.write("/etc/HOSTNAME", name + "\n");
  if (!guest.is_file(network)) return guest.write("/etc/hostname", name + "\n");
  const auto text = read_config(guest, network, log).value_or("");
  auto changed = edit_lines(text, [](std::string &line) { return !shell_value(line, "HOSTNAME"); });
  if (!changed.empty() && changed.back() != '\n') changed += '\n';
  guest.write(network, changed + "HOSTNAME=" + name + "\n");
}

/// What an installer of Debian writes before it knows a name.
constexpr const char *unassigned = "unassigned-hostname";
constexpr const char *unassigned_full = "unassigned-hostname.unassigned-domain";

void rename_host(std::string &line, const std::string &before, const std::string &now) {
  if (const auto text = trimmed(line); text.empty() || text.front() == '#') return;
  // The first word is the address.
  const auto count = words(line).size();
  for (std::size_t i = 1; i < count; ++i) {
    const auto word = words(line)[i];
    if (word.front() == '#') return;
    if (word == before || (word == unassigned_full && short_name(now) != now))
      line = replace_piece(line, word, now);
    else if (word == unassigned || (!before.empty() && word == short_name(before)))
      line = replace_piece(line, word, short_name(now));
  }
}

/// Replaces what a shell assignment in this file says, if there is one.
void reassign(Guest &guest, const std::string &path, const std::string &variable,
              const std::string &value, const Log &log) {
  EditBuffer buffer(guest, log, "the conversion was asked for it");
  buffer.edit(path, [&](std::string &line) {
    if (const auto old = shell_value(line, variable)) line = replace_piece(line, *old, value);
    return true;
  });
  buffer.save();
}

std::string zone_file(const std::string &zone) {
  return "/usr/share/zoneinfo/" + zone;
}

}  // namespace

void set_hostname(Guest &guest, const std::string &name, const Log &log) {
  auto before = old_name(guest, log);
  if (short_name(before) == "localhost") before.clear();
  write_name(guest, name, log);
  reassign(guest, "/etc/machine-info", "PRETTY_HOSTNAME", name, log);
  EditBuffer buffer(guest, log, "the conversion was asked for it");
  buffer.edit("/etc/hosts", [&](std::string &line) {
    rename_host(line, before, name);
    return true;
  });
  buffer.save();
}

void check_timezone(Guest &guest, const std::string &zone) {
  if (!guest.is_file(zone_file(zone)))
    throw Error(Code::not_found, "the guest does not know this time zone", "--timezone " + zone,
                "give one like Europe/London");
}

void set_timezone(Guest &guest, const std::string &zone, const Log &log) {
  check_timezone(guest, zone);
  guest.symlink(zone_file(zone), "/etc/localtime");
  // Debian's name of the zone, Red Hat's of old, SUSE's of old.
  if (guest.is_file("/etc/timezone")) guest.write("/etc/timezone", zone + "\n");
  for (const char *variable : {"ZONE", "TIMEZONE"})
    reassign(guest, "/etc/sysconfig/clock", variable, zone, log);
}

}  // namespace v2v::linux
