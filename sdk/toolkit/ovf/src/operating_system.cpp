// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See operating_system.hpp. A table of rows, of which the first that fits wins; an empty or zero
// column fits everything.
#include <fmt/format.h>

#include <array>
#include <limits>
#include <string_view>
#include <v2v/ovf/operating_system.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::ovf {
namespace {

constexpr int any = -1;
constexpr int or_later = std::numeric_limits<int>::max();

struct Row {
  std::string_view distro;  ///< "rhel" stands for centos too
  std::string_view arch;    ///< "ppc64" stands for ppc64le too
  int from_major, to_major;
  int from_minor, to_minor;
  std::string_view name;
  unsigned id;
};

constexpr std::array linux_rows = {
    Row{"rhel", "i386", 4, 4, any, or_later, "RHEL4", 8},
    Row{"rhel", "i386", 5, 5, any, or_later, "RHEL5", 7},
    Row{"rhel", "i386", 6, 6, any, or_later, "RHEL6", 18},
    Row{"rhel", "x86_64", 4, 4, any, or_later, "RHEL4x64", 14},
    Row{"rhel", "x86_64", 5, 5, any, or_later, "RHEL5x64", 13},
    Row{"rhel", "x86_64", 6, 6, any, or_later, "RHEL6x64", 19},
    Row{"rhel", "x86_64", 7, 7, any, or_later, "rhel_7x64", 24},
    Row{"rhel", "ppc64", 6, 6, 9, or_later, "rhel_6_9_plus_ppc64", 1007},
    Row{"rhel", "ppc64", 6, 6, any, or_later, "rhel_6_ppc64", 1003},
    Row{"rhel", "ppc64", 7, 7, any, or_later, "rhel_7_ppc64", 1006},
    Row{"rhel", "s390x", 7, 7, any, or_later, "rhel_7_s390x", 2003},
    Row{"sles", "x86_64", 11, or_later, any, or_later, "sles_11", 1193},
    Row{"sles", "ppc64", 11, or_later, any, or_later, "sles_11_ppc64", 1004},
    Row{"sles", "s390x", 12, or_later, any, or_later, "sles_12_s390x", 2004},
    // oVirt knows one Debian, which stands for those that came later.
    Row{"debian", "", 7, or_later, any, or_later, "debian_7", 1300},
    Row{"ubuntu", "ppc64", 14, or_later, any, or_later, "ubuntu_14_04_ppc64", 1005},
    Row{"ubuntu", "s390x", 16, or_later, any, or_later, "ubuntu_16_04_s390x", 2005},
    Row{"ubuntu", "", 14, or_later, any, or_later, "ubuntu_14_04", 1256},
    Row{"ubuntu", "", 12, 12, 4, 4, "ubuntu_12_04", 1252},
    Row{"ubuntu", "", 12, 12, 10, 10, "ubuntu_12_10", 1253},
    Row{"ubuntu", "", 13, 13, 4, 4, "ubuntu_13_04", 1254},
    Row{"ubuntu", "", 13, 13, 10, 10, "ubuntu_13_10", 1255},
    Row{"", "ppc64", any, or_later, any, or_later, "other_linux_ppc64", 1002},
    Row{"", "s390x", any, or_later, any, or_later, "other_linux_s390x", 2002},
    Row{"", "", any, or_later, any, or_later, "OtherLinux", 5},
};

bool fits(const Row &row, const Inspection &guest) {
  const std::string_view distro =
      guest.distro == "centos" ? "rhel" : std::string_view(guest.distro);
  const std::string_view arch = guest.arch == "ppc64le" ? "ppc64" : std::string_view(guest.arch);
  return (row.distro.empty() || row.distro == distro) && (row.arch.empty() || row.arch == arch) &&
         guest.major_version >= row.from_major && guest.major_version <= row.to_major &&
         guest.minor_version >= row.from_minor && guest.minor_version <= row.to_minor;
}

OperatingSystem linux_system(const Inspection &guest) {
  for (const Row &row : linux_rows) {
    if (!fits(row, guest)) continue;
    OperatingSystem found{std::string(row.name), row.id};
    // These have a name in the manner of oVirt, which an engine of their time knows, and no number.
    const bool rhel = guest.distro == "rhel" || guest.distro == "centos";
    if (row.name == "OtherLinux" && rhel && guest.arch == "x86_64" && guest.major_version > 7)
      found.name = fmt::format("rhel_{}x64", guest.major_version);
    return found;
  }
  return {};
}

// ---- Windows ------------------------------------------------------------------------------------

struct WindowsRow {
  int major, minor;
  std::string_view arch;     ///< empty: any
  std::string_view variant;  ///< of the product; empty: any
  std::string_view name;
  unsigned id;
};

constexpr std::array windows_rows = {
    WindowsRow{5, 1, "", "", "WindowsXP", 1},
    WindowsRow{5, 2, "i386", "", "Windows2003", 3},
    WindowsRow{5, 2, "x86_64", "", "Windows2003x64", 10},
    WindowsRow{6, 0, "i386", "", "Windows2008", 4},
    WindowsRow{6, 0, "x86_64", "", "Windows2008x64", 16},
    WindowsRow{6, 1, "i386", "", "Windows7", 11},
    WindowsRow{6, 1, "x86_64", "Client", "Windows7x64", 12},
    WindowsRow{6, 1, "x86_64", "", "Windows2008R2x64", 17},
    WindowsRow{6, 2, "i386", "", "windows_8", 20},
    WindowsRow{6, 2, "x86_64", "Client", "windows_8x64", 21},
    WindowsRow{6, 2, "x86_64", "", "windows_2012x64", 23},
    // 8.1 has no name of its own.
    WindowsRow{6, 3, "i386", "Client", "windows_8", 20},
    WindowsRow{6, 3, "x86_64", "Client", "windows_8x64", 21},
    WindowsRow{6, 3, "x86_64", "", "windows_2012R2x64", 25},
    WindowsRow{10, 0, "i386", "", "windows_10", 26},
};

struct Windows10Row {
  std::string_view osinfo, name;
  unsigned id;
};

// All of them say that they are 10.0; libosinfo's id tells them apart. 2025 has no number yet and
// goes by that of 2022.
constexpr std::array windows_10_rows = {
    Windows10Row{"win10", "windows_10x64", 27},     Windows10Row{"win11", "windows_11", 36},
    Windows10Row{"win2k16", "windows_2016x64", 29}, Windows10Row{"win2k19", "windows_2019x64", 31},
    Windows10Row{"win2k22", "windows_2022", 37},    Windows10Row{"win2k25", "windows_2025", 37},
};

bool contains(const std::string &text, const char *word) {
  return text.find(word) != std::string::npos;
}

OperatingSystem windows_system(const Inspection &guest, const machine::Warn &warn) {
  if (guest.major_version == 10 && guest.minor_version == 0 && guest.arch == "x86_64") {
    const Windows10Row *found = nullptr;
    for (const auto &row : windows_10_rows)
      if (row.osinfo == guest.osinfo) found = &row;
    if ((!found || found->osinfo == "win2k25") && warn)
      warn(fmt::format("oVirt has no number for {} ({}) yet; it gets that of Windows Server 2022",
                       text::printable(guest.product_name), text::printable(guest.osinfo)));
    if (!found) found = &windows_10_rows.back();
    return {std::string(found->name), found->id};
  }
  if (guest.major_version == 5 && guest.minor_version == 2 && contains(guest.product_name, "XP"))
    return {"WindowsXP", 1};
  for (const auto &row : windows_rows)
    if (row.major == guest.major_version && row.minor == guest.minor_version &&
        (row.arch.empty() || row.arch == guest.arch) &&
        (row.variant.empty() || row.variant == guest.product_variant))
      return {std::string(row.name), row.id};
  return {};
}

}  // namespace

OperatingSystem operating_system(const Inspection &inspection, const machine::Warn &warn) {
  OperatingSystem system;
  if (inspection.type == "linux") system = linux_system(inspection);
  if (inspection.type == "windows") system = windows_system(inspection, warn);
  if (!system.name.empty()) return system;
  if (warn)
    warn(fmt::format("oVirt has no name for this operating system: {} {} {}.{} {} ({})",
                     text::printable(inspection.type), text::printable(inspection.distro),
                     inspection.major_version, inspection.minor_version,
                     text::printable(inspection.arch), text::printable(inspection.product_name)));
  return {"Unassigned", 0};
}

bool is_server(const Inspection &inspection) {
  const auto &product = inspection.product_name;
  const auto &variant = inspection.product_variant;
  const bool rhel = inspection.distro == "rhel" || inspection.distro == "centos";
  if (inspection.type == "linux" && rhel && inspection.major_version == 4)
    return contains(product, "ES") || contains(product, "AS");
  if (variant == "Server" || variant == "Server Core" || variant == "Embedded") return true;
  if (variant == "Client") return false;
  if (contains(product, "Server")) return true;
  return !contains(product, "Desktop");
}

}  // namespace v2v::ovf
