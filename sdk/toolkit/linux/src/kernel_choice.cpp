// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which of the installed kernels the bootloader offers, and which of those is the best. See
// kernels.hpp.
#include <v2v/linux/kernels.hpp>
#include <v2v/linux/package_version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace v2v::linux {
namespace {

/// The version of a kernel built by hand is the one in its name.
Application package_of(const Kernel &kernel) {
  if (kernel.package) return *kernel.package;
  Application package;
  const auto dash = std::min(kernel.version.find('-'), kernel.version.size());
  package.version = kernel.version.substr(0, dash);
  if (dash < kernel.version.size()) package.release = kernel.version.substr(dash + 1);
  return package;
}

bool is_better(const Kernel &a, const Kernel &b) {
  if (a.virtio_net != b.virtio_net) return a.virtio_net;
  if (const int order = compare_packages(package_of(a), package_of(b))) return order > 0;
  return !a.debug && b.debug;
}

}  // namespace

std::vector<Kernel> bootloader_kernels(Guest &guest, const std::vector<Kernel> &installed,
                                       const std::vector<std::string> &paths, const Log &log) {
  using Identity = std::pair<std::uint64_t, std::uint64_t>;
  std::vector<std::pair<Identity, const Kernel *>> identities;
  for (const auto &kernel : installed)
    if (const auto info = guest.stat(kernel.vmlinuz))
      identities.emplace_back(Identity{info->device, info->inode}, &kernel);

  std::vector<Kernel> kernels;
  for (const auto &path : paths) {
    const auto info = guest.stat(path);
    if (!info) {
      log.warning(path + ": the bootloader offers this kernel, but it is not there");
      continue;
    }
    const auto found =
        std::find_if(identities.begin(), identities.end(), [&](const auto &identity) {
          return identity.first == Identity{info->device, info->inode};
        });
    if (found == identities.end()) continue;
    const auto *kernel = found->second;
    const bool seen = std::any_of(kernels.begin(), kernels.end(), [&](const Kernel &other) {
      return other.vmlinuz == kernel->vmlinuz;
    });
    if (!seen) kernels.push_back(*kernel);
  }
  if (kernels.empty())
    throw Error(Code::unsupported,
                "none of the kernels that the bootloader offers is installed with its modules",
                paths.empty() ? "/boot" : paths.front(),
                "repair the guest's bootloader configuration and convert it again");
  return kernels;
}

const Kernel &best_kernel(const std::vector<Kernel> &kernels) {
  const Kernel *best = nullptr;
  for (const auto &kernel : kernels)
    if (!kernel.xen_pv_only && (!best || is_better(kernel, *best))) best = &kernel;
  if (!best)
    throw Error(Code::unsupported, "only kernels for Xen are installed in this guest",
                kernels.empty() ? "/boot" : kernels.front().vmlinuz,
                "install the distribution's ordinary kernel in the guest and convert it again");
  return *best;
}

}  // namespace v2v::linux
