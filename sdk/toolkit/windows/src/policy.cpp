// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/policy.hpp>

#include "uninstall_keys.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <algorithm>
#include <cctype>

namespace v2v::windows {
namespace {

bool is_scanner(const std::string &name) {
  const auto small = text::lower(name);
  for (const auto *part :
       {"virus", "kaspersky", "mcafee", "norton", "sophos", "apexonent", "avg technologies"})
    if (small.find(part) != std::string::npos) return true;
  return false;
}

/// The id of a policy: a GUID in braces. The list has numbered keys as well.
bool is_policy(const std::string &name) {
  return name.size() > 3 && name.front() == '{' && name.back() == '}' &&
         std::isxdigit(static_cast<unsigned char>(name[1]));
}

bool defender_is_on(const Hive &software) {
  const auto key = software.find("Microsoft\\Windows Defender");
  return key && software.number(*key, "DisableAntiVirus").value_or(0) != 1;
}

}  // namespace

bool has_group_policy(const Hive &software) {
  const auto history = software.find("Microsoft\\Windows\\CurrentVersion\\Group Policy\\History");
  if (!history) return false;
  const auto keys = software.children(*history);
  return std::any_of(keys.begin(), keys.end(),
                     [&](const auto key) { return is_policy(software.key_name(key)); });
}

std::vector<std::string> antivirus(const Hive &software) {
  std::vector<std::string> found;
  const auto add = [&](const std::string &name) {
    if (std::find(found.begin(), found.end(), name) == found.end()) found.push_back(name);
  };
  for_each_program(software, [&](const Hive::Key program) {
    const auto name = software.key_name(program);
    const auto shown = software.text(program, "DisplayName").value_or("");
    const auto publisher = software.text(program, "Publisher").value_or("");
    if (is_scanner(name) || is_scanner(shown) || is_scanner(publisher))
      add(text::printable(shown.empty() ? name : shown));
  });
  if (defender_is_on(software)) add("Windows Defender");
  return found;
}

}  // namespace v2v::windows
