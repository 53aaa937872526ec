// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/windows_search.hpp>

#include <core/guest/guestfs.hpp>
#include <core/guest/lines.hpp>
#include <v2v/windows/identity.hpp>

#include <strings.h>

#include <array>

namespace v2v::core {
namespace {

/// Where Windows was ever installed by default; of Windows XP, boot.ini may name another directory.
std::optional<std::string> system_root(const std::vector<std::string> &names) {
  for (const char *known : {"windows", "winnt", "win32", "win", "reactos"})
    for (const auto &name : names)
      if (strcasecmp(name.c_str(), known) == 0) return "/" + name;
  return std::nullopt;
}

bool has(const std::vector<std::string> &names, const char *wanted) {
  for (const auto &name : names)
    if (strcasecmp(name.c_str(), wanted) == 0) return true;
  return false;
}

/// The path as the file system spells it; empty if there is no such file.
std::string spelling(guestfs_h *g, const std::string &path) {
  const auto real = take_text(guestfs_case_sensitive_path(g, path.c_str()));
  return !real.empty() && guestfs_is_file(g, real.c_str()) == 1 ? real : "";
}

/// The hive that libguestfs has open: one at a time.
class OpenHive {
 public:
  OpenHive(guestfs_h *g, const std::string &path)
      : g_(g), open_(guestfs_hivex_open(g, path.c_str(), -1) == 0) {}
  ~OpenHive() {
    if (open_) guestfs_hivex_close(g_);
  }
  OpenHive(const OpenHive &) = delete;
  OpenHive &operator=(const OpenHive &) = delete;

  /// 0 if there is none.
  std::int64_t find(std::initializer_list<const char *> path) const {
    std::int64_t key = open_ ? guestfs_hivex_root(g_) : 0;
    for (const char *name : path)
      if (key > 0) key = guestfs_hivex_node_get_child(g_, key, name);
    return key > 0 ? key : 0;
  }
  std::string text(std::int64_t key, const char *name) const {
    const auto value = guestfs_hivex_node_get_value(g_, key, name);
    return value > 0 ? take_text(guestfs_hivex_value_string(g_, value)) : "";
  }
  std::optional<std::uint32_t> number(std::int64_t key, const char *name) const {
    const auto value = guestfs_hivex_node_get_value(g_, key, name);
    if (value <= 0) return std::nullopt;
    std::size_t size = 0;
    char *bytes = guestfs_hivex_value_value(g_, value, &size);
    std::optional<std::uint32_t> number;
    if (bytes && size == 4) {
      number = 0;
      for (std::size_t i = size; i-- > 0;)
        number = *number << 8 | static_cast<unsigned char>(bytes[i]);
    }
    std::free(bytes);
    return number;
  }

 private:
  guestfs_h *g_;
  bool open_;
};

std::optional<WindowsVersion> read_version(guestfs_h *g, const std::string &software) {
  const OpenHive hive(g, software);
  const auto key = hive.find({"Microsoft", "Windows NT", "CurrentVersion"});
  if (!key) return std::nullopt;
  WindowsVersion version;
  version.product_name = hive.text(key, "ProductName");
  version.variant = hive.text(key, "InstallationType");
  version.build = hive.text(key, "CurrentBuildNumber");
  version.major = hive.number(key, "CurrentMajorVersionNumber");
  if (version.major)
    version.minor = hive.number(key, "CurrentMinorVersionNumber");
  else
    version.version = hive.text(key, "CurrentVersion");
  return version;
}

}  // namespace

WindowsSearch find_windows(guestfs_h *g) {
  const auto names = take_list(guestfs_ls(g, "/"));
  const auto root = system_root(names);
  if (!root) return {std::nullopt, has(names, "boot.ini")};
  const auto program = spelling(g, *root + "/System32/cmd.exe");
  if (program.empty()) return {std::nullopt, has(names, "boot.ini")};
  const auto software = spelling(g, *root + "/System32/config/SOFTWARE");
  const auto version = software.empty() ? std::nullopt : read_version(g, software);
  Inspection found;
  found.arch = take_text(guestfs_file_architecture(g, program.c_str()));
  if (!version || found.arch.empty() || !identify_windows(*version, found))
    return {std::nullopt, true};
  return {found, false};
}

bool identify_windows(const WindowsVersion &version, Inspection &inspection) {
  if (version.major) {
    inspection.major_version = static_cast<int>(*version.major);
    inspection.minor_version = static_cast<int>(version.minor.value_or(0));
  } else {
    const auto dot = version.version.find('.');
    if (dot == std::string::npos) return false;
    inspection.major_version = leading_number(version.version);
    inspection.minor_version = leading_number(std::string_view(version.version).substr(dot + 1));
  }
  inspection.type = inspection.distro = "windows";
  inspection.product_name = version.product_name;
  inspection.product_variant = version.variant;
  inspection.package_format = inspection.package_management = "unknown";
  inspection.osinfo = windows::osinfo_id(inspection.major_version, inspection.minor_version,
                                         version.variant, version.product_name,
                                         static_cast<unsigned>(leading_number(version.build)));
  return inspection.major_version > 0;
}

}  // namespace v2v::core
