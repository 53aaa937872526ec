// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "mageia_family.hpp"

#include <map>

namespace mageia {

/// So that several kernels can be installed, the version is a part of the name: the kernel
/// 6.6.58-desktop-1.mga9 is of the package kernel-desktop-6.6.58-1.mga9.
v2v::linux::KernelOwner MageiaFamily::kernel_owner(const v2v::Inspection &inspection) const {
  std::map<std::string, v2v::Application> packages;
  for (const auto &package : inspection.applications)
    if (package.name.rfind("kernel-", 0) == 0) packages[package.name] = package;
  return [packages](const std::string &kernel) -> std::optional<v2v::Application> {
    const auto first = kernel.find('-'), last = kernel.rfind('-');
    if (first == std::string::npos || first == last) return std::nullopt;
    const auto flavour = kernel.substr(first + 1, last - first - 1);
    const auto found =
        packages.find("kernel-" + flavour + "-" + kernel.substr(0, first) + kernel.substr(last));
    if (found == packages.end()) return std::nullopt;
    return found->second;
  };
}

std::optional<v2v::linux::PackageInstallation> MageiaFamily::installation(
    const v2v::Inspection &, const std::string &package) const {
  return v2v::linux::PackageInstallation{"urpmi.update -a && urpmi --auto --no-install " + package,
                                         "urpmi --auto " + package, "urpmi " + package};
}

}  // namespace mageia
