// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/root_choice.hpp>

#include <v2v/error.hpp>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace v2v::core {
namespace {

std::string listed(const std::vector<RootChoice> &roots) {
  std::string text;
  for (const auto &root : roots)
    text += (text.empty() ? "" : ", ") + root.device + " (" + root.product + ")";
  return text;
}

constexpr std::size_t boot_code = 440, sector = 512;  // bytes; an MBR begins with its code

bool has_boot_code(const DiskStart &disk) {
  const auto start = std::string_view(disk.bytes).substr(0, boot_code);
  return start.find_first_not_of('\0') != start.npos;
}

bool is_on(const RootChoice &root, const DiskStart &disk) {
  constexpr std::string_view subvolume = "btrfsvol:";
  std::string_view device = root.device;
  if (device.rfind(subvolume, 0) == 0)
    device = device.substr(0, device.find('/', subvolume.size() + 5)).substr(subvolume.size());
  return device == disk.device || is_partition_of(device, disk.device);
}

}  // namespace

std::optional<std::string> root_that_boots(const std::vector<RootChoice> &roots,
                                           const std::vector<DiskStart> &disks) {
  const auto first = std::find_if(disks.begin(), disks.end(), has_boot_code);
  if (first == disks.end()) return std::nullopt;
  const bool grub =
      std::string_view(first->bytes).substr(0, sector).find("GRUB") != std::string::npos;
  std::vector<RootChoice> kind, on_disk;
  std::copy_if(roots.begin(), roots.end(), std::back_inserter(kind),
               [&](const auto &root) { return root.linux == grub; });
  if (kind.size() == 1) return kind.front().device;
  std::copy_if(kind.begin(), kind.end(), std::back_inserter(on_disk),
               [&](const auto &root) { return is_on(root, *first); });
  if (on_disk.size() == 1) return on_disk.front().device;
  return std::nullopt;
}

std::string choose_root(const std::vector<RootChoice> &roots, const RootWish &wish) {
  const auto &word = wish.wish;
  const bool is_device = !word.empty() && word != "ask" && word != "single" && word != "first";
  if (is_device) {
    const auto same = [&](const RootChoice &root) { return root.device == word; };
    if (std::none_of(roots.begin(), roots.end(), same))
      throw Error(Code::usage, "no operating system was found on the device given with --root",
                  word, "give one of: " + listed(roots));
    return word;
  }
  if (roots.size() == 1 || word == "first") return roots.front().device;
  if (word.empty())
    if (const auto booting = root_that_boots(roots, wish.disks)) return *booting;
  if (word != "single" && wish.ask) return wish.ask(roots);
  throw Error(Code::usage, "the disks hold several operating systems: " + listed(roots), {},
              "choose one with --root DEVICE, or take the first with --root first");
}

}  // namespace v2v::core
