// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the user is told when virtio-win has nothing for the guest.
#include <v2v/windows/driver_choice.hpp>

#include <v2v/windows/virtio_win.hpp>

#include <v2v/text/printable.hpp>

#include <set>
#include <string>
#include <vector>

namespace v2v::windows {
namespace {

const std::string consequence =
    "the guest will run on emulated devices (an IDE disk, an RTL8139 network card), slowly";

/// What newer releases of virtio-win no longer have.
bool is_old(const std::string &osinfo) {
  static const std::set<std::string> supported = {"win10",   "win11",   "win2k16",
                                                  "win2k19", "win2k22", "win2k25"};
  return supported.count(osinfo) == 0;
}

/// What the place has instead.
std::string contents(const std::vector<std::string> &versions, const VirtioWin &virtio_win) {
  if (versions.empty())
    return "none of its " + std::to_string(virtio_win.files().size()) +
           " files is a disk driver for any Windows on this processor";
  std::string list;
  for (const auto &osinfo : versions) list += (list.empty() ? "" : ", ") + windows_name(osinfo);
  return "it has them for " + list;
}

std::string remedy(const std::string &what) {
  return what +
         " from your distribution or https://github.com/virtio-win/virtio-win-pkg-scripts, set "
         "VIRTIO_WIN to its ISO or directory, and convert again";
}

std::string remedy(const std::vector<std::string> &versions, const std::string &osinfo) {
  if (versions.empty()) return remedy("get virtio-win");
  if (!is_old(osinfo)) return remedy("get a newer virtio-win");
  return remedy("newer releases of virtio-win drop old versions of Windows: get an older one");
}

}  // namespace

std::string missing_drivers_message(const VirtioWin &virtio_win, const std::string &osinfo,
                                    const std::string &arch) {
  const auto guest = text::printable(windows_name(osinfo)) + " on " + text::printable(arch);
  const auto place = text::printable(virtio_win.place());
  if (!virtio_win.found())
    return "no virtio drivers for " + guest + ": nothing is at " + place + "; " + consequence +
           "; " + remedy("install the package virtio-win, or get its ISO");
  if (arch != "i386" && arch != "x86_64")
    return "no virtio drivers for " + guest + ": v2v can install those of x86 only; " + consequence;
  const auto versions = supported_windows(virtio_win.paths(), arch);
  return "no virtio drivers for " + guest + " in " + place + ": " + contents(versions, virtio_win) +
         "; " + consequence + "; " + remedy(versions, osinfo);
}

}  // namespace v2v::windows
