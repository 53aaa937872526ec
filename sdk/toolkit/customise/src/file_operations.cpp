// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/customise/file_operations.hpp>

#include <v2v/customise/append_line.hpp>
#include <v2v/customise/edit.hpp>

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace v2v::customise {
namespace {

using guestfs::Releaser;
using Texts = std::unique_ptr<char *, void (*)(char **)>;

constexpr std::size_t most_edited = std::size_t{32} << 20;  ///< bytes of a file that is edited

/// What libguestfs gives as a list of its own.
Texts owned(char **texts) {
  return {texts, [](char **all) {
            for (auto *one = all; one && *one; ++one) std::free(*one);
            std::free(all);
          }};
}

int decimal(const std::string &text) {
  return static_cast<int>(std::strtol(text.c_str(), nullptr, 10));
}

}  // namespace

bool FileOperations::has(const Operation &operation) {
  static constexpr const char *kinds[] = {
      "append-line", "chmod",  "chown", "copy",     "copy-in",
      "delete",      "edit",   "link",  "mkdir",    "move",
      "scrub",       "tar-in", "touch", "truncate", "truncate-recursive",
      "upload",      "write"};
  return std::find(std::begin(kinds), std::end(kinds), operation.kind) != std::end(kinds);
}

void FileOperations::check(const Operation &operation) {
  if (operation.kind == "edit") check_expression(operation.arguments.at(1));
}

void FileOperations::apply(const Operation &operation) {
  const auto &kind = operation.kind;
  const auto &all = operation.arguments;
  const auto simple = [&](const char *what, const std::string &path, auto call) {
    appliance_.check(what, all[0], [&](guestfs_h *g) { return call(g, path.c_str()); });
  };
  if (kind == "append-line")
    append_line(all[0], all[1]);
  else if (kind == "chmod")
    change_mode(all[0], static_cast<unsigned>(std::strtoul(all[1].c_str(), nullptr, 8)));
  else if (kind == "chown")
    change_owner(all[0], decimal(all[1]), decimal(all[2]));
  else if (kind == "copy")
    copy(all[0], all[1]);
  else if (kind == "copy-in")
    copy_in(all[0], all[1]);
  else if (kind == "delete")
    remove(all[0]);
  else if (kind == "edit")
    edit(all[0], all[1]);
  else if (kind == "link")
    std::for_each(all.begin() + 1, all.end(), [&](const auto &path) { link(all[0], path); });
  else if (kind == "mkdir")
    simple("cannot make the directory in the guest", places_.real(all[0]), guestfs_mkdir_p);
  else if (kind == "move")
    move(all[0], all[1]);
  else if (kind == "scrub")
    simple("cannot scrub the guest's file", places_.file(all[0]), guestfs_scrub_file);
  else if (kind == "tar-in")
    appliance_.check("cannot unpack the archive into the guest", all[0], [&](guestfs_h *g) {
      return guestfs_tar_in(g, all[0].c_str(), places_.directory(all[1]).c_str());
    });
  else if (kind == "touch")
    simple("cannot touch the guest's file", places_.writable(all[0]), guestfs_touch);
  else if (kind == "truncate")
    simple("cannot truncate the guest's file", places_.file(all[0]), guestfs_truncate);
  else if (kind == "truncate-recursive")
    truncate_below(places_.directory(all[0]));
  else if (kind == "upload")
    upload(all[0], all[1]);
  else
    write(all[0], all[1]);
}

void FileOperations::append_line(const std::string &path, const std::string &line) {
  const std::string line_end = names_ == Names::any_case ? "\r\n" : "\n";
  const auto real = places_.writable(path);
  if (!places_.exists(real)) return write(path, line + line_end);
  const auto size =
      appliance_.call([&](guestfs_h *g) { return guestfs_filesize(g, real.c_str()); });
  if (size == -1) appliance_.fail("cannot tell the size of the guest's file", path);
  constexpr int enough = 8192;
  const auto start = bytes(real, enough, 0);
  const auto end = size > enough
                       ? bytes(real, 2, size - 2)
                       : start.substr(start.size() - std::min<std::size_t>(2, start.size()));
  const auto text = appended_line(start, end, line, line_end);
  appliance_.check("cannot append to the guest's file", path, [&](guestfs_h *g) {
    return guestfs_write_append(g, real.c_str(), text.data(), text.size());
  });
}

std::string FileOperations::bytes(const std::string &path, int count, std::int64_t offset) {
  std::size_t got = 0;
  const guestfs::OwnedText text(appliance_.call(
      [&](guestfs_h *g) { return guestfs_pread(g, path.c_str(), count, offset, &got); }));
  if (!text) appliance_.fail("cannot read the guest's file", path);
  return {text.get(), got};
}

void FileOperations::change_mode(const std::string &path, unsigned mode) {
  appliance_.check("cannot change the permissions in the guest", path, [&](guestfs_h *g) {
    return guestfs_chmod(g, static_cast<int>(mode), places_.real(path).c_str());
  });
}

void FileOperations::change_owner(const std::string &path, int user, int group) {
  appliance_.check("cannot change the owner in the guest", path, [&](guestfs_h *g) {
    return guestfs_chown(g, user, group, places_.real(path).c_str());
  });
}

void FileOperations::copy(const std::string &from, const std::string &to) {
  const auto source = places_.name(from), target = places_.real(to);
  appliance_.check("cannot copy in the guest to " + to, from,
                   [&](guestfs_h *g) { return guestfs_cp_a(g, source.c_str(), target.c_str()); });
}

void FileOperations::copy_in(const std::string &local, const std::string &directory) {
  const auto target = places_.directory(directory);
  appliance_.check("cannot copy into the guest", local,
                   [&](guestfs_h *g) { return guestfs_copy_in(g, local.c_str(), target.c_str()); });
}

/// The directories above the first wildcard are looked up as other paths are.
void FileOperations::remove(const std::string &pattern) {
  const auto wild = pattern.find_first_of("*?[{");
  const auto slash = pattern.rfind('/', wild);
  auto resolved = pattern;
  if (wild == std::string::npos)
    resolved = places_.name(pattern);
  else if (slash > 0)
    resolved = places_.real(pattern.substr(0, slash)) + pattern.substr(slash);
  std::vector<std::string> found{resolved};
  if (wild != std::string::npos) {
    const auto names = owned(appliance_.call([&](guestfs_h *g) {
      return guestfs_glob_expand_opts(g, resolved.c_str(), GUESTFS_GLOB_EXPAND_OPTS_DIRECTORYSLASH,
                                      0, -1);
    }));
    if (!names) appliance_.fail("cannot look for what is to be deleted in the guest", pattern);
    found.clear();
    for (auto *one = names.get(); *one; ++one) found.push_back(places_.name(*one));
  }
  if (found.empty()) log_.debug("nothing matches " + pattern);
  for (const auto &path : found) {
    if (path == "/")
      throw Error(Code::usage, "that is all of the guest", "--delete " + pattern,
                  "give the path of a file or a directory");
    appliance_.check("cannot delete in the guest", path,
                     [&](guestfs_h *g) { return guestfs_rm_rf(g, path.c_str()); });
  }
}

void FileOperations::edit(const std::string &path, const std::string &expression) {
  const auto real = places_.file(path);
  const auto content = appliance_.receive_text(
      "cannot read the guest's file", path, most_edited,
      [&](guestfs_h *g, const char *file) { return guestfs_download(g, real.c_str(), file); });
  if (!content)
    throw Error(Code::unsupported, "the file is larger than 32 MiB", "--edit " + path,
                "edit it with --run-command");
  const auto changed = edited(*content, expression, path);
  if (changed != *content) write(path, changed);
}

/// In a directory that is there the link gets the name of its target, as ln does it.
void FileOperations::link(const std::string &target, const std::string &path) {
  auto place = places_.name(path);
  if (const auto real = places_.real(path); places_.is_directory(real))
    place = real + "/" + std::filesystem::path(target).filename().string();
  appliance_.check("cannot make the link in the guest", path,
                   [&](guestfs_h *g) { return guestfs_ln_sf(g, target.c_str(), place.c_str()); });
}

void FileOperations::move(const std::string &from, const std::string &to) {
  const auto source = places_.name(from), real = places_.real(to);
  const auto target = places_.is_directory(real) ? real : places_.name(to);
  appliance_.check("cannot move in the guest to " + to, from,
                   [&](guestfs_h *g) { return guestfs_mv(g, source.c_str(), target.c_str()); });
}

/// Links are left alone: what they name may lie elsewhere.
void FileOperations::truncate_below(const std::string &directory) {
  const std::unique_ptr<struct guestfs_dirent_list, Releaser<&guestfs_free_dirent_list>> entries(
      appliance_.call([&](guestfs_h *g) { return guestfs_readdir(g, directory.c_str()); }));
  if (!entries) appliance_.fail("cannot list the guest's directory", directory);
  for (std::uint32_t i = 0; i < entries->len; ++i) {
    const std::string name = entries->val[i].name;
    if (name == "." || name == "..") continue;
    const auto path = (directory == "/" ? "" : directory) + "/" + name;
    if (entries->val[i].ftyp == 'd') truncate_below(path);
    if (entries->val[i].ftyp == 'r')
      appliance_.check("cannot truncate the guest's file", path,
                       [&](guestfs_h *g) { return guestfs_truncate(g, path.c_str()); });
  }
}

void FileOperations::upload(const std::string &local, const std::string &path) {
  auto target = places_.real(path);
  if (places_.is_directory(target))
    target += (target == "/" ? "" : "/") + std::filesystem::path(local).filename().string();
  target = places_.writable(target);
  appliance_.check("cannot upload into the guest to " + path, local,
                   [&](guestfs_h *g) { return guestfs_upload(g, local.c_str(), target.c_str()); });
  struct stat info {};
  if (names_ == Names::any_case || ::stat(local.c_str(), &info) != 0) return;
  change_mode(target, info.st_mode & 07777u);
  // Some file systems have no owners.
  const int changed = appliance_.call([&](guestfs_h *g) {
    return guestfs_chown(g, static_cast<int>(info.st_uid), static_cast<int>(info.st_gid),
                         target.c_str());
  });
  if (changed == -1 && appliance_.last_is_not_permitted())
    log_.warning(fmt::format("{} cannot be given its owner in the guest", path));
  else if (changed == -1)
    appliance_.fail("cannot change the owner in the guest", path);
}

void FileOperations::write(const std::string &path, const std::string &content) {
  const auto real = places_.writable(path);
  appliance_.check("cannot write the guest's file", path, [&](guestfs_h *g) {
    return guestfs_write(g, real.c_str(), content.data(), content.size());
  });
}

}  // namespace v2v::customise
