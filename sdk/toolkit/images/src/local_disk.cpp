// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/images/local_disk.hpp>

#include <v2v/images/image.hpp>
#include <v2v/process/file_descriptor.hpp>
#include <v2v/text/printable.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace v2v::images {
namespace {

std::string owner_of(const struct stat &status) {
  const auto *user = ::getpwuid(status.st_uid);
  const auto *group = ::getgrgid(status.st_gid);
  return fmt::format("{}:{}", user ? user->pw_name : std::to_string(status.st_uid),
                     group ? group->gr_name : std::to_string(status.st_gid));
}

struct stat status_of(const std::string &argument) {
  struct stat status = {};
  if (::stat(argument.c_str(), &status) == 0) return status;
  const auto reason = errno;
  const auto name = text::printable(argument);
  if (argument.find("://") != argument.npos && (reason == ENOENT || reason == ENOTDIR))
    throw Error(Code::unsupported, "no such file, and no URI that can be read", name,
                "disks are files, block devices, or nbd:// and nbd+unix:// URIs");
  if (reason == ENOENT || reason == ENOTDIR)
    throw Error(Code::not_found, "No such file or directory", name, "check the path of the disk");
  if (reason == EACCES)
    throw Error(Code::access, "a directory above it may not be searched", name,
                "run v2v as a user who may read the disk");
  throw Error(Code::io, std::strerror(reason), name);
}

/// Refuses everything that is neither a file nor a block device before it is opened: opening a FIFO
/// would hang, and opening a device may do anything.
void check_type(const struct stat &status, const std::string &name) {
  const auto refuse = [&](const char *what, const char *remedy) {
    throw Error(Code::usage, fmt::format("this is a {}, not a disk image", what), name, remedy);
  };
  switch (status.st_mode & S_IFMT) {
    case S_IFREG:
    case S_IFBLK:
      return;
    case S_IFDIR:
      refuse("directory", "give the disk images in it one by one; for an unpacked OVA, -i ova");
      break;
    case S_IFCHR:
      refuse("character device", "give the block device of the disk, e.g. /dev/sdb");
      break;
    case S_IFIFO:
      refuse("FIFO", "a disk is read at random places: save it to a file first");
      break;
    case S_IFSOCK:
      refuse("socket", "if an NBD server listens on it, give nbd+unix:///EXPORT?socket=PATH");
      break;
    default:
      refuse("special file", "give a file or a block device");
  }
}

process::FileDescriptor open_read_only(const std::string &argument, const struct stat &expected) {
  const auto name = text::printable(argument);
  // O_NONBLOCK: should a FIFO have taken the file's place since, open returns at once all the same.
  process::FileDescriptor file(
      ::open(argument.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!file && (errno == EACCES || errno == EPERM))
    throw Error(
        Code::access, "it may not be read", name,
        fmt::format("it belongs to {} and has mode {:04o}: run v2v as a user who may read it",
                    owner_of(expected), expected.st_mode & 07777));
  if (!file && errno == ENOMEDIUM)
    throw Error(Code::not_found, "the drive has no medium", name, "insert it");
  if (!file) throw Error(Code::io, fmt::format("cannot open it: {}", std::strerror(errno)), name);
  struct stat opened = {};
  if (::fstat(file.get(), &opened) != 0 || opened.st_dev != expected.st_dev ||
      opened.st_ino != expected.st_ino)
    throw Error(Code::io, "the file was replaced while it was opened", name, "try again");
  return file;
}

void warn_if_in_use(const Host &host, const std::string &argument) {
  const process::FileDescriptor exclusive(
      ::open(argument.c_str(), O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC));
  if (!exclusive && errno == EBUSY)
    host.warning(
        fmt::format("{}: this machine uses the device (mounted, or a volume group is "
                    "active); what is read may be inconsistent",
                    text::printable(argument)));
}

}  // namespace

LocalDisk open_local_disk(const Host &host, const std::string &argument, const std::string &format,
                          bool allow_references) {
  const auto name = text::printable(argument);
  const auto status = status_of(argument);
  check_type(status, name);
  const bool block = S_ISBLK(status.st_mode);
  const auto path = std::filesystem::absolute(argument).string();
  if (!text::is_utf8(path))
    throw Error(Code::unsupported, "the path is not UTF-8", name, "rename the file or link to it");

  const auto file = open_read_only(argument, status);
  const images::ImageReader reader(file.get(), name);
  if (reader.size() == 0)
    throw Error(Code::corrupt, "it is empty (0 bytes)", name,
                block ? "see whether the device has a medium" : "copy or export the disk again");
  const auto header = images::examine_image(reader, format, allow_references);
  host.debug(fmt::format("{}: format {} ({}), {} bytes in the file, the disk has {}", name,
                         header.format, format.empty() ? "by its magic number" : "as given",
                         reader.size(), header.virtual_size));
  if (block) warn_if_in_use(host, argument);
  if (header.format == "raw" && reader.size() % 512 != 0)
    host.warning(
        fmt::format("{}: its size of {} bytes is no multiple of 512; the last sector is "
                    "filled up with zeroes",
                    name, reader.size()));

  LocalDisk disk;
  disk.location.path = path;
  disk.location.format = header.format;
  disk.location.references = !header.references.empty();
  disk.device = block ? status.st_rdev : status.st_dev;
  disk.inode = block ? 0 : status.st_ino;
  return disk;
}

}  // namespace v2v::images
