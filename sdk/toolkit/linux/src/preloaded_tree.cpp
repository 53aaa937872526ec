// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See preloaded_tree.hpp.
#include "preloaded_tree.hpp"

#include <v2v/linux/guest_path.hpp>

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>

namespace v2v::linux {
namespace {

using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;

/// Absolute path of a tar member below `directory`; nothing if its name leads outside.
std::optional<std::string> member_path(const char *name, const std::string &directory) {
  const std::string text = name ? name : "";
  if (text.empty() || text.front() == '/') return std::nullopt;
  if (("/" + text + "/").find("/../") != std::string::npos) return std::nullopt;
  const auto below = clean_path(text);
  if (below == "/") return directory;
  return directory == "/" ? below : directory + below;
}

/// The content of the current member, at most PreloadedTree::max_file; nothing if it is damaged.
std::optional<std::string> member_content(archive *reader, std::uint64_t size) {
  std::string content(static_cast<std::size_t>(size), '\0');
  std::size_t have = 0;
  while (have < content.size()) {
    const auto got = archive_read_data(reader, &content[have], content.size() - have);
    if (got <= 0) return std::nullopt;
    have += static_cast<std::size_t>(got);
  }
  return content;
}

FileInfo::Type type_of(unsigned type) {
  if (type == AE_IFREG) return FileInfo::Type::file;
  return type == AE_IFDIR ? FileInfo::Type::directory : FileInfo::Type::other;
}

/// Reads every member into `nodes`; false if the stream is damaged or above the limits.
bool read_members(archive *reader, const std::string &directory,
                  std::map<std::string, PreloadedTree::Node> &nodes) {
  std::uint64_t total = 0;
  archive_entry *entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(reader, &entry)) == ARCHIVE_OK) {
    const auto path = member_path(archive_entry_pathname(entry), directory);
    if (!path) continue;
    PreloadedTree::Node node;
    node.type = type_of(archive_entry_filetype(entry));
    if (const char *hard_link = archive_entry_hardlink(entry)) {
      const auto target = member_path(hard_link, directory);
      const auto found = target ? nodes.find(*target) : nodes.end();
      if (found == nodes.end()) return false;
      node = found->second;
    } else if (archive_entry_filetype(entry) == AE_IFLNK) {
      const char *target = archive_entry_symlink(entry);
      node.link = target ? target : "";
    } else if (node.type == FileInfo::Type::file) {
      const auto size = static_cast<std::uint64_t>(archive_entry_size(entry));
      if (size <= PreloadedTree::max_file) {
        if ((total += size) > PreloadedTree::max_total) return false;
        auto content = member_content(reader, size);
        if (!content) return false;
        node.content = std::make_shared<std::string>(std::move(*content));
      }
    }
    nodes[*path] = std::move(node);
    if (nodes.size() > PreloadedTree::max_entries) return false;
  }
  return status == ARCHIVE_EOF;
}

}  // namespace

bool PreloadedTree::read_tar(int fd, const std::string &asked, const std::string &directory) {
  const Reader reader(archive_read_new(), &archive_read_free);
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_fd(reader.get(), fd, 1 << 16) != ARCHIVE_OK) return false;
  Nodes nodes;
  if (!read_members(reader.get(), directory, nodes)) return false;
  nodes[directory].type = FileInfo::Type::directory;
  nodes_.insert(std::make_move_iterator(nodes.begin()), std::make_move_iterator(nodes.end()));
  roots_.insert(directory);
  if (asked != directory) aliases_[asked] = directory;
  return true;
}

bool PreloadedTree::holds(const std::string &path) const {
  return std::any_of(roots_.begin(), roots_.end(),
                     [&](const std::string &root) { return is_below(path, root); });
}

PreloadedTree::Answer PreloadedTree::look_up(const std::string &path, bool follow_last) const {
  if (roots_.empty()) return {};
  auto start = path;
  for (const auto &[asked, root] : aliases_)
    if (is_below(path, asked)) start = root + path.substr(asked.size());
  const auto resolved = resolve_links(start, follow_last, [this](const std::string &name) {
    if (const auto alias = aliases_.find(name); alias != aliases_.end())
      return PathStep{PathStep::Kind::link, alias->second};
    if (holds(name)) {
      const auto node = nodes_.find(name);
      if (node != nodes_.end() && node->second.link)
        return PathStep{PathStep::Kind::link, *node->second.link};
      return PathStep{};
    }
    // On the way to a root there are only directories: the root's path has no links.
    const bool above = std::any_of(roots_.begin(), roots_.end(),
                                   [&](const std::string &root) { return is_below(root, name); });
    return PathStep{above ? PathStep::Kind::plain : PathStep::Kind::unknown};
  });
  if (!resolved || !resolved->known || !holds(resolved->path)) return {};
  const auto node = nodes_.find(resolved->path);
  return {true, resolved->path, node == nodes_.end() ? nullptr : &node->second};
}

std::vector<std::string> PreloadedTree::paths_below(const std::string &directory) const {
  const auto prefix = join_path(directory, "");
  std::vector<std::string> paths;
  for (auto it = nodes_.upper_bound(prefix);
       it != nodes_.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it)
    paths.push_back(it->first);
  return paths;
}

std::vector<std::string> PreloadedTree::names_in(const std::string &directory) const {
  const auto prefix = join_path(directory, "");
  std::vector<std::string> names;
  for (const auto &path : paths_below(directory))
    if (path.find('/', prefix.size()) == std::string::npos)
      names.push_back(path.substr(prefix.size()));
  return names;
}

void PreloadedTree::put_file(const std::string &path, std::string content) {
  auto &node = nodes_[path];
  node.type = FileInfo::Type::file;
  node.link.reset();
  // Through the shared pointer, so that other names of the same file follow.
  if (node.content)
    *node.content = std::move(content);
  else
    node.content = std::make_shared<std::string>(std::move(content));
}

void PreloadedTree::put_link(const std::string &path, const std::string &target) {
  nodes_[path] = Node{FileInfo::Type::other, target, {}};
}

void PreloadedTree::erase(const std::string &path) {
  nodes_.erase(path);
}

bool PreloadedTree::move_file(const std::string &from, const std::string &to) {
  const auto found = nodes_.find(from);
  if (found == nodes_.end() || found->second.type == FileInfo::Type::directory) return false;
  auto node = std::move(found->second);
  nodes_.erase(found);
  nodes_[to] = std::move(node);
  return true;
}

void PreloadedTree::clear() {
  nodes_.clear();
  roots_.clear();
  aliases_.clear();
}

}  // namespace v2v::linux
