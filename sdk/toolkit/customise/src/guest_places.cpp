// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/customise/guest_places.hpp>

namespace v2v::customise {
namespace {

using guestfs::OwnedText;

/// Without slashes at its end: the parent and the last name. The root is its own parent.
std::pair<std::string, std::string> split(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {"/", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

std::string join(const std::string &directory, const std::string &name) {
  return directory == "/" ? "/" + name : directory + "/" + name;
}

}  // namespace

/// Only the last name: what is above it is real already.
std::string GuestPlaces::spelled(const std::string &path) {
  if (names_ == Names::exact) return path;
  const OwnedText known(
      appliance_.call([&](guestfs_h *g) { return guestfs_case_sensitive_path(g, path.c_str()); }));
  return known ? std::string(known.get()) : path;
}

std::string GuestPlaces::real(const std::string &path) {
  const auto tried = spelled(path);
  const OwnedText resolved(
      appliance_.call([&](guestfs_h *g) { return guestfs_realpath(g, tried.c_str()); }));
  if (resolved) return resolved.get();
  const auto [parent, last] = split(path);
  if (last.empty()) return "/";
  // A name that is not there yet is none to go up from.
  if (last == "..")
    throw Error(Code::not_found, "no such directory in the guest", path, "give a path without ..");
  return spelled(join(real(parent), last));
}

std::string GuestPlaces::name(const std::string &path) {
  const auto [parent, last] = split(path);
  if (last.empty() || last == "." || last == "..") return real(path);
  return spelled(join(real(parent), last));
}

bool GuestPlaces::exists(const std::string &path) {
  return appliance_.call([&](guestfs_h *g) { return guestfs_exists(g, path.c_str()); }) == 1;
}

bool GuestPlaces::is_directory(const std::string &path) {
  return appliance_.call([&](guestfs_h *g) { return guestfs_is_dir(g, path.c_str()); }) == 1;
}

std::string GuestPlaces::file(const std::string &path) {
  auto found = real(path);
  if (appliance_.call([&](guestfs_h *g) { return guestfs_is_file(g, found.c_str()); }) != 1)
    throw Error(Code::not_found, "the guest has no such regular file", path,
                "check the path; options are done in the order in which they are given");
  return found;
}

std::string GuestPlaces::directory(const std::string &path) {
  auto found = real(path);
  if (!is_directory(found))
    throw Error(Code::not_found, "the guest has no such directory", path,
                "make it first: --mkdir " + path);
  return found;
}

std::string GuestPlaces::writable(const std::string &path) {
  auto found = real(path);
  if (exists(found) &&
      appliance_.call([&](guestfs_h *g) { return guestfs_is_file(g, found.c_str()); }) != 1)
    throw Error(Code::exists, "what is there in the guest is no regular file", path,
                "give the path of a file");
  return found;
}

}  // namespace v2v::customise
