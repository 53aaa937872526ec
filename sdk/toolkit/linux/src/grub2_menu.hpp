// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a grub.cfg says: the tree of menu entries, their kernels, and the default. GRUB scripts are
// programs; this reads the shape that grub-mkconfig writes and people edit, and takes every menu
// entry for one that is shown.
//
// Pure functions of text.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::linux {

struct MenuEntry {
  std::string title, id;  ///< id is empty in menus made before GRUB 2.00
  bool submenu = false;
  std::vector<MenuEntry> children;  ///< of a submenu
  std::string kernel, arguments;    ///< as written; empty if the entry starts no Linux
};

struct Menu {
  std::vector<MenuEntry> entries;
  /// What `set default=` says, e.g. "0", "${saved_entry}", "gnulinux-advanced-…>gnulinux-…".
  std::string default_value;
};

Menu parse_grub2_menu(std::string_view config);

/// The entry that a default names (by number, id or title, below submenus after '>'); null if there
/// is none. A submenu stands for its own default, its first entry.
const MenuEntry *find_menu_entry(const Menu &menu, const std::string &value);

/// The kernel entries in the order of the menu, submenus included.
std::vector<const MenuEntry *> kernel_entries(const Menu &menu);

/// A default value that names the first entry for which `wanted` says yes: "0" for the very first,
/// otherwise ids where there are some, otherwise titles. Nothing if there is no such entry.
std::optional<std::string> default_value_for(const Menu &menu,
                                             const std::function<bool(const MenuEntry &)> &wanted);

/// The arguments in a line that starts a Linux kernel, as a view into `line`; nothing in others.
std::optional<std::string_view> kernel_arguments(std::string_view line);

/// The value in a line `set default="…"` that sets neither the saved nor the next entry.
std::optional<std::string_view> fixed_default(std::string_view line);

}  // namespace v2v::linux
