// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/linux/customisation.hpp>

#include <v2v/customise/operations.hpp>
#include <v2v/linux/settings.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace v2v::linux {
namespace {

bool one_of(const std::string &kind, std::initializer_list<const char *> kinds) {
  return std::any_of(kinds.begin(), kinds.end(), [&](const char *one) { return kind == one; });
}

std::string read_local(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error(Code::access, "the file cannot be read", path, "check its permissions");
  return content;
}

/// Names of packages as words of a shell; whoever wrote them may have meant `*` for the package manager.
std::string shell_words(const std::vector<std::string> &words) {
  std::string text;
  for (const auto &word : words) text += (text.empty() ? "'" : " '") + word + "'";
  return text;
}

void check_package_names(const Operation &operation) {
  static constexpr const char *letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-._:~@/*=^<>()%";
  for (const auto &name : operation.arguments)
    if (name.empty() || name.front() == '-' || name.find_first_not_of(letters) != std::string::npos)
      throw Error(Code::usage, "that is no name of a package: " + name, "--" + operation.kind,
                  "give names as the guest's package manager has them, with commas between");
}

/// A name for a step of the first boot, made of a file's name or of a command.
std::string step_name(unsigned number, const std::string &what) {
  std::string name;
  for (const char c : what.substr(0, 40)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += plain ? c : '-';
  }
  return fmt::format("user-{}-{}", number, name);
}

}  // namespace

void Customisation::check(Guest &guest, const Family &family, const Inspection &inspection,
                          const Operation &operation) {
  const auto &kind = operation.kind;
  const bool packages = one_of(kind, {"install", "uninstall", "update"});
  const bool runs = packages || one_of(kind, {"run", "run-command"});
  if (runs && !GuestCommands::can_run(inspection.arch))
    throw customise::refusal(
        operation,
        fmt::format("programs of this guest, which is of {}, do not run on this machine",
                    inspection.arch),
        "let the guest do it itself, with --firstboot, --firstboot-command or --firstboot-install");
  if (one_of(kind, {"install", "uninstall", "firstboot-install"})) check_package_names(operation);
  const bool known =
      one_of(kind, {"install", "firstboot-install"})
          ? family.installation(inspection, "package").has_value()
          : !one_of(kind, {"uninstall", "update"}) || family.package_change(inspection).has_value();
  if (!known)
    throw customise::refusal(operation,
                             fmt::format("there is no rule for the guest's package manager \"{}\"",
                                         inspection.package_management),
                             "say it in the package manager's own words, with --run-command");
  if (kind == "timezone") check_timezone(guest, operation.arguments[0]);
}

void Customisation::apply(const Operation &operation) {
  const auto &kind = operation.kind;
  const auto &all = operation.arguments;
  if (kind == "hostname") {
    set_hostname(guest_, all[0], log_);
  } else if (kind == "timezone") {
    set_timezone(guest_, all[0], log_);
  } else if (kind == "password") {
    passwords_.push_back({all[0],
                          all[1] == "random"     ? NewPassword::How::random
                          : all[1] == "disabled" ? NewPassword::How::disabled
                                                 : NewPassword::How::text,
                          all[2], all[3] == "locked", all[4]});
  } else if (kind == "ssh-inject") {
    add_ssh_keys(guest_, all[0], all[1]);
  } else if (kind == "run") {
    commands_.run_script(read_local(all[0]), "--run " + all[0]);
  } else if (kind == "run-command") {
    commands_.run(all[0], "--run-command " + all[0]);
  } else if (one_of(kind, {"install", "uninstall", "update"})) {
    change_packages(operation);
  } else {
    add_first_boot(operation);
  }
}

void Customisation::change_packages(const Operation &operation) {
  const auto words = shell_words(operation.arguments);
  const auto option = fmt::format("--{} {}", operation.kind, words);
  if (operation.kind == "install") {
    const auto how = task_.family.installation(task_.inspection, words).value();
    return commands_.run(fmt::format("{{ {}; }} && {}", how.download, how.install), option);
  }
  const auto how = task_.family.package_change(task_.inspection).value();
  if (operation.kind == "update") return commands_.run(how.update, "--update");
  commands_.run(how.uninstall + " " + words, option);
}

void Customisation::add_first_boot(const Operation &operation) {
  const auto &all = operation.arguments;
  const auto number = ++first_boot_steps_;
  if (operation.kind == "firstboot-install")
    task_.first_boot.add_packages(step_name(number, "install"), task_.family, task_.inspection,
                                  shell_words(all));
  else if (operation.kind == "firstboot")
    task_.first_boot.add_script(
        step_name(number, std::filesystem::path(all[0]).filename().string()), read_local(all[0]));
  else
    task_.first_boot.add_script(step_name(number, all[0]), "#!/bin/sh\n" + all[0] + "\n");
}

void Customisation::finish(bool keep_log) {
  if (!passwords_.empty()) set_passwords(guest_, task_.inspection, passwords_, log_);
  if (first_boot_steps_ != 0) task_.first_boot.install();
  if (keep_log) commands_.leave_log();
}

}  // namespace v2v::linux
