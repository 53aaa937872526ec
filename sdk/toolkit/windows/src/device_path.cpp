// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/device_path.hpp>

#include <v2v/text/characters.hpp>
#include <v2v/windows/utf16.hpp>

namespace v2v::windows {
namespace {

constexpr const char *directory = "%SystemRoot%\\Drivers\\VirtIO";

bool has_element(const std::string &list, const std::string &wanted) {
  for (std::size_t start = 0; start <= list.size();) {
    const auto end = list.find(';', start);
    if (text::lower(list.substr(start, end - start)) == text::lower(wanted)) return true;
    if (end == std::string::npos) break;
    start = end + 1;
  }
  return false;
}

}  // namespace

void add_driver_directory(Hive &software, const text::Log &log) {
  const auto key = software.find("Microsoft\\Windows\\CurrentVersion");
  if (!key) {
    log.warning(software.name() +
                ": the key Microsoft\\Windows\\CurrentVersion is missing, so Windows "
                "will not look for virtio drivers by itself");
    return;
  }
  const auto list = software.text(*key, "DevicePath");
  if (!list) return log.debug(software.name() + ": no DevicePath");
  if (has_element(*list, directory)) return;
  // On the bytes: what is there may be no proper UTF-16 and stays as it is.
  auto value = software.value(*key, "DevicePath").value();
  auto &bytes = value.data;
  bytes.resize(bytes.size() / 2 * 2);
  while (bytes.size() >= 2 && bytes[bytes.size() - 1] == 0 && bytes[bytes.size() - 2] == 0)
    bytes.resize(bytes.size() - 2);
  if (!bytes.empty()) bytes += to_utf16(";");
  bytes += Value::text(directory).data;
  software.set(*key, "DevicePath", value);
  log.change("SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\DevicePath",
             std::string(directory) + " added",
             "Windows looks there for the drivers of new devices");
}

}  // namespace v2v::windows
