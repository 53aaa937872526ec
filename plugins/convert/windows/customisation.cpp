// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "customisation.hpp"

#include "delivery.hpp"
#include "guest_hive.hpp"

#include <v2v/customise/operations.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/windows/computer_name.hpp>
#include <v2v/windows/identity.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace v2v::convert_windows {
namespace {

bool one_of(const std::string &kind, std::initializer_list<const char *> kinds) {
  return std::any_of(kinds.begin(), kinds.end(), [&](const char *one) { return kind == one; });
}

std::string extension_of(const std::string &script) {
  return text::lower(std::filesystem::path(script).extension().string());
}

std::string system_hive(GuestFiles &files) {
  const auto path = find_system_hive(files);
  if (!path) throw Error(Code::not_found, "this Windows has no registry", "--hostname");
  return *path;
}

}  // namespace

void check_operation(const Operation &operation, const Inspection &inspection) {
  const auto &kind = operation.kind;
  const auto refuse = [&](const char *why, const char *remedy) {
    throw customise::refusal(operation, why, remedy);
  };
  constexpr const char *at_first_boot =
      "let Windows do it, with --firstboot or --firstboot-command";
  if (one_of(kind, {"run", "run-command"}))
    refuse("programs of Windows do not run in the appliance", at_first_boot);
  if (one_of(kind, {"install", "uninstall", "update", "firstboot-install"}))
    refuse("Windows has no package manager", at_first_boot);
  if (one_of(kind, {"password", "ssh-inject", "timezone"}))
    refuse("this cannot be set in a Windows that does not run", at_first_boot);
  if (one_of(kind, {"chmod", "chown", "link"}))
    refuse("Windows has other owners, permissions and links than Linux", at_first_boot);
  if (kind == "hostname") windows::check_computer_name(operation.arguments[0]);
  if (!one_of(kind, {"firstboot", "firstboot-command"})) return;
  if (inspection.arch != "x86_64" && inspection.arch != "i386")
    refuse("v2v has no service for the first boot of a Windows on this processor",
           "run the script by hand");
  const auto extension = extension_of(operation.arguments[0]);
  if (kind == "firstboot" && !one_of(extension, {".bat", ".cmd", ".ps1", ""}))
    refuse("Windows runs no script of this kind", "give a script whose name ends in .bat or .ps1");
}

void check_domain(GuestFiles &files, const std::string &directory) {
  const auto copy = directory + "/SYSTEM.seen";
  files.download(system_hive(files), copy);
  const windows::Hive system(copy, "SYSTEM", windows::Hive::Access::read);
  if (windows::is_domain_member(system, windows::current_control_set(system)))
    throw Error(Code::unsupported,
                "this Windows is a member of a domain, which would not know it by another name",
                "--hostname", "rename it when it runs: Rename-Computer -DomainCredential");
}

void Customisation::apply(const Operation &operation) {
  const auto &kind = operation.kind;
  if (kind == "hostname")
    rename(operation.arguments[0]);
  else if (kind == "firstboot")
    add_script(operation.arguments[0]);
  else if (kind == "firstboot-command")
    first_boot_.add_script(operation.arguments[0], {operation.arguments[0]});
  else
    operations_.apply(operation);
}

/// One without an ending is a batch file, as virt-v2v takes all of them.
void Customisation::add_script(const std::string &local) {
  std::ifstream file(local, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error(Code::access, "the file cannot be read", local, "check its permissions");
  const auto extension = extension_of(local);
  first_boot_.add_script_text(std::filesystem::path(local).stem().string(), content,
                              extension.empty() ? ".bat" : extension);
}

void Customisation::rename(const std::string &name) {
  std::filesystem::create_directories(directory_);
  GuestHive hive(files_, "SYSTEM", system_hive(files_), directory_);
  const auto control_set = windows::current_control_set(hive.hive());
  windows::set_computer_name(hive.hive(), control_set, name);
  hive.finish(windows::computer_name_keys(control_set));
  hive.upload();
  std::filesystem::remove_all(directory_);
}

void Customisation::finish() {
  const auto &scripts = first_boot_.scripts();
  if (scripts.size() == delivered_) return;
  std::filesystem::create_directories(directory_);
  Delivery delivery(directory_ + "/scripts.tar");
  const auto top = files_.place(windows::FirstBoot::directory).path;
  if (!files_.find(top + "/scripts")) delivery.add_directory(top + "/scripts");
  for (auto i = delivered_; i < scripts.size(); ++i)
    delivery.add(top + "/" + scripts[i].path, scripts[i].content);
  files_.unpack(delivery.finish());
  delivered_ = scripts.size();
}

}  // namespace v2v::convert_windows
