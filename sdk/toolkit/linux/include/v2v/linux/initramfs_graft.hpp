// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Adds what is missing to an initramfs instead of rebuilding it. Linux unpacks the archives of an
// initramfs one over the other, so that files can be added, or replaced, by an archive appended to
// it: some hundred KiB and well under a second on the host, instead of a minute of the guest's own
// tools in an emulated appliance.
//
// Appended are the missing modules with all that modules.dep says they need, in the form in which
// the guest has them; the indexes that depmod makes of the modules in the initramfs and the new
// ones; for initramfs-tools the list of modules to load; and the caller's own files. The new
// archive is not compressed, so that it does not matter what the kernel can unpack.
//
// Debian's lsinitramfs does not expect a plain archive behind a compressed one and refuses to list
// such an initramfs. The kernel does not mind, and the guest's next rebuild makes one that it
// lists.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/initramfs_archive.hpp>
#include <v2v/linux/kernels.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace v2v::linux {

/// A file that an initramfs shall have.
struct InitramfsFile {
  std::string path;  ///< absolute, as the running initramfs sees it
  std::string content;
  std::uint32_t mode = 0644;
  bool needed = true;  ///< false: without it the guest boots as well
};

/// Why nothing can be appended to this initramfs; empty if it can. Only for initramfs-tools
/// and dracut, as no other kind was proved by booting, and only where every kernel reads on behind the
/// last archive.
std::string graft_obstacle(const InitramfsArchive &archive);

/// The bytes to append to the image: zeros up to a multiple of 4, then an archive.
/// @param modules        what missing_modules() found; may be empty
/// @param files          may be empty; a link of the archive on the way to one is followed
/// @param run_directory  a private directory on the host; depmod works below it, nothing is left
/// @throws Error for a reason not to graft: depmod is not there or fails, or a file of the guest is
///         missing or hostile. Nothing has been changed then.
std::string make_graft(const InitramfsArchive &archive, Guest &guest, const Kernel &kernel,
                       const std::vector<std::string> &modules,
                       const std::vector<InitramfsFile> &files, const std::string &run_directory);

}  // namespace v2v::linux
