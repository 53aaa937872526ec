// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which kernels there are. See kernels.hpp; the choice among them is in kernel_choice.cpp.
#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/kernels.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

namespace v2v::linux {
namespace {

const std::regex kernel_name("(vmlinuz|vmlinux|Image)-(.+)");
const std::regex initrd_name("(initrd\\.img|initrd|initramfs)-(.+?)(\\.img)?");
// Copies that a bootloader does not load.
const std::regex left_behind(
    ".*\\.(old|bak|orig|new|pre-v2v|dpkg-(old|new|bak|tmp)|rpm(save|new))");

/// What guest caps are about.
struct Capability {
  bool Kernel::*flag;
  const char *module;
  const char *symbol;
};
constexpr std::array<Capability, 6> capabilities{{
    {&Kernel::virtio_blk, "virtio_blk", "VIRTIO_BLK"},
    {&Kernel::virtio_net, "virtio_net", "VIRTIO_NET"},
    {&Kernel::virtio_rng, "virtio_rng", "HW_RANDOM_VIRTIO"},
    {&Kernel::virtio_balloon, "virtio_balloon", "VIRTIO_BALLOON"},
    {&Kernel::isa_pvpanic, "pvpanic", "PVPANIC"},
    {&Kernel::virtio_socket, "vmw_vsock_virtio_transport", "VIRTIO_VSOCKETS"},
}};

/// The symbols that a kernel configuration sets to y. One set to m is worth nothing without its module,
/// and that shows in the listing.
std::set<std::string> configured(const std::string &text) {
  std::set<std::string> symbols;
  for (const auto line : lines(text)) {
    const auto equals = line.find('=');
    if (!starts_with(line, "CONFIG_") || equals == std::string_view::npos) continue;
    if (line.substr(equals + 1, 1) == "y") symbols.emplace(line.substr(7, equals - 7));
  }
  return symbols;
}

/// The modules that modules.builtin lists, one path a line.
std::set<std::string> built_in(const std::string &text) {
  std::set<std::string> names;
  for (const auto line : lines(text)) names.insert(module_name(std::string(line)));
  return names;
}

bool all_found(const Kernel &kernel) {
  return std::all_of(capabilities.begin(), capabilities.end(),
                     [&](const Capability &capability) { return kernel.*capability.flag; });
}

/// Cheapest first: what is loadable shows in the listing; only when something is missing there, two
/// more files are read.
void find_capabilities(Guest &guest, Kernel &kernel) {
  for (const auto &[flag, module, symbol] : capabilities)
    kernel.*flag = kernel.modules.count(module) != 0;
  // A kernel for Xen only cannot have all of virtio as modules, unless its name gives it away.
  const bool maybe_xen = kernel.version.find("xen") != std::string::npos;
  if (all_found(kernel) && !maybe_xen) return;
  if (const auto text = guest.read_if_file(kernel.modules_directory + "/modules.builtin")) {
    const auto names = built_in(*text);
    for (const auto &[flag, module, symbol] : capabilities)
      if (names.count(module)) kernel.*flag = true;
  }
  if (kernel.config.empty()) return;
  const auto symbols = configured(guest.read(kernel.config));
  for (const auto &[flag, module, symbol] : capabilities)
    if (symbols.count(symbol)) kernel.*flag = true;
  kernel.xen_pv_only = symbols.count("X86_XEN") != 0 || symbols.count("X86_64_XEN") != 0;
}

/// "linux-image-…-dbg", "kernel-debug", "kernel-debug-core".
bool is_debug(const std::string &package) {
  return ends_with(package, "-debug") || ends_with(package, "-dbg") ||
         package.find("-debug-") != std::string::npos;
}

/// The initrd of a kernel among the names in /boot: the shortest that contains its version, is not
/// kdump's, and is not another kernel's whose version is longer.
std::string find_initrd(const std::vector<std::string> &names, const std::string &version,
                        const std::vector<std::string> &versions) {
  std::string best;
  for (const auto &name : names) {
    std::smatch match;
    if (!std::regex_match(name, match, initrd_name) || std::regex_match(name, left_behind))
      continue;
    const auto belongs_to = match[2].str();
    if (belongs_to.find(version) == std::string::npos) continue;
    if (name.find("kdump") != std::string::npos) continue;
    const bool another = belongs_to != version &&
                         std::find(versions.begin(), versions.end(), belongs_to) != versions.end();
    if (!another && (best.empty() || name.size() < best.size())) best = name;
  }
  return best.empty() ? "" : "/boot/" + best;
}

/// The modules of every kernel, by its version, from one search.
std::map<std::string, std::vector<std::string>> modules_by_version(Guest &guest,
                                                                   std::string &directory) {
  directory = "/lib/modules";
  auto paths = guest.find(directory);
  if (paths.empty()) {
    directory = "/usr/lib/modules";
    paths = guest.find(directory);
  }
  std::map<std::string, std::vector<std::string>> modules;
  for (auto &path : paths) {
    const auto begin = directory.size() + 1;
    const auto slash = path.find('/', begin);
    if (slash != std::string::npos && !module_name(path).empty())
      modules[path.substr(begin, slash - begin)].push_back(std::move(path));
  }
  return modules;
}

}  // namespace

bool Kernel::has_module(const std::string &name) const {
  auto normal = name;
  std::replace(normal.begin(), normal.end(), '-', '_');
  return modules.count(normal) != 0;
}

std::string Kernel::describe() const {
  std::string text;
  for (const auto &[flag, module, symbol] : capabilities)
    if (this->*flag) text += fmt::format("{}{}", text.empty() ? "" : ", ", module);
  if (text.empty()) text = "no virtio";
  if (xen_pv_only) text += ", for Xen only";
  if (debug) text += ", debug";
  return fmt::format("{} ({}; {})", version, text,
                     initrd.empty() ? "no initramfs" : base_name(initrd));
}

std::string module_name(const std::string &path) {
  auto name = base_name(path);
  for (const char *compressed : {".gz", ".xz", ".zst"})
    if (ends_with(name, std::string(".ko") + compressed))
      name.resize(name.size() - std::string(compressed).size());
  const auto suffix = ends_with(name, ".ko") ? 3u : ends_with(name, ".o") ? 2u : 0u;
  if (suffix == 0) return "";
  name.resize(name.size() - suffix);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<Kernel> find_kernels(Guest &guest, const KernelOwner &owner, const Log &log) {
  const auto names = guest.list("/boot");
  std::string directory;
  auto modules = modules_by_version(guest, directory);
  std::vector<std::string> versions;
  versions.reserve(modules.size());
  for (const auto &[version, files] : modules) versions.push_back(version);

  std::vector<Kernel> kernels;
  for (const auto &name : names) {
    std::smatch match;
    if (!std::regex_match(name, match, kernel_name)) continue;
    Kernel kernel;
    kernel.version = match[2].str();
    kernel.vmlinuz = "/boot/" + name;
    const auto files = modules.find(kernel.version);
    if (files == modules.end()) {
      log.debug(fmt::format("{}: no modules in {}, so it is not counted as a kernel",
                            kernel.vmlinuz, directory));
      continue;
    }
    kernel.modules_directory = directory + "/" + kernel.version;
    kernel.module_files = files->second;
    for (const auto &file : kernel.module_files) kernel.modules.insert(module_name(file));
    const auto config = "config-" + kernel.version;
    if (std::binary_search(names.begin(), names.end(), config)) kernel.config = "/boot/" + config;
    kernel.initrd = find_initrd(names, kernel.version, versions);
    if (kernel.initrd.empty()) log.warning(kernel.vmlinuz + ": no initramfs found for this kernel");
    kernel.package = owner(kernel.version);
    kernel.debug = kernel.package && is_debug(kernel.package->name);
    find_capabilities(guest, kernel);
    kernels.push_back(std::move(kernel));
  }
  if (kernels.empty())
    throw Error(
        Code::unsupported, "no installed kernel was found in the guest", "/boot",
        "install a kernel with its modules in the guest, or convert the right root (--root)");
  return kernels;
}

}  // namespace v2v::linux
