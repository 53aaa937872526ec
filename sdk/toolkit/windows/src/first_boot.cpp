// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See first_boot.hpp. The formats of drivers.txt and network.txt are described where they are read:
// firstboot/drivers.c and firstboot/network.c.
#include <v2v/windows/first_boot.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::windows {
namespace {

constexpr char kServiceKey[] = "Services\\v2v-firstboot";
// The variable, because Windows need not be on C:.
constexpr char kImagePath[] =
    "\"%SystemDrive%\\Program Files\\Guestfs\\Firstboot\\v2v-firstboot.exe\" service";

constexpr std::size_t kNameAtMost = 60;
constexpr unsigned kNetworkPriority = 2500;

std::string file_name(const std::string &name) {
  std::string safe = name.substr(0, kNameAtMost);
  for (char &letter : safe) {
    const bool is_safe = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                         (letter >= '0' && letter <= '9') || letter == '_';
    if (!is_safe) letter = '-';
  }
  return safe;
}

std::string with_line_ends(const std::vector<std::string> &lines) {
  std::string text;
  for (const auto &line : lines) text += line + "\r\n";
  return text;
}

// The values come from the guest's registry or the command line.
std::string setting(const std::string &name, const std::string &value) {
  if (value.find_first_of(std::string("\r\n\0", 3)) != std::string::npos)
    throw Error(Code::usage, "a line break is part of a network setting", name,
                "give the setting in one line");
  return name + "=" + value + "\r\n";
}

std::string network_file(const std::vector<FirstBoot::Card> &cards) {
  std::string text;
  for (const auto &card : cards) {
    text += "[card]\r\n" + setting("mac", card.mac);
    for (const auto &address : card.addresses) text += setting("address", address);
    for (const auto &[address, metric] : card.gateways)
      text += setting("gateway", metric ? fmt::format("{} {}", address, metric) : address);
    for (const auto &server : card.dns) text += setting("dns", server);
    if (!card.suffix.empty()) text += setting("suffix", card.suffix);
    if (card.metric) text += setting("metric", std::to_string(card.metric));
    for (const auto &adapter : card.old_adapters) text += setting("old", adapter);
  }
  return text;
}

}  // namespace

void FirstBoot::add_script(const std::string &name, const std::vector<std::string> &lines,
                           unsigned priority) {
  add_script_text(name, with_line_ends(lines), ".bat", priority);
}

void FirstBoot::add_script_text(const std::string &name, const std::string &text,
                                const std::string &extension, unsigned priority) {
  std::string content;
  for (const char c : text) {
    if (c == '\n' && (content.empty() || content.back() != '\r')) content += '\r';
    content += c;
  }
  scripts_.push_back({fmt::format("scripts/{:04}-{:04}-{}{}", std::min(priority, 9999u),
                                  scripts_.size() + 1, file_name(name), extension),
                      content});
}

void FirstBoot::add_file(const std::string &name, std::string content) {
  files_.push_back({"files/" + name, std::move(content)});
}

void FirstBoot::set_drivers(const std::vector<Driver> &drivers) {
  drivers_.clear();
  for (const auto &driver : drivers)
    drivers_ += (driver.is_required ? "required " : "optional ") + driver.inf + "\r\n";
}

void FirstBoot::set_network(const std::vector<Card> &cards) {
  network_ = network_file(cards);
  add_script("network-configure",
             {"@echo off", R"("%~dp0..\v2v-firstboot.exe" network "%~dp0..\network.txt")"},
             kNetworkPriority);
}

void FirstBoot::set_disks_online() {
  add_script("online-disks", {"@echo off", R"("%~dp0..\v2v-firstboot.exe" online-disks)"});
}

void FirstBoot::install_guest_agent(const std::string &msi_name) {
  add_script("install-qemu-ga",
             {"@echo off", "set tries=0", ":again", "set /a tries+=1",
              fmt::format(R"(start /wait "" msiexec /i "%~dp0..\files\{}" /qn /norestart )"
                          R"(/l*v "%~dp0..\qemu-ga.log")",
                          msi_name),
              "set code=%errorlevel%", "if %code%==0 exit /b 0", "if %code%==3010 exit /b 3010",
              "if %code%==1641 exit /b 1641",
              "echo Attempt %tries%: msiexec ended with %code%; see qemu-ga.log",
              "if %tries% geq 5 exit /b %code%", "ping -n 61 127.0.0.1 >nul", "goto again"});
}

void FirstBoot::install_balloon_service(const std::string &program) {
  add_script("install-blnsvr", {"@echo off", fmt::format("\"{}\" -i", program)});
}

std::vector<FirstBoot::File> FirstBoot::files() const {
  std::vector<File> all = scripts_;
  all.insert(all.end(), files_.begin(), files_.end());
  if (!drivers_.empty()) all.push_back({"drivers.txt", drivers_});
  if (!network_.empty()) all.push_back({"network.txt", network_});
  return all;
}

void FirstBoot::register_service(Hive &system, const std::string &control_set) {
  const auto key = system.ensure(control_set + "\\" + kServiceKey);
  constexpr std::uint32_t own_process = 0x10, automatic = 2, log_errors = 1;
  system.set(key, "Type", Value::number(own_process));
  system.set(key, "Start", Value::number(automatic));
  system.set(key, "ErrorControl", Value::number(log_errors));
  system.set(key, "ImagePath", Value::text(kImagePath, ValueType::expandable));
  system.set(key, "DisplayName", Value::text("v2v first boot"));
  system.set(key, "ObjectName", Value::text("LocalSystem"));
  system.set(key, "Description",
             Value::text("Does once what the conversion to KVM left for the first boot, and then "
                         "removes itself."));
}

}  // namespace v2v::windows
