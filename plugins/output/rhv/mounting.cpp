// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See mounting.hpp.
#include "mounting.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <v2v/ovf/volume_meta.hpp>
#include <v2v/process/process.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include "files.hpp"

namespace v2v::output_rhv {
namespace {

// A server that is not there lets mount.nfs try for two minutes.
constexpr std::chrono::minutes mount_limit{3};
constexpr std::chrono::seconds unmount_limit{30};

/// A path as the kernel writes it into tables: a blank is \040 (proc(5), mountinfo).
std::string in_table(const std::string &path) {
  std::string written;
  for (const char byte : path)
    written += byte == ' ' || byte == '\t' || byte == '\n' || byte == '\\'
                   ? fmt::format("\\{:03o}", static_cast<unsigned char>(byte))
                   : std::string(1, byte);
  return written;
}

}  // namespace

Mount parse_storage(const std::string &storage) {
  if (storage.empty())
    throw Error(Code::usage, "-os option was not specified", "-o rhv",
                "give the export storage domain: -os server:/export or -os /directory");
  if (!text::is_xml_text(storage) || text::has_control_character(storage))
    throw Error(Code::usage, "the name of the storage domain is not plain UTF-8 text",
                text::printable(storage), "choose another -os");
  const auto colon = storage.find(":/");
  if (storage[0] == '/' || colon == std::string::npos)
    return {{}, std::filesystem::absolute(storage).lexically_normal().string()};
  // It would be an option for mount.
  if (colon == 0 || storage[0] == '-')
    throw Error(Code::usage, "the storage domain has no name of a server", storage,
                "write -os server:/export");
  return {storage, {}};
}

std::string new_mount_point() {
  // The kernel's table has the path without symbolic links.
  const auto directory = std::filesystem::canonical(std::filesystem::temp_directory_path());
  return (directory / ("v2v-export." + ovf::new_uuid())).string();
}

void mount(const Mount &mount, const std::function<void()> &check_cancelled) {
  if ((mkdir(mount.at.c_str(), 0755) != 0 && errno != EEXIST) || chmod(mount.at.c_str(), 0755) != 0)
    throw system_error(errno, "cannot create the mount point", mount.at);
  process::Command command{{"mount", mount.from, mount.at}};
  command.timeout = mount_limit;
  command.check_cancelled = check_cancelled;
  command.package = "nfs-common";
  const char *const what = "cannot mount the export storage domain";
  const auto result = command.run(what, mount.from);
  if (result.status == 0) return;
  rmdir(mount.at.c_str());
  const auto said = text::printable(result.error.substr(0, result.error.find('\n')));
  throw Error(Code::access, fmt::format("{}: {}", what, said), mount.from,
              geteuid() == 0
                  ? "see whether the server exports this path to this machine, and whether "
                    "nfs-common (Debian, Ubuntu) or nfs-utils (Fedora, RHEL) is installed"
                  : "run v2v as root, or mount it first and give the directory with -os");
}

bool is_mounted(const Mount &mount) {
  // Fields: id, parent, device, root, mount point …
  std::ifstream table("/proc/self/mountinfo");
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    std::string skipped, at;
    words >> skipped >> skipped >> skipped >> skipped >> at;
    if (at == in_table(mount.at)) return true;
  }
  return false;
}

void unmount(const Mount &mount) {
  if (is_mounted(mount)) {
    process::Command command{{"umount", mount.at}};
    command.timeout = unmount_limit;
    if (command.run("cannot unmount", mount.at).status != 0) {
      command.argv = {"umount", "-l", mount.at};
      command.run_checked("cannot unmount", mount.at);
    }
  }
  if (rmdir(mount.at.c_str()) != 0 && errno != ENOENT)
    throw system_error(errno, "cannot remove the mount point", mount.at);
}

}  // namespace v2v::output_rhv
