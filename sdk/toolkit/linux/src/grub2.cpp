// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// GRUB 2, without asking the guest's tools: the menu is read from grub.cfg and from the files that its
// command blscfg reads, the default is set where it is written down: grubenv (GRUB manual, "The GRUB
// environment block") if GRUB is told to use the saved entry, otherwise GRUB_DEFAULT and the same value
// in grub.cfg.
#include "bls.hpp"
#include "grub2_menu.hpp"

#include <v2v/linux/bootloader.hpp>
#include <v2v/linux/guest_path.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::linux {
namespace {

constexpr char kDefaults[] = "/etc/default/grub";
constexpr char kDefaultsDirectory[] = "/etc/default/grub.d";
// What kernel-install gives the next kernel's entry.
constexpr char kNextArguments[] = "/etc/kernel/cmdline";
// RHEL 8 keeps all kernels' arguments in a variable of this name.
constexpr char kSharedArguments[] = "kernelopts";
constexpr char kEnvironmentHead[] = "# GRUB Environment Block\n";

/// A GRUB environment block of the same size with one variable set; nothing if it does not fit.
std::optional<std::string> with_variable(const std::string &block, const std::string &name,
                                         const std::string &value) {
  std::string result = kEnvironmentHead;
  for (const auto line : lines(block))
    if (!line.empty() && line.front() != '#' && !starts_with(line, name + "="))
      result += std::string(line) + "\n";
  result += name + "=" + value + "\n";
  if (result.size() > block.size()) return std::nullopt;
  result.resize(block.size(), '#');
  return result;
}

/// The value in a GRUB environment block, where everything up to the end of the line counts; empty if
/// it is not set.
std::string block_variable(const std::string &block, const std::string &name) {
  for (const auto line : lines(block))
    if (starts_with(line, name + "=")) return std::string(line.substr(name.size() + 1));
  return {};
}

class Grub2 : public Bootloader {
 public:
  Grub2(Guest &guest, std::string config, const Log &log)
      : Bootloader(guest, std::move(config), log) {
    parse();
  }

  std::string name() const override { return "GRUB 2"; }
  std::vector<std::string> kernels() override;
  void set_default(const std::string &vmlinuz) override { wanted_default_ = vmlinuz; }
  void edit_arguments(ArgumentsEdit edit) override;
  std::string default_arguments() override;
  std::vector<std::string> update() override;

 private:
  void parse();
  void parse_bls();
  std::string environment_file() const { return join_path(parent_path(config_), "grubenv"); }
  std::string variable(const std::string &name);
  void set_variable(const std::string &name, const std::string &value);
  const MenuEntry *default_entry();
  std::vector<std::string> installed_kernels();
  std::vector<std::string> default_files();
  void edit_generated(const ArgumentsEdit &edit);
  void edit_bls(const ArgumentsEdit &edit);
  bool regenerate();
  void write_default(const std::string &value);

  Menu menu_;
  std::vector<std::string> bls_files_;  // what the menu is read from beside grub.cfg
  std::vector<ArgumentsEdit> edits_;
  std::string wanted_default_;
};

void Grub2::parse() {
  const auto *content = buffer_.content(config_);
  menu_ = parse_grub2_menu(content ? *content : std::string());
  if (content && reads_bls(*content)) parse_bls();
}

void Grub2::parse_bls() {
  bls_files_.clear();
  std::vector<std::string> ids;
  for (const auto &name : guest_.list(bls_directory))
    if (ends_with(name, ".conf")) ids.push_back(name.substr(0, name.size() - 5));
  // The newest first.
  std::sort(ids.begin(), ids.end(),
            [](const auto &a, const auto &b) { return natural_less(b, a); });
  std::vector<MenuEntry> entries;
  for (const auto &id : ids) {
    const auto path = join_path(bls_directory, id + ".conf");
    const auto *text = buffer_.content(path);
    if (!text) continue;
    bls_files_.push_back(path);
    entries.push_back(parse_bls_entry(id, *text));
  }
  menu_.entries.insert(menu_.entries.begin(), entries.begin(), entries.end());
}

/// A variable of GRUB's environment block; empty if it is not set.
std::string Grub2::variable(const std::string &name) {
  const auto *block = buffer_.content(environment_file());
  return block ? block_variable(*block, name) : "";
}

void Grub2::set_variable(const std::string &name, const std::string &value) {
  const auto *block = buffer_.content(environment_file());
  const auto empty = kEnvironmentHead + std::string(1024, '#');
  if (const auto changed = with_variable(block ? *block : empty.substr(0, 1024), name, value))
    buffer_.replace(environment_file(), *changed);
}

const MenuEntry *Grub2::default_entry() {
  std::string value = menu_.default_value;
  if (value.find("saved_entry") != std::string::npos) value = variable("saved_entry");
  if (value.empty()) value = "0";
  const MenuEntry *entry = find_menu_entry(menu_, value);
  if (entry && !entry->kernel.empty()) return entry;
  const auto all = kernel_entries(menu_);
  return all.empty() ? nullptr : all.front();
}

std::vector<std::string> Grub2::installed_kernels() {
  std::vector<std::string> found;
  for (const auto &name : boot_names()) {
    if (!starts_with(name, "vmlinuz-") && !starts_with(name, "vmlinux-") &&
        !starts_with(name, "kernel-"))
      continue;
    const auto leftovers = {".dpkg-old", ".dpkg-new", ".rpmsave", ".rpmnew", ".old"};
    if (std::none_of(leftovers.begin(), leftovers.end(),
                     [&](const char *suffix) { return ends_with(name, suffix); }))
      found.push_back("/boot/" + name);
  }
  std::sort(found.begin(), found.end(),
            [](const auto &a, const auto &b) { return natural_less(b, a); });
  return found;
}

std::vector<std::string> Grub2::kernels() {
  std::vector<std::string> found;
  const auto add = [&](const std::string &path) {
    if (!path.empty() && std::find(found.begin(), found.end(), path) == found.end())
      found.push_back(path);
  };
  if (const auto *entry = default_entry()) add(kernel_path(entry->kernel));
  for (const auto *entry : kernel_entries(menu_)) add(kernel_path(entry->kernel));
  // Without a file of its own no kernel gets into such a menu.
  if (bls_files_.empty())
    for (const auto &path : installed_kernels()) add(path);
  return found;
}

std::string Grub2::default_arguments() {
  const auto *entry = default_entry();
  if (!entry) return {};
  std::string arguments;
  for (const auto word : words(entry->arguments)) {
    const bool is_variable = starts_with(word, "$");
    const auto text = is_variable ? variable(std::string(word.substr(1))) : std::string(word);
    if (!text.empty()) arguments += (arguments.empty() ? "" : " ") + text;
  }
  return arguments;
}

std::vector<std::string> Grub2::default_files() {
  std::vector<std::string> files{kDefaults};
  for (const auto &name : guest_.list(kDefaultsDirectory))
    if (ends_with(name, ".cfg")) files.push_back(std::string(kDefaultsDirectory) + "/" + name);
  return files;
}

void Grub2::edit_arguments(ArgumentsEdit edit) {
  for (const auto &file : default_files())
    buffer_.edit(file, [&](std::string &line) {
      for (const char *name : {"GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"})
        if (const auto value = shell_value(line, name)) {
          line = replace_piece(line, *value, edit(std::string(*value)));
          break;
        }
      return true;
    });
  edit_generated(edit);
  edits_.push_back(std::move(edit));
}

void Grub2::edit_generated(const ArgumentsEdit &edit) {
  const bool changed = buffer_.edit(config_, [&](std::string &line) {
    if (const auto arguments = kernel_arguments(line))
      line = replace_piece(line, *arguments, edit(std::string(*arguments)));
    return true;
  });
  edit_bls(edit);
  if (changed || !bls_files_.empty()) parse();
}

void Grub2::edit_bls(const ArgumentsEdit &edit) {
  if (bls_files_.empty()) return;
  for (const auto &file : bls_files_)
    buffer_.edit(file, [&](std::string &line) {
      if (const auto options = bls_options(line))
        line = replace_piece(line, *options, edit(std::string(*options)));
      return true;
    });
  buffer_.edit(kNextArguments, [&](std::string &line) {
    line = edit(line);
    return true;
  });
  // Without an environment block grub.cfg has the variable itself.
  buffer_.edit(config_, [&](std::string &line) {
    const auto text = trimmed(line);
    if (!starts_with(text, "set ")) return true;
    if (const auto value = shell_value(text.substr(4), kSharedArguments))
      line = replace_piece(line, *value, edit(std::string(*value)));
    return true;
  });
  if (const auto shared = variable(kSharedArguments); !shared.empty())
    if (const auto changed = edit(shared); changed != shared)
      set_variable(kSharedArguments, changed);
}

bool Grub2::regenerate() {
  std::string program;
  for (const char *path : {"/usr/sbin/grub-mkconfig", "/usr/sbin/grub2-mkconfig",
                           "/sbin/grub2-mkconfig", "/sbin/grub-mkconfig"})
    if (program.empty() && guest_.is_file(path)) program = path;
  if (program.empty()) return false;
  buffer_.save();
  // os-prober leaves device-mapper devices behind that keep the guest's disks busy.
  const auto result =
      guest_.run({"/bin/sh", "-c",
                  "\"$1\" -o \"$2\"; status=$?; rm -f /dev/mapper/osprober-linux-*; exit $status",
                  "sh", program, config_});
  buffer_.forget(config_);
  if (result.status == 0)
    log_.change(config_, "written anew by " + program, default_reason);
  else
    log_.debug(result.output);
  // It wrote the names that disks have here.
  for (const auto &edit : edits_) edit_generated(edit);
  parse();
  return result.status == 0;
}

void Grub2::write_default(const std::string &value) {
  if (menu_.default_value.find("saved_entry") != std::string::npos) {
    set_variable("saved_entry", value);
    return;
  }
  // The last assignment counts, so all are changed.
  bool written = false;
  for (const auto &file : default_files())
    buffer_.edit(file, [&](std::string &line) {
      if (const auto old = shell_value(line, "GRUB_DEFAULT")) {
        const auto at = line.find("GRUB_DEFAULT=");
        line = line.substr(0, at) + "GRUB_DEFAULT=\"" + value + "\"";
        written = true;
      }
      return true;
    });
  if (const auto *defaults = buffer_.content(kDefaults); defaults && !written)
    buffer_.replace(kDefaults, *defaults +
                                   (ends_with(*defaults, "\n") || defaults->empty() ? "" : "\n") +
                                   "GRUB_DEFAULT=\"" + value + "\"\n");
  buffer_.edit(config_, [&](std::string &line) {
    if (const auto old = fixed_default(line)) line = replace_piece(line, *old, value);
    return true;
  });
}

std::vector<std::string> Grub2::update() {
  if (!wanted_default_.empty()) {
    because(default_reason);
    const auto value = [&] {
      return default_value_for(menu_, [&](const MenuEntry &entry) {
        return !entry.kernel.empty() && kernel_path(entry.kernel) == wanted_default_;
      });
    };
    auto found = value();
    // The next kernel that is installed would take the number.
    if (found == "0" && !bls_files_.empty()) found = menu_.entries.front().id;
    if (!found && bls_files_.empty() && regenerate()) found = value();
    if (found && found->find_first_of("\"$`\\\n") == std::string::npos)
      write_default(*found);
    else
      log_.warning(fmt::format(
          "{} has no menu entry for {}, so it is not the default kernel; choose it at the first "
          "boot and run update-grub",
          config_, wanted_default_));
    wanted_default_.clear();
  }
  auto written = buffer_.save();
  if (!written.empty()) parse();
  return written;
}

}  // namespace

std::unique_ptr<Bootloader> make_grub2(Guest &guest, std::string config, const Log &log) {
  return std::make_unique<Grub2>(guest, std::move(config), log);
}

}  // namespace v2v::linux
