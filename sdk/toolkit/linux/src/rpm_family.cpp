// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// rpm, with dnf, yum or zypper. See family.hpp.
#include <v2v/linux/family.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace v2v::linux {
namespace {

/// "kernel-uek-core" is the flavour "uek", "kernel-debug" is "debug", "kernel" and "kernel-core" none.
/// Nothing for a package that has no kernel in it.
std::optional<std::string> flavour_of(const std::string &package) {
  if (package == "kernel") return "";
  // Amazon Linux 2023 has kernel6.12 beside it.
  if (package.find_first_not_of("0123456789.", std::string("kernel").size()) == std::string::npos &&
      starts_with(package, "kernel"))
    return "";
  if (!starts_with(package, "kernel-")) return std::nullopt;
  auto flavour = package.substr(std::string("kernel-").size());
  for (const char *other : {"devel", "headers", "doc", "docs", "source", "syms", "macros", "tools",
                            "tools-libs", "firmware", "modules", "modules-extra", "modules-core",
                            "modules-internal", "abi-whitelists", "abi-stablelists", "srpm-macros"})
    if (flavour == other || ends_with(flavour, std::string("-") + other)) return std::nullopt;
  for (const char *part : {"core", "base"}) {
    if (flavour == part) return "";
    if (const auto ending = std::string("-") + part; ends_with(flavour, ending))
      flavour.resize(flavour.size() - ending.size());
  }
  return flavour;
}

/// How well a package fits a kernel's version, which is made of the package's own version and release,
/// the architecture, and the flavour: 5.14.0-362.el9.x86_64+debug, 2.6.18-398.el5PAE,
/// 5.15.0-1.el8uek.x86_64; at SUSE without the last number of the release: 6.4.0-150600.23.7-default.
/// 0 does not fit.
int fit(const std::string &kernel, const Application &package, const std::string &flavour) {
  // ALT: kernel-image-un-def 6.1.50-alt1 has 6.1.50-un-def-alt1.
  constexpr std::string_view image = "image-";
  if (starts_with(flavour, image) &&
      kernel == package.version + "-" + flavour.substr(image.size()) + "-" + package.release)
    return 2;
  const auto full = package.version + "-" + package.release;
  const auto rest_behind = [&](const std::string &start) -> std::optional<std::string> {
    if (!starts_with(kernel, start)) return std::nullopt;
    const auto rest = kernel.substr(start.size());
    // 5.14.0-36 is not the beginning of 5.14.0-362.
    const bool digits = !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
    return digits ? std::nullopt : std::optional(rest);
  };
  auto rest = rest_behind(full);
  if (!rest) {
    // The number of the rebuild is missing at SUSE.
    const auto dot = package.release.rfind('.');
    if (dot == std::string::npos) return 0;
    rest = rest_behind(package.version + "-" + package.release.substr(0, dot));
    if (!rest || *rest != "-" + flavour) return 0;
  }
  // Red Hat's long names of the architecture in front of the flavour, and none in RHEL 5.
  for (const auto &arch : {package.arch, std::string("x86_64"), std::string("aarch64")})
    if (!arch.empty() && starts_with(*rest, "." + arch)) {
      rest = rest->substr(arch.size() + 1);
      break;
    }
  if (!rest->empty() && std::string_view("+-.").find(rest->front()) != std::string_view::npos)
    rest = rest->substr(1);
  if (*rest == flavour) return 2;
  // "uek" is in the release already; "rt" of RHEL 8 as well.
  return rest->empty() && package.release.find(flavour) != std::string::npos ? 1 : 0;
}

}  // namespace

KernelOwner RpmFamily::kernel_owner(const Inspection &inspection) const {
  std::vector<std::pair<Application, std::string>> packages;
  for (const auto &package : inspection.applications)
    if (const auto flavour = flavour_of(package.name)) packages.emplace_back(package, *flavour);
  return [packages](const std::string &version) -> std::optional<Application> {
    std::optional<Application> owner;
    int best = 0;
    for (const auto &[package, flavour] : packages)
      if (const int how = fit(version, package, flavour); how > best) {
        owner = package;
        best = how;
      }
    return owner;
  };
}

/// Never with what depends on them, as dnf and yum would: the libraries of VMware's own packages stand
/// in for the distribution's, and half a desktop may hang on them.
std::vector<PackageRemoval> RpmFamily::removals(const std::vector<std::string> &packages) const {
  std::vector<std::string> rest;
  std::copy_if(packages.begin(), packages.end(), std::back_inserter(rest),
               [](const auto &name) { return !starts_with(name, "vmware-tools-libraries-"); });
  std::vector<PackageRemoval> removals;
  for (const auto &some : {packages, rest}) {
    if (some.empty() || (!removals.empty() && removals.back().packages == some)) continue;
    std::vector<std::string> command{"rpm", "-e"};
    command.insert(command.end(), some.begin(), some.end());
    removals.push_back({command, some});
  }
  return removals;
}

std::optional<PackageInstallation> RpmFamily::installation(const Inspection &inspection,
                                                           const std::string &package) const {
  const auto &manager = inspection.package_management;
  if (manager == "dnf")
    return PackageInstallation{
        fmt::format("dnf -y --setopt=timeout=30 --downloadonly install {}", package),
        "dnf -y install " + package, "dnf install " + package};
  // Its --downloadonly was a plugin for long.
  if (manager == "yum")
    return PackageInstallation{"yum -q makecache", "yum -y install " + package,
                               "yum install " + package};
  // ALT's, over rpm.
  if (manager == "apt")
    return PackageInstallation{
        fmt::format("apt-get -q update; apt-get -q -y --download-only install {}", package),
        "apt-get -q -y install " + package, "apt-get install " + package};
  if (manager == "zypper")
    return PackageInstallation{fmt::format("zypper -n install -l --download-only {}", package),
                               "zypper -n install -l " + package, "zypper install " + package};
  return std::nullopt;
}

std::optional<PackageChange> RpmFamily::package_change(const Inspection &inspection) const {
  const auto &manager = inspection.package_management;
  // Without its registration the plugin only complains.
  if (manager == "dnf")
    return PackageChange{"dnf -y --disableplugin=subscription-manager remove",
                         "dnf -y --best upgrade"};
  if (manager == "yum") return PackageChange{"yum -y remove", "yum -y update"};
  if (manager == "apt")
    return PackageChange{"apt-get -q -y remove", "apt-get -q update && apt-get -q -y dist-upgrade"};
  if (manager == "zypper") return PackageChange{"zypper -n remove", "zypper -n update -l"};
  return std::nullopt;
}

}  // namespace v2v::linux
