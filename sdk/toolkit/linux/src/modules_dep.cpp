// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See modules_dep.hpp.
#include "modules_dep.hpp"

#include <v2v/linux/kernels.hpp>

#include <algorithm>
#include <sstream>

namespace v2v::linux {
namespace {

std::string relative(std::string path, const std::string &version) {
  for (const char *prefix : {"/lib/modules/", "/usr/lib/modules/"}) {
    const auto directory = prefix + version + "/";
    if (path.rfind(directory, 0) == 0) return path.substr(directory.size());
  }
  return path;
}

}  // namespace

bool is_plain_relative(std::string_view path) {
  const bool printable =
      std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return printable && !path.empty() && path.front() != '/' && path.size() < 1024 &&
         ("/" + std::string(path) + "/").find("/../") == std::string::npos;
}

ModulesDep::ModulesDep(std::string_view text, const std::string &version) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const auto file = relative(line.substr(0, colon), version);
    const auto name = module_name(file);
    if (name.empty() || !is_plain_relative(file)) continue;
    std::istringstream words(line.substr(colon + 1));
    std::vector<std::string> needs;
    for (std::string word; words >> word;) {
      word = relative(word, version);
      if (is_plain_relative(word)) needs.push_back(word);
    }
    files_.emplace(name, file);
    needs_[file] = std::move(needs);
  }
}

std::string ModulesDep::file_of(const std::string &module) const {
  auto name = module;
  std::replace(name.begin(), name.end(), '-', '_');
  const auto found = files_.find(name);
  return found == files_.end() ? "" : found->second;
}

const std::vector<std::string> &ModulesDep::needs(const std::string &file) const {
  static const std::vector<std::string> nothing;
  const auto found = needs_.find(file);
  return found == needs_.end() ? nothing : found->second;
}

}  // namespace v2v::linux
