// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// dpkg and apt. See family.hpp.
#include <v2v/linux/family.hpp>

#include <fmt/format.h>

#include <map>

namespace v2v::linux {
namespace {

constexpr const char *apt =
    "DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Options::=--force-confnew "
    "-o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 -o Acquire::http::Timeout=30";

}  // namespace

/// linux-image-V, linux-image-unsigned-V, and with -dbg and -debug.
KernelOwner DebianFamily::kernel_owner(const Inspection &inspection) const {
  std::map<std::string, Application> packages;
  for (const auto &package : inspection.applications)
    if (package.name.rfind("linux-image-", 0) == 0) packages[package.name] = package;
  return [packages](const std::string &version) -> std::optional<Application> {
    for (const char *kind : {"linux-image-", "linux-image-unsigned-"})
      for (const char *end : {"", "-dbg", "-debug"})
        if (const auto found = packages.find(kind + version + end); found != packages.end())
          return found->second;
    return std::nullopt;
  };
}

std::vector<PackageRemoval> DebianFamily::removals(const std::vector<std::string> &packages) const {
  // Triggers would cost seconds to minutes in the emulated appliance; the first boot runs them.
  std::vector<std::string> dpkg{"/usr/bin/env", "DEBIAN_FRONTEND=noninteractive", "dpkg",
                                "--no-triggers", "--purge"};
  // If something else depends on them, only apt knows what has to go as well.
  std::vector<std::string> apt{
      "/usr/bin/env", "DEBIAN_FRONTEND=noninteractive",  "apt-get", "-q",    "-y",
      "-o",           "Dpkg::Options::=--force-confnew", "--purge", "remove"};
  for (auto *command : {&dpkg, &apt})
    command->insert(command->end(), packages.begin(), packages.end());
  return {{dpkg, packages}, {apt, packages}};
}

std::optional<PackageInstallation> DebianFamily::installation(const Inspection &inspection,
                                                              const std::string &package) const {
  if (inspection.package_management != "apt") return std::nullopt;
  return PackageInstallation{
      fmt::format("{0} update; {0} --download-only install {1}", apt, package),
      fmt::format("{} install {}", apt, package), "apt-get install " + package};
}

std::optional<PackageChange> DebianFamily::package_change(const Inspection &inspection) const {
  if (inspection.package_management != "apt") return std::nullopt;
  return PackageChange{fmt::format("{} remove", apt),
                       fmt::format("{0} update && {0} upgrade", apt)};
}

}  // namespace v2v::linux
