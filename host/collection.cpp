// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "collection.hpp"

#include <core/guest/tar_writer.hpp>
#include <v2v/error.hpp>

#include <fmt/format.h>

#include <set>

namespace v2v::host {
namespace {

constexpr mode_t owner_only = 0600;  // what is in a guest's files may be secret

[[noreturn]] void refuse(const std::string &what, const std::string &value) {
  throw Error(Code::usage, what, "--collect " + value,
              "write --collect GUEST[:LOCAL], for instance --collect /etc/fstab:before/fstab");
}

/// Without slashes where they mean nothing.
std::string tidy(const std::string &name) {
  const auto below = core::member_below("", name);
  return below.empty() ? below : below.substr(1);
}

}  // namespace

core::CollectedPath collected_path(const std::string &value) {
  const auto colon = value.find(':');
  core::CollectedPath path{value.substr(0, colon), ""};
  if (!path.guest.starts_with('/')) refuse("the guest's path does not begin with /", value);
  const bool named = colon != value.npos;
  const auto local = named ? value.substr(colon + 1) : path.guest.substr(1);
  if (named && local.starts_with('/')) refuse("the name in the archive begins with /", value);
  path.local = tidy(local);
  // For "/" the archive itself is the place.
  if (path.local.empty() && (named || core::member_below("", local).empty()) &&
      !(path.guest == "/" && !named))
    refuse("this is no name for a place in the archive", value);
  return path;
}

core::Collection collection(const CommandLine &command_line) {
  core::Collection wanted;
  if (command_line.collect.empty() && command_line.collect_output.empty()) return wanted;
  if (command_line.collect_output.empty())
    throw Error(Code::usage, "there is no file to collect into", "--collect",
                "add --collect-output FILE.tar.xz");
  if (command_line.collect.empty())
    throw Error(Code::usage, "it is not said what to collect", "--collect-output",
                "add --collect GUEST[:LOCAL] for each file or directory");
  if (!command_line.convert)
    throw Error(Code::usage, "files are collected in the course of a conversion", "--collect",
                "leave out --no-convert");
  std::set<std::string> names;
  for (const auto &path : command_line.collect)
    if (!names.insert(path.local).second)
      throw Error(Code::usage, fmt::format("two things would have the name '{}'", path.local),
                  "--collect " + path.guest, "give one of them another: --collect GUEST:LOCAL");
  wanted.paths = command_line.collect;
  wanted.file =
      std::make_shared<core::NewFile>(command_line.collect_output, owner_only, "what is collected");
  return wanted;
}

}  // namespace v2v::host
