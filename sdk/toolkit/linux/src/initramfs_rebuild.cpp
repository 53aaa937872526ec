// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The guest's own tools for making an initramfs: their configuration, and running them. They run in
// the appliance, whose hardware is neither the old machine nor the new one; what they would
// conclude from it has to be overridden. See initramfs.hpp.
#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/initramfs.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace v2v::linux {
namespace {

constexpr const char *initramfs_tools = "/etc/initramfs-tools";
constexpr const char *for_rebuilds = "the guest's next initramfs is to have them, too";

std::string joined(const std::vector<std::string> &words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::vector<std::string> loadable(const Kernel &kernel, const std::vector<std::string> &modules) {
  std::vector<std::string> result;
  for (const auto &module : modules)
    if (kernel.has_module(module)) result.push_back(module);
  return result;
}

/// One module a line, options behind it, # begins a comment.
void keep_in_initramfs_tools(Guest &guest, const std::vector<std::string> &modules,
                             const Log &log) {
  const auto path = std::string(initramfs_tools) + "/modules";
  const auto text = guest.read_if_file(path).value_or("");
  std::set<std::string> listed;
  for (const auto line : lines(text)) {
    const auto parts = words(line.substr(0, line.find('#')));
    std::string module(parts.empty() ? std::string_view() : parts[0]);
    std::replace(module.begin(), module.end(), '-', '_');
    listed.insert(module);
  }
  std::string added;
  for (const auto &module : modules)
    if (!listed.count(module)) added += module + "\n";
  if (added.empty()) return;
  const bool open_line = !text.empty() && text.back() != '\n';
  guest.append(
      path, std::string(open_line ? "\n" : "") +
                "# Needed to boot on KVM; added when this machine was converted by v2v.\n" + added);
  std::replace(added.begin(), added.end(), '\n', ' ');
  log.change(path, added + "added", for_rebuilds);
}

void keep_in_dracut(Guest &guest, const std::vector<std::string> &modules,
                    const std::vector<std::string> &files, const Log &log) {
  const std::string path = "/etc/dracut.conf.d/v2v-virtio.conf";
  std::string text = "# Needed to boot on KVM; added when this machine was converted by v2v.\n";
  if (!modules.empty()) text += "add_drivers+=\" " + joined(modules) + " \"\n";
  if (!files.empty()) text += "install_items+=\" " + joined(files) + " \"\n";
  if (guest.read_if_file(path) == text) return;
  guest.write(path, text);
  log.change(
      path,
      joined(modules) + (modules.empty() || files.empty() ? "" : " ") + joined(files) + " added",
      for_rebuilds);
}

/// ALT's make-initrd; its file is one of make.
void keep_in_make_initrd(Guest &guest, const std::vector<std::string> &modules, const Log &log) {
  const std::string path = "/etc/initrd.mk", line = "MODULES_ADD += " + joined(modules) + "\n";
  const auto text = guest.read_if_file(path).value_or("");
  if (text.find(line) != std::string::npos) return;
  const bool open_line = !text.empty() && text.back() != '\n';
  guest.append(path, (open_line ? "\n" : "") + line);
  log.change(path, joined(modules) + " added", for_rebuilds);
}

/// Whether initramfs-tools would pick modules by looking at the machine it runs on.
bool picks_by_machine(Guest &guest) {
  std::vector<std::string> files{std::string(initramfs_tools) + "/initramfs.conf"};
  const auto directory = std::string(initramfs_tools) + "/conf.d";
  for (const auto &name : guest.list(directory)) files.push_back(join_path(directory, name));
  std::string how;  // the last one wins
  for (const auto &file : files)
    how = shell_variable(guest.read_if_file(file).value_or(""), "MODULES").value_or(how);
  return how == "dep";
}

/// Sets MODULES=most for as long as it lives.
class AllModules {
 public:
  explicit AllModules(Guest &guest) : guest_(guest) { guest_.write(path, "MODULES=most\n"); }
  ~AllModules() {
    try {
      guest_.remove(path);
    } catch (const Error &) {
      // The appliance is gone, and with it what was written.
    }
  }
  AllModules(const AllModules &) = delete;
  AllModules &operator=(const AllModules &) = delete;

 private:
  static constexpr const char *path = "/etc/initramfs-tools/conf.d/zz-v2v-modules";
  Guest &guest_;
};

/// Adds the option initramfs to every volume of crypttab: which of them is the root's cannot be
/// told in the appliance. The option is Debian's: crypttab(5) there.
std::string with_initramfs_option(const std::string &crypttab) {
  return edit_lines(crypttab, [](std::string &line) {
    const auto parts = words(line);  // target, device, key, options
    if (parts.size() < 2 || parts[0].front() == '#') return true;
    if (parts.size() < 4) {
      line = fmt::format("{}{} initramfs", line.substr(0, line.find_last_not_of(" \t") + 1),
                         parts.size() == 2 ? " none" : "");
    } else if (fmt::format(",{},", parts[3]).find(",initramfs,") == std::string::npos) {
      line = replace_piece(line, parts[3], std::string(parts[3]) + ",initramfs");
    }
    return true;
  });
}

void run_tool(Guest &guest, const Kernel &kernel, const std::vector<std::string> &argv) {
  const auto result = guest.run(argv);
  if (result.status == 0) return;
  const auto tail = result.output.substr(result.output.size() -
                                         std::min<std::size_t>(result.output.size(), 2000));
  throw Error(
      Code::io, fmt::format("{} failed with status {}: {}", argv.front(), result.status, tail),
      kernel.initrd, fmt::format("run `{}` in the guest and repair what it reports", joined(argv)));
}

void run_update_initramfs(Guest &guest, const Kernel &kernel, const Log &log) {
  if (const auto text = guest.read_if_file("/etc/crypttab")) {
    const auto changed = with_initramfs_option(*text);
    if (changed != *text) {
      guest.write("/etc/crypttab", changed);
      log.change("/etc/crypttab", "every volume has the option initramfs",
                 "the initramfs is made where it cannot be told which of them is the root's");
    }
  }
  std::optional<AllModules> all;
  if (picks_by_machine(guest)) all.emplace(guest);
  // -u would do nothing if the guest's configuration forbids updates, or if old versions find that
  // the initramfs is not the one they made; -c refuses an existing one there unless -t is given.
  run_tool(guest, kernel, {"update-initramfs", "-c", "-t", "-k", kernel.version});
}

/// Two programs of one name: SUSE's up to SLES 11, which has its parts in this directory, and Red Hat's
/// up to RHEL 5. Both load the modules in the order they are given; there, virtio has to come first.
void run_mkinitrd(Guest &guest, const Kernel &kernel, const std::vector<std::string> &modules,
                  const std::string &root_device) {
  std::vector<std::string> all{"virtio", "virtio_ring"};
  all.insert(all.end(), modules.begin(), modules.end());
  const auto wanted = loadable(kernel, all);
  if (guest.is_directory("/lib/mkinitrd"))
    return run_tool(guest, kernel,
                    {"/usr/bin/env", "rootdev=" + root_device, "mkinitrd", "-m", joined(wanted),
                     "-i", kernel.initrd, "-k", kernel.vmlinuz, "-d", root_device});
  std::vector<std::string> argv{"mkinitrd", "-f"};
  for (const auto &module : wanted) argv.push_back("--with=" + module);
  argv.insert(argv.end(), {kernel.initrd, kernel.version});
  run_tool(guest, kernel, argv);
}

bool has_program(Guest &guest, const std::string &name) {
  for (const char *directory : {"/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/"})
    if (guest.is_file(directory + name)) return true;
  return false;
}

}  // namespace

void keep_modules_in_rebuilds(Guest &guest, const Kernel &kernel,
                              const std::vector<std::string> &modules,
                              const std::vector<std::string> &files, const Log &log) {
  const auto kept = loadable(kernel, modules);
  if (!kept.empty() && guest.is_directory(initramfs_tools))
    keep_in_initramfs_tools(guest, kept, log);
  if (!(kept.empty() && files.empty()) && guest.is_directory("/etc/dracut.conf.d"))
    keep_in_dracut(guest, kept, files, log);
  if (!kept.empty() && guest.is_file("/etc/initrd.mk")) keep_in_make_initrd(guest, kept, log);
}

void rebuild_initramfs(Guest &guest, const Kernel &kernel, const std::vector<std::string> &modules,
                       const std::string &root_device, const Log &log) {
  const auto started = [&](const char *tool) {
    log.info(fmt::format("Rebuilding {} with {}", kernel.initrd, tool));
  };
  if (has_program(guest, "update-initramfs")) {
    started("update-initramfs");
    run_update_initramfs(guest, kernel, log);
  } else if (has_program(guest, "dracut")) {
    started("dracut");
    run_tool(guest, kernel,
             {"dracut", "--force", "--add-drivers", joined(loadable(kernel, modules)),
              kernel.initrd, kernel.version});
  } else if (has_program(guest, "make-initrd")) {
    started("make-initrd");
    run_tool(guest, kernel, {"make-initrd", "-k", kernel.version});
  } else if (has_program(guest, "mkinitramfs")) {
    started("mkinitramfs");
    const auto fresh = kernel.initrd + ".new";
    run_tool(guest, kernel, {"mkinitramfs", "-o", fresh, kernel.version});
    guest.rename(fresh, kernel.initrd);
  } else if (has_program(guest, "mkinitrd")) {
    started("mkinitrd");
    run_mkinitrd(guest, kernel, modules, root_device);
  } else {
    throw Error(
        Code::unsupported,
        "the guest has none of update-initramfs, dracut, make-initrd, mkinitramfs and mkinitrd",
        kernel.initrd, "install one of them in the guest and convert it again");
  }
}

}  // namespace v2v::linux
