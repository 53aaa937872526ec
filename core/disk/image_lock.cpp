// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/image_lock.hpp>

#include <v2v/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace v2v::core {
namespace {

// A reader's lock on a byte of the first row says "I do this", of the second "others may not".
constexpr off_t doing = 100, forbidding = 200;
// The permissions of qemu's block layer that matter, as their places in the rows.
constexpr off_t write_data = 1, resize = 3;
// Of v2v alone, and exclusive: two conversions of one disk.
constexpr off_t converting = 300;

struct flock byte_lock(short type, off_t place) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = place;
  lock.l_len = 1;
  return lock;
}

/// False if somebody else's lock is in the way. A file system without locks has none.
bool set(int file, short type, off_t place) {
  auto lock = byte_lock(type, place);
  return ::fcntl(file, F_OFD_SETLK, &lock) == 0 || (errno != EAGAIN && errno != EACCES);
}

bool is_locked(int file, off_t place, off_t length = 1) {
  auto lock = byte_lock(F_WRLCK, place);
  lock.l_len = length;
  return ::fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

[[noreturn]] void in_use(const std::string &disk, const char *how) {
  throw Error(Code::access, how, disk, "shut the virtual machine down and try again");
}

FileDescriptor open_for_writing(const std::string &disk) {
  struct stat status = {};
  // Of a block device O_EXCL without O_CREAT asks that it be neither mounted nor part of another one.
  const bool block = ::stat(disk.c_str(), &status) == 0 && S_ISBLK(status.st_mode);
  FileDescriptor file(::open(disk.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | (block ? O_EXCL : 0)));
  if (file) return file;
  if (errno == EBUSY)
    throw Error(Code::access, "the device is in use on this machine", disk,
                "unmount it, and take it out of volume groups and RAIDs");
  throw Error(errno == ENOENT ? Code::not_found
              : errno == EIO  ? Code::io
                              : Code::access,
              fmt::format("cannot write to the disk: {}", std::strerror(errno)), disk,
              "run v2v as a user who may change it");
}

}  // namespace

ImageLock::ImageLock(const std::string &disk) : disk_(disk), file_(open_for_writing(disk)) {
  if (!set(file_.get(), F_WRLCK, converting))
    throw Error(Code::access, "another v2v converts this disk", disk, "wait until it has ended");
  for (const off_t permission : {write_data, resize}) {
    if (!set(file_.get(), F_RDLCK, forbidding + permission))
      in_use(disk, "another process has locked the disk");
    if (is_locked(file_.get(), doing + permission))
      in_use(disk, "another process writes to the disk, probably a running virtual machine");
  }
}

void ImageLock::begin_writing() const {
  for (const off_t permission : {write_data, resize}) {
    if (!set(file_.get(), F_RDLCK, doing + permission))
      in_use(disk_, "another process has locked the disk");
    if (is_locked(file_.get(), forbidding + permission))
      in_use(disk_,
             "another process reads the disk, perhaps a virtual machine whose disk it is based on");
  }
}

void await_unlocked(const std::string &image, std::chrono::seconds most) {
  const FileDescriptor file(::open(image.c_str(), O_RDONLY | O_CLOEXEC));
  const auto end = std::chrono::steady_clock::now() + most;
  while (file && is_locked(file.get(), doing, converting - doing) &&
         std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

}  // namespace v2v::core
