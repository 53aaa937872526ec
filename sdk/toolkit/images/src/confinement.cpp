// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/images/confinement.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace v2v::images {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_reason(const std::error_code &error, const std::string &path) {
  const auto code = error == std::errc::permission_denied           ? Code::access
                    : error == std::errc::no_such_file_or_directory ? Code::not_found
                                                                    : Code::io;
  throw Error(code, error.message(), text::printable(path));
}

/// Whether the path is the directory or below it; both have no dots and no links.
bool is_inside(const fs::path &path, const fs::path &directory) {
  return std::mismatch(directory.begin(), directory.end(), path.begin(), path.end()).first ==
         directory.end();
}

bool is_windows_path(const std::string &name) {
  const bool drive =
      name.size() > 2 && std::isalpha(static_cast<unsigned char>(name[0])) && name[1] == ':';
  return drive || name.find('\\') != name.npos;
}

[[noreturn]] void throw_outside(const std::string &name, const std::string &role,
                                const std::string &namer, const fs::path &directory) {
  throw Error(Code::unsupported,
              fmt::format("{} \"{}\" is outside of {}, which is not trusted", role,
                          text::printable(name), text::printable(directory.string())),
              namer,
              "copy all files of the guest into one directory and make the name relative to it; "
              "or, if you trust the guest's files, give --allow-references");
}

/// The datastore of a path as ESXi writes it, /vmfs/volumes/DATASTORE/…; else empty.
std::string datastore_of(const std::string &name) {
  constexpr std::string_view volumes = "/vmfs/volumes/";
  if (name.compare(0, volumes.size(), volumes) != 0) return {};
  return name.substr(volumes.size(), name.find('/', volumes.size()) - volumes.size());
}

[[noreturn]] void throw_on_datastore(const std::string &name, const std::string &datastore,
                                     const std::string &role, const std::string &namer) {
  throw Error(
      Code::not_found,
      fmt::format("{} \"{}\" is on the datastore \"{}\", which cannot be reached from here", role,
                  text::printable(name), text::printable(datastore)),
      namer,
      "copy that file and its parts from the datastore to the guest's other files and make "
      "the name relative; or move the guest to one datastore in VMware (Storage vMotion) and "
      "copy it again");
}

[[noreturn]] void throw_missing(const std::string &name, const std::string &role,
                                const std::string &namer) {
  if (is_windows_path(name))
    throw Error(
        Code::unsupported,
        fmt::format("{} \"{}\" is a path on a Windows machine", role, text::printable(name)), namer,
        "copy that file to the others and make the name relative, without '\\'");
  throw Error(Code::not_found, fmt::format("{} \"{}\" is missing", role, text::printable(name)),
              namer, "copy all files of the guest, under the names they have");
}

void check_type(const fs::path &path, const std::string &role, const std::string &namer) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0)
    throw_reason(std::error_code(errno, std::generic_category()), path.string());
  if (S_ISREG(status.st_mode)) return;
  const auto name = text::printable(path.string());
  if (S_ISBLK(status.st_mode))
    throw Error(Code::unsupported, fmt::format("{} {} is a physical disk", role, name), namer,
                "give the device itself with -i disk");
  throw Error(Code::unsupported, fmt::format("{} {} is no regular file", role, name), namer,
              "copy all files of the guest as they are");
}

}  // namespace

Confinement::Confinement(const fs::path &directory, bool anywhere) : anywhere_(anywhere) {
  std::error_code error;
  directory_ = fs::canonical(directory, error);
  if (error) throw_reason(error, directory.string());
}

std::string Confinement::resolve(const std::string &name, const fs::path &base,
                                 const std::string &role, const std::string &namer) const {
  if (name.empty() || text::has_control_character(name))
    throw Error(Code::corrupt, fmt::format("{} has no usable name", role), namer,
                "copy or export the guest again");
  const auto path = base / name;
  std::error_code error;
  const auto real = fs::canonical(path, error);
  if (error) {
    if (const auto datastore = datastore_of(name); !datastore.empty())
      if (error == std::errc::no_such_file_or_directory)
        throw_on_datastore(name, datastore, role, namer);
    // Not there. That it may not be named anyway says more than that it is missing.
    const bool outside = !is_inside(path.lexically_normal(), base) &&
                         !is_inside(path.lexically_normal(), directory_);
    if (outside && !anywhere_) throw_outside(name, role, namer, directory_);
    if (error == std::errc::permission_denied) throw_reason(error, path.string());
    throw_missing(name, role, namer);
  }
  if (!anywhere_ && !is_inside(real, directory_)) throw_outside(name, role, namer, directory_);
  if (!text::is_utf8(real.string()))
    throw Error(Code::unsupported, fmt::format("the path of {} is not UTF-8", role),
                text::printable(real.string()), "rename the directories and files above it");
  check_type(real, role, namer);
  return real.string();
}

OpenImage::OpenImage(const std::string &path)
    : name_(text::printable(path)),
      file_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)) {
  if (!file_) {
    const int reason = errno;
    if (reason == EACCES || reason == EPERM)
      throw Error(Code::access, "it may not be read", name_,
                  "run v2v as a user who may read the guest's files");
    throw_reason(std::error_code(reason, std::generic_category()), path);
  }
  struct stat status = {};
  if (::fstat(file_.get(), &status) != 0 || !S_ISREG(status.st_mode))
    throw Error(Code::unsupported, "this is no regular file", name_, "give the file itself");
  device_ = status.st_dev;
  inode_ = status.st_ino;
}

}  // namespace v2v::images
