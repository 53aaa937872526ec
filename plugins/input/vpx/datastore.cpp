// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "datastore.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace v2v::input_vpx {
namespace {

constexpr std::string_view suffix = ".vmdk";
constexpr std::array<std::pair<char, std::string_view>, 3> escapes = {
    {{'%', "%25"}, {'/', "%2f"}, {'\\', "%5c"}}};

bool is_vmdk(const std::string &path) {
  return path.size() > suffix.size() &&
         text::lower(path.substr(path.size() - suffix.size())) == suffix;
}

}  // namespace

DatastorePath parse_datastore_path(const std::string &text) {
  const auto end = text.find("] ");
  if (text.empty() || text[0] != '[' || end == text.npos || end == 1 || end + 2 == text.size())
    throw Error(Code::corrupt, "this is not the name of a file on a datastore",
                text::printable(text), "see whether the guest starts in VMware");
  return {text.substr(1, end - 1), text.substr(end + 2)};
}

std::string datastore_url(const VpxUri &uri, const std::string &datacenter,
                          const DatastorePath &file) {
  return fmt::format("https://{}/folder/{}?dcPath={}&dsName={}", uri.server(),
                     percent_encoded(file.path, true), percent_encoded(datacenter, false),
                     percent_encoded(file.datastore, false));
}

DatastorePath flat_extent(DatastorePath descriptor) {
  if (!is_vmdk(descriptor.path))
    throw Error(Code::corrupt, "the guest has a disk that is no VMDK",
                text::printable(descriptor.path), "see whether the guest starts in VMware");
  descriptor.path.insert(descriptor.path.size() - suffix.size(), "-flat");
  return descriptor;
}

bool is_named_like_a_snapshot(const std::string &path) {
  constexpr std::size_t digits = 6;
  if (!is_vmdk(path) || path.size() < suffix.size() + digits + 1) return false;
  const auto number = path.substr(path.size() - suffix.size() - digits, digits);
  return path[path.size() - suffix.size() - digits - 1] == '-' &&
         number.find_first_not_of("0123456789") == number.npos;
}

std::string plain_name(const std::string &inventory_name) {
  std::string plain;
  for (std::size_t i = 0; i < inventory_name.size(); ++i) {
    const auto piece = text::lower(inventory_name.substr(i, 3));
    const auto found = std::find_if(escapes.begin(), escapes.end(),
                                    [&](const auto &escape) { return escape.second == piece; });
    plain += found == escapes.end() ? inventory_name[i] : found->first;
    if (found != escapes.end()) i += 2;
  }
  return plain;
}

std::string inventory_name(const std::string &plain) {
  std::string name;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const auto piece = text::lower(plain.substr(i, 3));
    const bool written = std::any_of(escapes.begin(), escapes.end(),
                                     [&](const auto &escape) { return escape.second == piece; });
    const auto found = std::find_if(escapes.begin(), escapes.end(),
                                    [&](const auto &escape) { return escape.first == plain[i]; });
    if (written || found == escapes.end())
      name += plain[i];
    else
      name += found->second;
  }
  return name;
}

}  // namespace v2v::input_vpx
