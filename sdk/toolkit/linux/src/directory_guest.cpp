// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See directory_guest.hpp.
#include <v2v/linux/directory_guest.hpp>
#include <v2v/linux/guest_path.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace v2v::linux {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string &what, const std::string &path, int error) {
  const auto code = error == ENOENT ? Code::not_found : Code::io;
  throw Error(code, what + ": " + std::strerror(error), path);
}

std::optional<std::string> read_link(const std::string &host_path) {
  std::error_code error;
  const auto target = fs::read_symlink(host_path, error);
  if (error) return std::nullopt;
  return target.string();
}

}  // namespace

DirectoryGuest::DirectoryGuest(std::string root) : root_(std::move(root)) {
  while (root_.size() > 1 && root_.back() == '/') root_.pop_back();
  if (!fs::is_directory(root_)) throw Error(Code::not_found, "no such directory", root_);
}

std::optional<std::string> DirectoryGuest::locate(const std::string &path, bool follow_last) const {
  const auto resolved = resolve_links(path, follow_last, [this](const std::string &name) {
    if (const auto target = read_link(root_ + name)) return PathStep{PathStep::Kind::link, *target};
    return PathStep{};
  });
  if (!resolved) return std::nullopt;
  return root_ + resolved->path;
}

std::string DirectoryGuest::on_host(const std::string &path, bool follow_last) const {
  const auto host_path = locate(path, follow_last);
  if (!host_path) throw Error(Code::corrupt, "symbolic links form a loop", path);
  return *host_path;
}

void DirectoryGuest::make_directory(const std::string &path, std::uint32_t mode) {
  const auto host_path = on_host(path, true);
  if (!fs::create_directories(host_path)) return;
  if (::chmod(host_path.c_str(), mode) != 0) fail("cannot set the mode", path, errno);
}

void DirectoryGuest::set_owner(const std::string &path, unsigned user, unsigned group) {
  owners_.push_back(clean_path(path) + " " + std::to_string(user) + ":" + std::to_string(group));
}

std::optional<FileInfo> DirectoryGuest::stat(const std::string &path) {
  struct ::stat st {};
  const auto host_path = locate(path, true);
  if (!host_path || ::lstat(host_path->c_str(), &st) != 0) return std::nullopt;
  FileInfo info;
  if (S_ISREG(st.st_mode)) info.type = FileInfo::Type::file;
  if (S_ISDIR(st.st_mode)) info.type = FileInfo::Type::directory;
  info.size = static_cast<std::uint64_t>(st.st_size);
  info.mode = st.st_mode & 07777u;
  info.device = st.st_dev;
  info.inode = st.st_ino;
  return info;
}

std::vector<std::string> DirectoryGuest::list(const std::string &directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(on_host(directory, true), error))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> DirectoryGuest::find(const std::string &directory) {
  const auto base = on_host(directory, true);
  const auto prefix = clean_path(directory);
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto &entry : fs::recursive_directory_iterator(base, error))
    paths.push_back(join_path(prefix, entry.path().string().substr(base.size() + 1)));
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::optional<std::string> DirectoryGuest::link_target(const std::string &path) {
  return read_link(on_host(path, false));
}

std::string DirectoryGuest::read(const std::string &path) {
  const auto host_path = on_host(path, true);
  std::ifstream file(host_path, std::ios::binary);
  if (!is_file(path) || !file) fail("cannot read the file", path, ENOENT);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

void DirectoryGuest::write(const std::string &path, std::string_view content, std::uint32_t mode) {
  const auto host_path = on_host(path, true);
  const bool is_new = !fs::exists(host_path);
  fs::create_directories(fs::path(host_path).parent_path());
  std::ofstream file(host_path, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file) fail("cannot write the file", path, errno);
  if (is_new && ::chmod(host_path.c_str(), mode) != 0) fail("cannot set the mode", path, errno);
}

void DirectoryGuest::append(const std::string &path, std::string_view content) {
  const auto old = read_if_file(path).value_or("");
  write(path, old + std::string(content), 0644);
}

std::uint64_t DirectoryGuest::free_space(const std::string &) {
  return free_space_;
}

void DirectoryGuest::remove(const std::string &path) {
  const auto host_path = on_host(path, false);
  if (::unlink(host_path.c_str()) != 0 && errno != ENOENT) fail("cannot remove", path, errno);
}

void DirectoryGuest::rename(const std::string &from, const std::string &to) {
  if (::rename(on_host(from, false).c_str(), on_host(to, false).c_str()) != 0)
    fail("cannot rename to " + to, from, errno);
}

void DirectoryGuest::copy(const std::string &from, const std::string &to) {
  const auto info = stat(from);
  if (!info) fail("cannot copy to " + to, from, ENOENT);
  write(to, read(from), info->mode);
}

void DirectoryGuest::symlink(const std::string &target, const std::string &path) {
  remove(path);
  const auto host_path = on_host(path, false);
  fs::create_directories(fs::path(host_path).parent_path());
  if (::symlink(target.c_str(), host_path.c_str()) != 0) fail("cannot make a link", path, errno);
}

CommandResult DirectoryGuest::run(const std::vector<std::string> &argv) {
  commands_.push_back(argv);
  return handler_ ? handler_(argv) : CommandResult{};
}

void DirectoryGuest::preload(const std::vector<std::string> &directories) {
  preloaded_.insert(preloaded_.end(), directories.begin(), directories.end());
}

}  // namespace v2v::linux
