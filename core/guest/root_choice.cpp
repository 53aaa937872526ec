// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/root_choice.hpp>

#include <v2v/error.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

std::string listed(const std::vector<RootChoice> &roots) {
  std::string text;
  for (const auto &root : roots)
    text += (text.empty() ? "" : ", ") + root.device + " (" + root.product + ")";
  return text;
}

}  // namespace

std::string choose_root(const std::vector<RootChoice> &roots, const std::string &wish,
                        const std::function<std::string(const std::vector<RootChoice> &)> &ask) {
  const bool is_device = wish != "ask" && wish != "single" && wish != "first";
  if (is_device) {
    const auto same = [&](const RootChoice &root) { return root.device == wish; };
    if (std::none_of(roots.begin(), roots.end(), same))
      throw Error(Code::usage, "no operating system was found on the device given with --root",
                  wish, "give one of: " + listed(roots));
    return wish;
  }
  if (roots.size() == 1 || wish == "first") return roots.front().device;
  if (wish == "ask" && ask) return ask(roots);
  throw Error(Code::usage, "the disks hold several operating systems: " + listed(roots), {},
              "choose one with --root DEVICE, or take the first with --root first");
}

}  // namespace v2v::core
