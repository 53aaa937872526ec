// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/driver_choice.hpp>

#include <v2v/text/characters.hpp>

#include <algorithm>
#include <set>

namespace v2v::windows {
namespace {

struct Version {
  const char *folder;      ///< in small letters
  const char *old_folder;  ///< in the older layout; "" if it never had this version
  const char *osinfo;
  const char *name;
};

/// Oldest first. A folder can be for two systems that are one to a driver.
constexpr Version versions[] = {
    {"xp", "winxp", "winxp", "Windows XP"},
    {"2k3", "win2003", "win2k3", "Windows Server 2003"},
    {"2k3", "win2003", "win2k3r2", "Windows Server 2003 R2"},
    {"2k8", "vista", "winvista", "Windows Vista"},
    {"2k8", "win2008", "win2k8", "Windows Server 2008"},
    {"w7", "win7", "win7", "Windows 7"},
    {"2k8r2", "win2008r2", "win2k8r2", "Windows Server 2008 R2"},
    {"w8", "win8", "win8", "Windows 8"},
    {"2k12", "win2012", "win2k12", "Windows Server 2012"},
    {"w8.1", "win8.1", "win8.1", "Windows 8.1"},
    {"2k12r2", "win2012r2", "win2k12r2", "Windows Server 2012 R2"},
    {"w10", "win10", "win10", "Windows 10"},
    {"2k16", "win2016", "win2k16", "Windows Server 2016"},
    {"2k19", "", "win2k19", "Windows Server 2019"},
    {"w11", "", "win11", "Windows 11"},
    {"2k22", "", "win2k22", "Windows Server 2022"},
    {"2k25", "", "win2k25", "Windows Server 2025"},
};

/// The folders a file is in, in small letters.
std::set<std::string> folders(const std::string &path) {
  std::set<std::string> found;
  std::string::size_type start = 0;
  for (auto end = path.find('/'); end != std::string::npos; end = path.find('/', start)) {
    if (end > start) found.insert(text::lower(path.substr(start, end - start)));
    start = end + 1;
  }
  return found;
}

std::string base_name(const std::string &path) {
  return text::lower(path.substr(path.rfind('/') + 1));
}

std::string architecture(const std::set<std::string> &folders) {
  if (folders.count("x86") || folders.count("i386")) return "i386";
  return folders.count("amd64") ? "x86_64" : "";
}

bool unwanted(const std::string &path, const std::set<std::string> &folders) {
  const std::string symbols = ".pdb";
  const bool has_symbols = path.size() >= symbols.size() &&
                           path.compare(path.size() - symbols.size(), symbols.size(), symbols) == 0;
  return has_symbols || folders.count("sriov") || path.find("vioprot.") != std::string::npos;
}

using Folder = const char *Version::*;

std::vector<std::string> choose(const std::vector<std::string> &paths, const std::string &osinfo,
                                const std::string &arch, Folder folder) {
  std::vector<std::string> chosen;
  const auto version = std::find_if(std::begin(versions), std::end(versions),
                                    [&](const auto &known) { return known.osinfo == osinfo; });
  if (version == std::end(versions) || arch.empty()) return chosen;
  for (const auto &path : paths) {
    const auto in = folders(path);
    if (architecture(in) == arch && in.count((*version).*folder) && !unwanted(path, in))
      chosen.push_back(path);
  }
  return chosen;
}

}  // namespace

std::vector<std::string> choose_drivers(const std::vector<std::string> &paths,
                                        const std::string &osinfo, const std::string &arch) {
  const auto chosen = choose(paths, osinfo, arch, &Version::folder);
  return chosen.empty() ? choose(paths, osinfo, arch, &Version::old_folder) : chosen;
}

std::vector<std::string> choose_guest_agents(const std::vector<std::string> &paths,
                                             const std::string &arch) {
  // The last of each are the names of RHEV's.
  std::set<std::string> names;
  if (arch == "i386") names = {"qemu-ga-x86.msi", "qemu-ga-i386.msi", "rhev-qga.msi"};
  if (arch == "x86_64") names = {"qemu-ga-x64.msi", "qemu-ga-x86_64.msi", "rhev-qga64.msi"};
  std::vector<std::string> chosen;
  for (const auto &path : paths)
    if (names.count(base_name(path))) chosen.push_back(path);
  return chosen;
}

std::vector<std::string> supported_windows(const std::vector<std::string> &paths,
                                           const std::string &arch) {
  std::set<std::string> wanted;
  for (const auto &name : block_drivers(true)) wanted.insert(name + ".sys");
  std::vector<std::string> block;
  for (const auto &path : paths)
    if (wanted.count(base_name(path))) block.push_back(path);
  std::vector<std::string> found;
  for (const auto &version : versions)
    if (!choose_drivers(block, version.osinfo, arch).empty()) found.emplace_back(version.osinfo);
  return found;
}

std::string windows_name(const std::string &osinfo) {
  for (const auto &version : versions)
    if (version.osinfo == osinfo) return version.name;
  return osinfo;
}

std::vector<std::string> block_drivers(bool prefer_scsi) {
  std::vector<std::string> names = {"virtio_blk", "vrtioblk", "viostor"};
  if (prefer_scsi) names.insert(names.begin(), "vioscsi");
  return names;
}

}  // namespace v2v::windows
