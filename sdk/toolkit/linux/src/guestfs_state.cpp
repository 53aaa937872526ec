// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See guestfs_state.hpp.
#include "guestfs_state.hpp"

#include <v2v/linux/guest_path.hpp>
#include <v2v/process/file_descriptor.hpp>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

namespace v2v::linux {
namespace {

constexpr std::size_t max_names = 64u << 20;   ///< bytes of a listing
constexpr std::size_t max_message = 1u << 20;  ///< bytes; libguestfs refuses messages above 4 MiB
constexpr std::size_t max_stat_batch = 1000;   ///< names that libguestfs asks for in one call

using OwnedStat = std::unique_ptr<struct guestfs_statns, Releaser<&guestfs_free_statns>>;
using OwnedStatList =
    std::unique_ptr<struct guestfs_statns_list, Releaser<&guestfs_free_statns_list>>;

FileInfo info_of(const struct guestfs_statns &st) {
  FileInfo info;
  const auto mode = static_cast<mode_t>(st.st_mode);
  if (S_ISREG(mode)) info.type = FileInfo::Type::file;
  if (S_ISDIR(mode)) info.type = FileInfo::Type::directory;
  info.size = static_cast<std::uint64_t>(st.st_size);
  info.mode = mode & 07777u;
  info.device = static_cast<std::uint64_t>(st.st_dev);
  info.inode = static_cast<std::uint64_t>(st.st_ino);
  return info;
}

std::vector<std::string> split_at_nul(const std::string &text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\0', begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

[[noreturn]] void too_many_names(const std::string &directory) {
  throw Error(Code::unsupported, "more than 64 MiB of file names in one directory", directory,
              "remove what is not needed from it in the guest");
}

}  // namespace

std::optional<std::string> GuestfsGuest::State::real_path(const std::string &path) {
  if (const auto known = cache_.at(path).real) return *known;
  if (auto known = cache_.real_directory(path)) return known;
  const OwnedText real(
      appliance_.call([&](guestfs_h *g) { return guestfs_realpath(g, path.c_str()); }));
  if (!real && !appliance_.last_is_absent()) appliance_.fail("cannot resolve the path", path);
  auto &known = cache_.at(path).real;
  known.emplace(real ? std::optional<std::string>(real.get()) : std::nullopt);
  return *known;
}

std::optional<FileInfo> GuestfsGuest::State::stat_one(const std::string &path) {
  const OwnedStat st(
      appliance_.call([&](guestfs_h *g) { return guestfs_statns(g, path.c_str()); }));
  if (!st && !appliance_.last_is_absent()) appliance_.fail("cannot look at the file", path);
  auto &info = cache_.at(path).info;
  info.emplace(st ? std::optional<FileInfo>(info_of(*st)) : std::nullopt);
  return *info;
}

void GuestfsGuest::State::stat_all(const std::string &directory,
                                   const std::vector<std::string> &names) {
  std::vector<const char *> list;
  list.reserve(names.size() + 1);
  for (const auto &name : names) list.push_back(name.c_str());
  list.push_back(nullptr);
  const OwnedStatList all(appliance_.call([&](guestfs_h *g) {
    return guestfs_lstatnslist(g, directory.c_str(), const_cast<char **>(list.data()));
  }));
  if (!all || all->len != names.size()) return;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto &st = all->val[i];
    // -1: gone. Where a link leads is not told here.
    if (st.st_ino == -1 || S_ISLNK(static_cast<mode_t>(st.st_mode))) continue;
    auto &known = cache_.at(join_path(directory, names[i]));
    known.info.emplace(info_of(st));
    known.link.emplace(std::nullopt);
  }
}

std::optional<FileInfo> GuestfsGuest::State::stat(const std::string &path) {
  if (const auto known = cache_.at(path).info) return *known;
  if (const auto answer = preloaded(path); answer.known && !answer.node) return std::nullopt;
  if (cache_.is_surely_absent(path)) return std::nullopt;
  const auto directory = parent_path(path);
  auto names = cache_.names_in(directory);
  if (!names && cache_.count_question(directory) > 2) {
    names = list(directory);
    if (cache_.is_surely_absent(path)) return std::nullopt;
  }
  if (names && names->size() <= max_stat_batch) {
    stat_all(directory, *names);
    if (const auto known = cache_.at(path).info) return *known;
  }
  return stat_one(path);
}

std::vector<std::string> GuestfsGuest::State::list(const std::string &directory) {
  if (const auto answer = preloaded(directory); answer.known)
    return answer.node ? tree_.names_in(answer.path) : std::vector<std::string>{};
  if (auto names = cache_.names_in(directory)) return *names;
  std::vector<std::string> names;
  try {
    const auto text = appliance_.receive_text(
        "cannot list the directory", directory, max_names,
        [&](guestfs_h *g, const char *file) { return guestfs_ls0(g, directory.c_str(), file); });
    if (!text) too_many_names(directory);
    names = split_at_nul(*text);
  } catch (const Error &) {
    const auto info = stat_one(directory);
    if (info && info->type == FileInfo::Type::directory) throw;
  }
  std::sort(names.begin(), names.end());
  cache_.at(directory).names = names;
  return names;
}

std::vector<std::string> GuestfsGuest::State::find(const std::string &directory) {
  std::vector<std::string> paths;
  if (const auto answer = preloaded(directory); answer.known) {
    if (!answer.node) return paths;
    for (const auto &path : tree_.paths_below(answer.path))
      paths.push_back(directory == "/" ? path : directory + path.substr(answer.path.size()));
    return paths;
  }
  if (auto known = cache_.at(directory).below) return *known;
  const auto real = real_path(directory);
  try {
    const auto text = !real
                          ? std::string()
                          : appliance_.receive_text("cannot search the directory", directory,
                                                    max_names, [&](guestfs_h *g, const char *file) {
                                                      return guestfs_find0(g, real->c_str(), file);
                                                    });
    if (!text) too_many_names(directory);
    for (const auto &name : split_at_nul(*text))
      paths.push_back(join_path(directory, name.substr(name.find_first_not_of('/'))));
  } catch (const Error &) {
    const auto info = stat_one(directory);
    if (info && info->type == FileInfo::Type::directory) throw;
  }
  std::sort(paths.begin(), paths.end());
  cache_.at(directory).below = paths;
  return paths;
}

std::optional<std::string> GuestfsGuest::State::link_target(const std::string &path) {
  if (const auto answer = preloaded(path, false); answer.known)
    return answer.node ? answer.node->link : std::nullopt;
  if (const auto known = cache_.at(path).link) return *known;
  if (cache_.is_surely_absent(path)) return std::nullopt;
  const OwnedText target(
      appliance_.call([&](guestfs_h *g) { return guestfs_readlink(g, path.c_str()); }));
  const bool no_link = guestfs_last_errno(appliance_.handle()) == EINVAL;
  if (!target && !no_link && !appliance_.last_is_absent())
    appliance_.fail("cannot read the link", path);
  auto &known = cache_.at(path).link;
  known.emplace(target ? std::optional<std::string>(target.get()) : std::nullopt);
  return *known;
}

std::string GuestfsGuest::State::download(const std::string &path) {
  auto text = appliance_.receive_text(
      "cannot read the file", path, GuestfsGuest::max_file,
      [&](guestfs_h *g, const char *file) { return guestfs_download(g, path.c_str(), file); });
  if (!text) throw Error(Code::unsupported, "the file is larger than 512 MiB", path);
  return std::move(*text);
}

std::string GuestfsGuest::State::place_of(const std::string &path, bool follow_last) {
  if (const auto answer = preloaded(path, follow_last); answer.known) return answer.path;
  if (follow_last)
    if (const auto real = real_path(path)) return *real;
  const auto directory = real_path(parent_path(path));
  if (!directory) throw Error(Code::not_found, "no such directory", parent_path(path));
  return join_path(*directory, base_name(path));
}

std::optional<std::string> GuestfsGuest::State::preloaded_place(const std::string &path,
                                                                bool follow_last) {
  preloaded(path, follow_last);
  if (tree_.is_empty()) return std::nullopt;
  auto place = place_of(path, follow_last);
  if (!tree_.holds(place)) return std::nullopt;
  return place;
}

void GuestfsGuest::State::upload(const std::string &path, std::string_view content,
                                 std::optional<std::uint64_t> at) {
  const process::FileDescriptor memory(::memfd_create("v2v-upload", MFD_CLOEXEC));
  for (std::size_t done = 0; done < content.size();) {
    const auto wrote = ::write(memory.get(), content.data() + done, content.size() - done);
    if (wrote <= 0) throw Error(Code::io, "cannot hold the new content in memory", path);
    done += static_cast<std::size_t>(wrote);
  }
  const auto file = "/proc/self/fd/" + std::to_string(memory.get());
  change(
      "cannot write the file", path,
      [&](guestfs_h *g) {
        return at ? guestfs_upload_offset(g, file.c_str(), path.c_str(),
                                          static_cast<std::int64_t>(*at))
                  : guestfs_upload(g, file.c_str(), path.c_str());
      },
      [&] { return file_and_directory(path, true); });
}

void GuestfsGuest::State::store(const std::string &path, std::string_view content) try {
  if (content.size() > max_message) return upload(path, content, std::nullopt);
  change(
      "cannot write the file", path,
      [&](guestfs_h *g) { return guestfs_write(g, path.c_str(), content.data(), content.size()); },
      [&] { return file_and_directory(path, true); });
} catch (...) {
  forget();
  throw;
}

void GuestfsGuest::State::append(const std::string &path, std::string_view content,
                                 std::uint64_t size) try {
  if (content.size() > max_message) return upload(path, content, size);
  change(
      "cannot append to the file", path,
      [&](guestfs_h *g) {
        return guestfs_write_append(g, path.c_str(), content.data(), content.size());
      },
      [&] { return file_and_directory(path, true); });
} catch (...) {
  forget();
  throw;
}

void GuestfsGuest::State::change(const std::string &what, const std::string &path, const Body &body,
                                 const std::function<std::vector<Touched>()> &touched) {
  if (appliance_.call(body) != -1) return;
  if (!appliance_.last_is_not_permitted()) appliance_.fail(what, path);
  LiftedAttributes lifted(appliance_, touched());
  try {
    appliance_.check(what, path, body);
  } catch (...) {
    lifted.undo();
    throw;
  }
  lifted.restore();
}

std::vector<Touched> GuestfsGuest::State::file_and_directory(const std::string &path,
                                                             bool follow_last) {
  const auto place = place_of(path, follow_last);
  const auto directory = parent_path(place);
  return {{place, place}, {directory, directory}};
}

std::uint64_t GuestfsGuest::State::free_space(const std::string &directory) {
  std::uint64_t bytes = 0;
  appliance_.check("cannot ask for the room in the directory", directory, [&](guestfs_h *g) {
    auto *stat = guestfs_statvfs(g, directory.c_str());
    if (!stat) return -1;
    bytes = static_cast<std::uint64_t>(stat->bfree) * static_cast<std::uint64_t>(stat->frsize);
    guestfs_free_statvfs(stat);
    return 0;
  });
  return bytes;
}

void GuestfsGuest::State::make_parents(const std::string &path) {
  const auto directory = parent_path(path);
  if (const auto answer = preloaded(directory); answer.known && answer.node) return;
  if (stat(directory)) return;
  change(
      "cannot make the directory", directory,
      [&](guestfs_h *g) { return guestfs_mkdir_p(g, directory.c_str()); },
      [&] {
        auto above = parent_path(directory);
        while (above != "/" && !stat(above)) above = parent_path(above);
        const auto place = place_of(above, true);
        return std::vector<Touched>{{place, place}};
      });
  // Its parents in a preloaded directory are new as well: read it again when it is needed.
  forget();
}

}  // namespace v2v::linux
