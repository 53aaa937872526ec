// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See grub2_menu.hpp. The text is untrusted: nesting is limited, nothing is executed.
#include "grub2_menu.hpp"

#include <v2v/linux/text_edit.hpp>

#include <algorithm>
#include <cstdlib>

namespace v2v::linux {
namespace {

// Deeper submenus than anybody navigates.
constexpr std::size_t kDeepest = 16;

/// Words as the GRUB shell sees them, quotes removed.
std::vector<std::string> shell_words(std::string_view line) {
  std::vector<std::string> result;
  std::string word;
  bool inside = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (c == ' ' || c == '\t') {
      if (inside) result.push_back(word);
      word.clear();
      inside = false;
      continue;
    }
    if (c == '#' && !inside) break;
    inside = true;
    if (c == '\'') {
      const auto end = std::min(line.find('\'', at + 1), line.size());
      word += line.substr(at + 1, end - at - 1);
      at = end;
    } else if (c == '"') {
      for (++at; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] == '\\' && at + 1 < line.size()) ++at;
        word += line[at];
      }
    } else if (c == '\\' && at + 1 < line.size()) {
      word += line[++at];
    } else {
      word += c;
    }
  }
  if (inside) result.push_back(word);
  return result;
}

MenuEntry entry_of(const std::vector<std::string> &parts) {
  MenuEntry entry;
  entry.submenu = parts[0] == "submenu";
  if (parts.size() > 1) entry.title = parts[1];
  for (std::size_t i = 2; i + 1 < parts.size(); ++i)
    if (parts[i] == "--id" || parts[i] == "$menuentry_id_option" ||
        parts[i] == "${menuentry_id_option}")
      entry.id = parts[i + 1];
  return entry;
}

/// "a>>b>c" is the path "a>b", "c".
std::vector<std::string> path_of(const std::string &value) {
  std::vector<std::string> parts(1);
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] != '>') {
      parts.back() += value[at];
    } else if (at + 1 < value.size() && value[at + 1] == '>') {
      parts.back() += '>';
      ++at;
    } else {
      parts.emplace_back();
    }
  }
  return parts;
}

const MenuEntry *find_in(const std::vector<MenuEntry> &entries, const std::string &name) {
  if (!name.empty() && name.find_first_not_of("0123456789") == std::string::npos) {
    const auto index = std::strtoul(name.c_str(), nullptr, 10);
    return index < entries.size() ? &entries[index] : nullptr;
  }
  for (const auto &entry : entries)
    if (!entry.id.empty() && entry.id == name) return &entry;
  for (const auto &entry : entries)
    if (entry.title == name) return &entry;
  return nullptr;
}

void collect_kernels(const std::vector<MenuEntry> &entries, std::vector<const MenuEntry *> &found) {
  for (const auto &entry : entries) {
    if (!entry.kernel.empty()) found.push_back(&entry);
    collect_kernels(entry.children, found);
  }
}

std::string name_in_default(const MenuEntry &entry) {
  if (!entry.id.empty()) return entry.id;
  std::string escaped;
  for (const char c : entry.title) escaped += c == '>' ? std::string(">>") : std::string(1, c);
  return escaped;
}

std::optional<std::string> path_to(const std::vector<MenuEntry> &entries,
                                   const std::function<bool(const MenuEntry &)> &wanted) {
  for (const auto &entry : entries) {
    if (!entry.submenu && wanted(entry)) return name_in_default(entry);
    if (const auto below = path_to(entry.children, wanted))
      return name_in_default(entry) + ">" + *below;
  }
  return std::nullopt;
}

bool starts_kernel(std::string_view command) {
  if (!starts_with(command, "linux")) return false;
  const auto rest = command.substr(5);
  // "linux$sfx" and "linux${sixtyfour}" are how Fedora and old Debian choose the variant.
  return rest.empty() || rest == "16" || rest == "efi" || rest.front() == '$';
}

}  // namespace

std::optional<std::string_view> kernel_arguments(std::string_view line) {
  const auto parts = words(line);
  if (parts.size() < 2 || !starts_kernel(parts[0])) return std::nullopt;
  if (parts.size() == 2) return line.substr(line.size());
  const auto from = static_cast<std::size_t>(parts[2].data() - line.data());
  const auto end =
      static_cast<std::size_t>(parts.back().data() - line.data()) + parts.back().size();
  return line.substr(from, end - from);
}

std::optional<std::string_view> fixed_default(std::string_view line) {
  const auto text = trimmed(line);
  if (!starts_with(text, "set ")) return std::nullopt;
  const auto value = shell_value(text.substr(4), "default");
  if (!value || value->find("next_entry") != std::string_view::npos ||
      value->find("saved_entry") != std::string_view::npos)
    return std::nullopt;
  return value;
}

Menu parse_grub2_menu(std::string_view config) {
  Menu menu;
  // What the open braces belong to: a menu entry, a submenu, or (null) something else.
  std::vector<MenuEntry> open;
  std::vector<bool> braces;  // true: the brace of open.back()
  for (const auto line : lines(config)) {
    const auto text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    if (starts_with(text, "set default=")) {
      const auto value = shell_value(text.substr(4), "default");
      if (value && value->find("next_entry") == std::string_view::npos)
        menu.default_value = std::string(*value);
      continue;
    }
    if (text == "}") {
      if (braces.empty()) continue;
      if (braces.back()) {
        auto finished = std::move(open.back());
        open.pop_back();
        (open.empty() ? menu.entries : open.back().children).push_back(std::move(finished));
      }
      braces.pop_back();
      continue;
    }
    const bool opens = text.back() == '{';
    const bool is_entry = starts_with(text, "menuentry ") || starts_with(text, "submenu ");
    if (opens) {
      const bool counted = is_entry && open.size() < kDeepest;
      if (counted) open.push_back(entry_of(shell_words(text)));
      braces.push_back(counted);
      continue;
    }
    if (open.empty() || open.back().submenu || !open.back().kernel.empty()) continue;
    if (const auto arguments = kernel_arguments(text)) {
      const auto parts = shell_words(text);
      if (parts.size() < 2) continue;  // the rest is a comment
      open.back().kernel = parts[1];
      open.back().arguments = std::string(*arguments);
    }
  }
  return menu;
}

const MenuEntry *find_menu_entry(const Menu &menu, const std::string &value) {
  const std::vector<MenuEntry> *level = &menu.entries;
  const MenuEntry *entry = nullptr;
  for (const auto &name : path_of(value)) {
    entry = find_in(*level, name);
    if (!entry) return nullptr;
    level = &entry->children;
  }
  while (entry && entry->submenu) entry = entry->children.empty() ? nullptr : &entry->children[0];
  return entry;
}

std::vector<const MenuEntry *> kernel_entries(const Menu &menu) {
  std::vector<const MenuEntry *> found;
  collect_kernels(menu.entries, found);
  return found;
}

std::optional<std::string> default_value_for(const Menu &menu,
                                             const std::function<bool(const MenuEntry &)> &wanted) {
  if (menu.entries.empty()) return std::nullopt;
  if (!menu.entries[0].submenu && wanted(menu.entries[0])) return "0";
  return path_to(menu.entries, wanted);
}

}  // namespace v2v::linux
