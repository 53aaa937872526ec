// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See initramfs.hpp. What the guest's own tools do is in initramfs_rebuild.cpp.
#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/initramfs.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace v2v::linux {
namespace {

using Archive = std::unique_ptr<InitramfsArchive>;

/// What an initramfs lacks.
struct Missing {
  std::vector<std::string> modules;
  std::vector<InitramfsFile> files;

  bool nothing() const { return modules.empty() && files.empty(); }
  std::string describe() const {
    std::string text;
    for (const auto &module : modules) text += (text.empty() ? "" : ", ") + module;
    for (const auto &file : files) text += (text.empty() ? "" : ", ") + file.path;
    return text;
  }
};

Missing find_missing(const InitramfsArchive &archive, const Kernel &kernel,
                     const std::vector<std::string> &modules, const InitramfsOptions &options) {
  Missing missing;
  missing.modules = missing_modules(archive, kernel, modules);
  if (!options.extra_files) return missing;
  for (auto &file : options.extra_files(archive))
    if (archive.read(file.path) != file.content) missing.files.push_back(std::move(file));
  return missing;
}

Archive read_archive(Guest &guest, const Kernel &kernel) {
  return std::make_unique<InitramfsArchive>(guest.read(kernel.initrd), kernel.initrd);
}

/// Null, with the reason, for one that has to be made anew.
Archive try_to_read(Guest &guest, const Kernel &kernel, std::string &reason, const Log &log) {
  try {
    auto archive = read_archive(guest, kernel);
    log.debug(fmt::format("{}: {}; {}", kernel.initrd, kind_name(initramfs_kind(*archive)),
                          archive->describe()));
    return archive;
  } catch (const Error &error) {
    if (error.code() != Code::corrupt && error.code() != Code::unsupported) throw;
    reason = error.what();
    return nullptr;
  }
}

/// Old versions of update-initramfs (Debian 11 and before) keep the SHA-1 of what they made, and
/// silently refuse to update an initramfs that has another one.
void refresh_checksum(Guest &guest, const Kernel &kernel, const Log &log) {
  const auto record = "/var/lib/initramfs-tools/" + kernel.version;
  if (!guest.is_file(record)) return;
  const auto result = guest.run({"sha1sum", kernel.initrd});
  const bool sum = result.status == 0 && result.output.size() > 41 &&
                   result.output.find_first_not_of("0123456789abcdef") == 40;
  if (sum)
    guest.write(record, result.output);
  else
    log.warning(
        fmt::format("{}: cannot be brought up to date; run update-initramfs -u -t in the "
                    "guest before its next update",
                    record));
}

/// After a failed append: what is behind the original image would only make the kernel complain.
void restore(Guest &guest, const InitramfsArchive &archive) {
  try {
    auto file = guest.read(archive.name());
    file.resize(std::min<std::size_t>(file.size(), archive.image_size()));
    if (archive.is_same_image(file)) guest.write(archive.name(), file);
  } catch (const Error &) {
    // The first failure is the one to report.
  }
}

std::string room_remedy(std::uint64_t bytes) {
  return fmt::format("it needs {} KiB more in /boot; make room in the guest and convert it again",
                     bytes / 1024 + 1);
}

/// Appends to the initramfs in the guest, and reads it back. Nothing is written where there is no room.
void append_to_guest(Guest &guest, InitramfsArchive &archive, const std::string &tail) {
  // A file system that is filled to its last block has trouble of its own.
  constexpr std::uint64_t reserve = 256 * 1024;
  if (const auto free = guest.free_space(parent_path(archive.name())); free < tail.size() + reserve)
    throw Error(
        Code::no_space,
        fmt::format("there is no room for the drivers of KVM: {} KiB are free", free / 1024),
        archive.name(), room_remedy(tail.size() + reserve - free));
  try {
    guest.append(archive.name(), tail);
  } catch (const Error &error) {
    restore(guest, archive);
    throw Error(error.code(), error.failure(), error.object(), room_remedy(tail.size()));
  }
  archive.append(tail);
  if (!archive.is_same_image(guest.read(archive.name())))
    throw Error(Code::io, "the initramfs read back is not what was written", archive.name(),
                "check the guest's /boot file system");
}

/// Grafts if that is possible.
/// @return why it is not; empty if it was done
std::string graft(Guest &guest, const Kernel &kernel, InitramfsArchive &archive,
                  const Missing &missing, const InitramfsOptions &options, const Log &log) {
  if (auto obstacle = graft_obstacle(archive); !obstacle.empty()) return obstacle;
  std::string tail;
  try {
    tail =
        make_graft(archive, guest, kernel, missing.modules, missing.files, options.run_directory);
  } catch (const Error &error) {
    if (error.code() == Code::cancelled) throw;
    return error.what();
  }
  append_to_guest(guest, archive, tail);
  refresh_checksum(guest, kernel, log);
  return "";
}

void require_modules(const Missing &missing, const Kernel &kernel) {
  if (missing.modules.empty()) return;
  Missing only_modules{missing.modules, {}};
  throw Error(Code::unsupported,
              fmt::format("the initramfs still lacks {}, so the guest would not find its disk on "
                          "KVM",
                          only_modules.describe()),
              kernel.initrd, "add these modules to the guest's initramfs and convert it again");
}

/// After a rebuild: what the guest's tools left out of the caller's files is appended, where that
/// is possible.
void complete_rebuilt(Guest &guest, const Kernel &kernel, const std::vector<std::string> &modules,
                      const InitramfsOptions &options, const Log &log) {
  const auto archive = read_archive(guest, kernel);
  auto missing = find_missing(*archive, kernel, modules, options);
  require_modules(missing, kernel);
  if (missing.files.empty()) return;
  const auto obstacle = graft(guest, kernel, *archive, missing, options, log);
  if (!obstacle.empty())
    log.warning(
        fmt::format("{}: {} cannot be added ({})", kernel.initrd, missing.describe(), obstacle));
}

}  // namespace

InitramfsResult ensure_initramfs(Guest &guest, const Kernel &kernel,
                                 const std::vector<std::string> &modules,
                                 const InitramfsOptions &options, const Log &log) {
  using Action = InitramfsResult::Action;
  if (kernel.initrd.empty()) return {Action::nothing, "the kernel has no initramfs"};
  std::string reason = "the user asked for it";
  bool boots = false;  // even as it is
  Archive archive;
  if (!options.rebuild) archive = try_to_read(guest, kernel, reason, log);
  if (archive) {
    const auto missing = find_missing(*archive, kernel, modules, options);
    if (missing.nothing()) return {Action::nothing, "it has all that KVM needs"};
    const auto obstacle = graft(guest, kernel, *archive, missing, options, log);
    if (obstacle.empty()) {
      require_modules(find_missing(*archive, kernel, modules, {}), kernel);
      keep_modules_in_rebuilds(guest, kernel, modules, options.kept_files, log);
      return {Action::grafted, "it lacked " + missing.describe()};
    }
    reason = fmt::format("it lacks {} and cannot be grafted: {}", missing.describe(), obstacle);
    boots = missing.modules.empty() &&
            std::none_of(missing.files.begin(), missing.files.end(),
                         [](const InitramfsFile &file) { return file.needed; });
  }
  archive.reset();
  keep_modules_in_rebuilds(guest, kernel, modules, options.kept_files, log);
  log.debug(fmt::format("{}: rebuilding: {}", kernel.initrd, reason));
  try {
    rebuild_initramfs(guest, kernel, modules, options.root_device, log);
  } catch (const Error &error) {
    if (!boots || error.code() == Code::cancelled) throw;
    log.warning(fmt::format("{}: {}; {}", kernel.initrd, reason, error.what()));
    require_modules(find_missing(*read_archive(guest, kernel), kernel, modules, {}), kernel);
    return {Action::nothing, "it could not be rebuilt"};
  }
  complete_rebuilt(guest, kernel, modules, options, log);
  return {Action::rebuilt, reason};
}

}  // namespace v2v::linux
