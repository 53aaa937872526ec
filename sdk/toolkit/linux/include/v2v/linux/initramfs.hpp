// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Makes sure that a kernel's initramfs can drive virtio, with as little work as will do: it is
// listed on the host, and when everything is in it nothing is done; otherwise what is missing is
// appended (initramfs_graft.hpp), or it is rebuilt with the guest's own tools. Then the
// configuration of these tools is changed, so that the guest's own next rebuild has virtio, too,
// and the result is read back from the guest and listed again. The converter calls this for its
// default kernel and one fallback.
//
// Not thread-safe.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/initramfs_check.hpp>
#include <v2v/linux/initramfs_graft.hpp>
#include <v2v/linux/kernels.hpp>
#include <v2v/linux/log.hpp>

#include <functional>
#include <string>
#include <vector>

namespace v2v::linux {

struct InitramfsOptions {
  bool rebuild = false;       ///< never graft, and rebuild even if nothing is missing
  std::string run_directory;  ///< a private directory on the host
  /// Asked with the initramfs as it is for the files that it shall have; may depend on what is in
  /// it. A file that is there already with this content is not added.
  std::function<std::vector<InitramfsFile>(const InitramfsArchive &)> extra_files = {};
  /// Files of the guest that dracut shall put into every initramfs it makes.
  std::vector<std::string> kept_files = {};
  /// As the appliance calls it; SUSE's mkinitrd has to be told.
  std::string root_device = {};
};

struct InitramfsResult {
  enum class Action { nothing, grafted, rebuilt };
  Action action = Action::nothing;
  std::string reason;  ///< one line, why; for -v
};

/// @param modules  wanted; those that the kernel does not have as loadable ones do not count
/// @throws Error(unsupported) if the guest has no tool to rebuild it with, or if after all
/// something
///         is still missing; Error(no_space) if /boot is full
InitramfsResult ensure_initramfs(Guest &guest, const Kernel &kernel,
                                 const std::vector<std::string> &modules,
                                 const InitramfsOptions &options, const Log &log);

/// Rebuilds it with the first of update-initramfs, dracut, mkinitramfs and mkinitrd that the guest has,
/// as one for every machine and not for the appliance it is made in.
/// @throws Error(unsupported) if there is none; Error(io) if it fails, with the end of its output
void rebuild_initramfs(Guest &guest, const Kernel &kernel, const std::vector<std::string> &modules,
                       const std::string &root_device, const Log &log);

/// Puts those of the modules that the kernel has as loadable ones into the configuration of
/// initramfs-tools and dracut, where these are installed, once; for dracut the files as well.
void keep_modules_in_rebuilds(Guest &guest, const Kernel &kernel,
                              const std::vector<std::string> &modules,
                              const std::vector<std::string> &files, const Log &log);

}  // namespace v2v::linux
