// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/virtio_win.hpp>

#include "virtio_tree.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/human_size.hpp>
#include <v2v/text/printable.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace v2v::windows {
namespace {

namespace fs = std::filesystem;

const char *const use_genuine =
    "use a virtio-win from your distribution or from the virtio-win project, and name it in "
    "VIRTIO_WIN";

/// A name that says more about an ISO than its own: virtio-win.iso of the package is a symbolic link to
/// one with the version in its name.
std::string describe(const std::string &place) {
  std::error_code error;
  if (!fs::is_symlink(place, error)) return place;
  const auto real = fs::canonical(place, error);
  return error ? place : place + " (" + real.filename().string() + ")";
}

/// The name under which a file comes into the guest.
std::string target_name(const std::string &path, const std::string &place) {
  auto name = text::lower(path.substr(path.rfind('/') + 1));
  // NTFS would take a part of some of these for a stream or a directory.
  if (name.find_first_of("<>:\"\\|?*") != std::string::npos || name.back() == '.' ||
      name.back() == ' ' || !text::is_utf8(name))
    throw Error(Code::corrupt, "Windows cannot have a file called " + text::printable(name), place,
                use_genuine);
  return name;
}

void check_sizes(const Wanted &wanted, const std::string &place) {
  std::uint64_t total = 0;
  for (const auto &[path, file] : wanted) {
    if (file.size > VirtioWin::max_file)
      throw Error(Code::unsupported,
                  text::printable(path) + " is larger than " +
                      text::human_size(VirtioWin::max_file) + ", which no driver is",
                  place, use_genuine);
    total += file.size * file.names.size();
    if (total > VirtioWin::max_total)
      throw Error(Code::unsupported,
                  "the drivers for one Windows are larger than " +
                      text::human_size(VirtioWin::max_total) + " together",
                  place, use_genuine);
  }
}

}  // namespace

void check_tree_path(const std::string &path, const std::string &place) {
  const bool leads_out =
      path.empty() || path.front() == '/' || ("/" + path + "/").find("/../") != std::string::npos;
  if (leads_out || text::has_control_character(path))
    throw Error(Code::corrupt, "it has a file with the dangerous name " + text::printable(path),
                place, use_genuine);
}

void refuse_too_many_files(const std::string &place) {
  throw Error(Code::unsupported,
              "it has more than " + std::to_string(VirtioWin::max_files) +
                  " files, which no tree of virtio drivers has",
              place, use_genuine);
}

VirtioWin VirtioWin::find(const std::string &datadir) {
  for (const auto *variable : {"VIRTIO_WIN", "VIRTIO_WIN_DIR"}) {
    const char *place = std::getenv(variable);
    if (place && *place) return VirtioWin(place);
  }
  const auto directory = datadir + "/virtio-win";
  const auto iso = directory + "/virtio-win.iso";
  std::error_code error;
  if (fs::exists(iso, error)) return VirtioWin(iso, describe(iso));
  if (fs::exists(directory, error)) return VirtioWin(directory);
  return VirtioWin(directory, iso + " and " + directory);
}

VirtioWin::VirtioWin(std::string place, std::string place_text)
    : place_(std::move(place)), place_text_(std::move(place_text)) {
  std::error_code error;
  const auto status = fs::status(place_, error);
  if (status.type() == fs::file_type::none)
    throw Error(Code::access, "cannot look for the virtio drivers for Windows: " + error.message(),
                place_, "make it readable, or set VIRTIO_WIN to another directory or ISO image");
  if (fs::is_directory(status)) open_directory();
  if (fs::is_regular_file(status) || fs::is_block_file(status)) open_iso();
  std::sort(files_.begin(), files_.end(),
            [](const auto &a, const auto &b) { return a.path < b.path; });
}

void VirtioWin::open_directory() {
  kind_ = Kind::directory;
  files_ = list_directory(place_);
}

void VirtioWin::open_iso() {
  kind_ = Kind::iso;
  for (auto &file : list_iso(place_)) {
    if (file.content != file.path) links_[file.path] = file.content;
    files_.push_back({std::move(file.path), file.size});
  }
}

std::vector<std::string> VirtioWin::paths() const {
  std::vector<std::string> paths;
  for (const auto &file : files_) paths.push_back(file.path);
  return paths;
}

void VirtioWin::extract(const std::vector<std::string> &paths, const std::string &directory) const {
  std::map<std::string, std::string> by_name;
  for (const auto &path : paths) by_name[target_name(path, place_)] = path;
  Wanted wanted;
  for (const auto &[name, path] : by_name) {
    const auto file = std::lower_bound(files_.begin(), files_.end(), path,
                                       [](const auto &a, const auto &b) { return a.path < b; });
    if (file == files_.end() || file->path != path)
      throw Error(Code::internal, "not a file of virtio-win: " + text::printable(path), place_);
    const auto link = links_.find(path);
    auto &entry = wanted[link == links_.end() ? path : link->second];
    entry.size = file->size;
    entry.names.insert(name);
  }
  check_sizes(wanted, place_);
  if (wanted.empty()) return;
  kind_ == Kind::iso ? extract_iso(place_, wanted, directory)
                     : extract_directory(place_, wanted, directory);
}

}  // namespace v2v::windows
