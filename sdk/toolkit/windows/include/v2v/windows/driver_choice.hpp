// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which files of a virtio-win tree are for a guest. virtio-win has a folder per driver, version of Windows
// and processor: viostor/2k22/amd64/viostor.sys, or with the parts in another order. Only the folder for
// exactly the guest's Windows counts: drivers are signed and tested per version, and a guest whose disk
// driver Windows refuses does not boot.
//
// Versions are osinfo's short ids ("win2k22"), processors libguestfs's names ("x86_64"). Pure functions on
// paths; any thread.
#pragma once

#include <string>
#include <vector>

namespace v2v::windows {

class VirtioWin;

/// The files of all drivers for this Windows, in the order of `paths`. Left out are debug symbols, and
/// vioprot and the SR-IOV variant of netkvm, which both get in the way of netkvm. A tree in the older
/// layout (drivers/amd64/Win8/…) is understood if nothing is found otherwise.
std::vector<std::string> choose_drivers(const std::vector<std::string> &paths,
                                        const std::string &osinfo, const std::string &arch);

/// The packages of QEMU's guest agent for this processor.
std::vector<std::string> choose_guest_agents(const std::vector<std::string> &paths,
                                             const std::string &arch);

/// The versions of Windows for which there is a block driver, oldest first.
std::vector<std::string> supported_windows(const std::vector<std::string> &paths,
                                           const std::string &arch);

/// "Windows Server 2022" for win2k22; the id itself if it is not known.
std::string windows_name(const std::string &osinfo);

/// The name of a driver that lets the guest find its disk, best first: "viostor" and its names in
/// other trees, and "vioscsi" in front if the user asks for it.
std::vector<std::string> block_drivers(bool prefer_scsi);

/// For the user, where choose_drivers() found nothing: which drivers were looked for, where, what is there
/// instead, and what to do.
std::string missing_drivers_message(const VirtioWin &virtio_win, const std::string &osinfo,
                                    const std::string &arch);

}  // namespace v2v::windows
