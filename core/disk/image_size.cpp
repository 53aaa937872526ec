// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/image_size.hpp>

#include <core/disk/qemu_img.hpp>
#include <core/disk/qemu_location.hpp>
#include <core/run/file_descriptor.hpp>

#include <fcntl.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>

namespace v2v::core {
namespace {

// info reads a header; measure walks the tables of the whole chain, over a network perhaps.
constexpr std::chrono::seconds info_limit{30};

constexpr std::uint64_t qcow2_cluster = 64 * 1024;

std::uint64_t ask(std::vector<std::string> arguments, const char *field, const std::string &what,
                  const std::string &object, const Cancellation &cancellation,
                  std::chrono::milliseconds limit) {
  const auto answer = QemuImg{std::move(arguments), what, object, &cancellation, limit}.run();
  const auto json = nlohmann::json::parse(answer, nullptr, false);
  if (!json.is_object() || !json.contains(field) || !json[field].is_number_unsigned())
    throw Error(Code::internal, "qemu-img gave an answer that is not understood", object,
                "install qemu-img 6.0 or newer");
  return json[field].get<std::uint64_t>();
}

/// qemu itself refuses a second reader beside a writer only for some formats, not for raw. A writer
/// holds a lock on this byte (qemu, block/file-posix.c: the base of permissions, and write's bit).
void refuse_if_written_to(const Location &location) {
  if (location.type != Location::Type::file) return;
  const FileDescriptor file(::open(location.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = 100 + 1;
  lock.l_len = 1;
  if (file && ::fcntl(file.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
    throw Error(Code::access,
                "another process writes to the disk, probably a running virtual machine",
                display_name(location), "shut the virtual machine down and try again");
}

}  // namespace

std::uint64_t virtual_size(const Location &location, const Cancellation &cancellation) {
  refuse_if_written_to(location);
  const auto size = ask({"info", "--output=json", qemu_filename(location)}, "virtual-size",
                        "cannot open the disk", display_name(location), cancellation, info_limit);
  if (size == 0)
    throw Error(Code::corrupt, "the disk has no bytes", display_name(location),
                "copy or export it again");
  return size;
}

std::uint64_t measured_size(std::uint64_t virtual_size, std::uint64_t clusters,
                            const Cancellation &cancellation) {
  // What qemu-img says of a disk: metadata for all of it, and the clusters that hold data.
  const auto metadata =
      ask({"measure", "-O", "qcow2", "--output=json", "--size", std::to_string(virtual_size)},
          "required", "cannot measure a disk", "", cancellation, info_limit);
  return metadata + clusters * qcow2_cluster;
}

std::uint64_t allocated_size(const Location &location) {
  struct stat status = {};
  if (location.type != Location::Type::file || ::stat(location.path.c_str(), &status) != 0)
    return 0;
  return static_cast<std::uint64_t>(status.st_blocks) * 512;
}

}  // namespace v2v::core
