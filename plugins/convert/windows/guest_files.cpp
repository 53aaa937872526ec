// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "guest_files.hpp"

#include <guestfs.h>

#include <algorithm>
#include <memory>

namespace v2v::convert_windows {

using guestfs::OwnedText;
using guestfs::Releaser;

std::optional<std::string> GuestFiles::find(const std::string &path) {
  const OwnedText real(
      appliance_.call([&](guestfs_h *g) { return guestfs_case_sensitive_path(g, path.c_str()); }));
  // Also given for a last part that is not there.
  if (!real || appliance_.call([&](guestfs_h *g) { return guestfs_exists(g, real.get()); }) != 1)
    return std::nullopt;
  return std::string(real.get());
}

GuestFiles::Place GuestFiles::place(const std::string &path) {
  std::string rest;
  for (auto above = path; !above.empty();) {
    if (const auto real = find(above)) return {*real + rest, real->size()};
    const auto slash = above.rfind('/');
    rest = above.substr(slash) + rest;
    above.resize(slash);
  }
  return {rest, 0};
}

void GuestFiles::download(const std::string &path, const std::string &host_file) {
  appliance_.check("cannot read the guest's file", path, [&](guestfs_h *g) {
    return guestfs_download(g, path.c_str(), host_file.c_str());
  });
}

void GuestFiles::upload(const std::string &host_file, const std::string &path) {
  appliance_.check("cannot write the guest's file", path, [&](guestfs_h *g) {
    return guestfs_upload(g, host_file.c_str(), path.c_str());
  });
}

void GuestFiles::unpack(const std::string &tar_file) {
  appliance_.check("cannot put files into the guest", "/", [&](guestfs_h *g) {
    return guestfs_tar_in_opts(g, tar_file.c_str(), "/", GUESTFS_TAR_IN_OPTS_XATTRS, 1, -1);
  });
}

std::string GuestFiles::head(const std::string &path, std::size_t most) {
  std::size_t size = 0;
  const OwnedText bytes(appliance_.call([&](guestfs_h *g) {
    return guestfs_pread(g, path.c_str(), static_cast<int>(most), 0, &size);
  }));
  if (!bytes) appliance_.fail("cannot read the guest's file", path);
  return std::string(bytes.get(), size);
}

void GuestFiles::make_directory(const std::string &path) {
  appliance_.check("cannot make a directory in the guest", path,
                   [&](guestfs_h *g) { return guestfs_mkdir_p(g, path.c_str()); });
}

void GuestFiles::copy(const std::string &from, const std::string &to) {
  appliance_.check("cannot copy a file in the guest", from,
                   [&](guestfs_h *g) { return guestfs_cp(g, from.c_str(), to.c_str()); });
}

void GuestFiles::remove(const std::string &path) {
  appliance_.check("cannot remove from the guest", path,
                   [&](guestfs_h *g) { return guestfs_rm_rf(g, path.c_str()); });
}

bool GuestFiles::equal(const std::string &one, const std::string &other) {
  const int equal =
      appliance_.call([&](guestfs_h *g) { return guestfs_equal(g, one.c_str(), other.c_str()); });
  if (equal == -1) appliance_.fail("cannot compare a file of the guest", one);
  return equal == 1;
}

std::uint64_t GuestFiles::free_space() {
  const std::unique_ptr<struct guestfs_statvfs, Releaser<&guestfs_free_statvfs>> usage(
      appliance_.call([](guestfs_h *g) { return guestfs_statvfs(g, "/"); }));
  if (!usage) appliance_.fail("cannot tell the free space", "C:");
  return static_cast<std::uint64_t>(std::max<std::int64_t>(usage->bavail, 0)) *
         static_cast<std::uint64_t>(usage->bsize);
}

void GuestFiles::mount(const std::string &device, const std::string &directory) {
  appliance_.check("cannot mount", device, [&](guestfs_h *g) {
    return guestfs_mount(g, device.c_str(), directory.c_str());
  });
}

void GuestFiles::unmount(const std::string &directory) {
  appliance_.check("cannot unmount", directory,
                   [&](guestfs_h *g) { return guestfs_umount(g, directory.c_str()); });
}

}  // namespace v2v::convert_windows
