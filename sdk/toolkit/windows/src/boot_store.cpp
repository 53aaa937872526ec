// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/boot_store.hpp>

namespace v2v::windows {
namespace {

constexpr const char *boot_manager = "Objects\\{9dea862c-5cdd-4e70-acc1-f32b344d4795}",
                     *default_object = "\\Elements\\23000003",
                     *graphics_mode_disabled = "\\Elements\\16000046";

}  // namespace

bool allow_graphics(Hive &bcd) {
  const auto chosen = bcd.find(std::string(boot_manager) + default_object);
  const auto entry = chosen ? bcd.text(*chosen, "Element") : std::nullopt;
  // An object's name is a GUID in braces; a backslash would lead elsewhere.
  if (!entry || entry->empty() || entry->find('\\') != std::string::npos) return false;
  const auto element = bcd.find("Objects\\" + *entry + graphics_mode_disabled);
  if (!element) return false;
  bcd.remove(*element);
  return true;
}

}  // namespace v2v::windows
