// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "manifests.hpp"

#include <v2v/error.hpp>
#include <v2v/toolkit/printable.hpp>

#include <fmt/format.h>

namespace v2v::input_ova {

void Manifests::add(const MemberList &members, std::string_view name, std::string_view text) {
  auto manifest = parse_manifest(text);
  for (const auto &warning : manifest.warnings) host_.warning(warning);
  for (auto &line : manifest.lines) {
    std::string file;
    try {
      file = members.clean_name(fmt::format("{}{}", folder_of(name), line.file));
    } catch (const Error &) {
      file.clear();  // leads out of the OVA: nothing in it has this name
    }
    sums_.push_back({std::move(file), std::move(line)});
  }
}

std::vector<ManifestLine> Manifests::sums_of(const std::string &name) const {
  std::vector<ManifestLine> sums;
  for (const auto &sum : sums_)
    if (sum.name == name) sums.push_back(sum.line);
  return sums;
}

std::vector<Check> Manifests::checks(const MemberList &members) const {
  std::vector<Check> checks;
  for (const auto &sum : sums_) {
    if (checked_.count(sum.name) != 0) continue;
    const auto *member = sum.name.empty() ? nullptr : members.find(sum.name);
    const auto shown = toolkit::printable(sum.line.file);
    if (!member)
      host_.warning(
          fmt::format("manifest has a checksum for non-existent file {}: it is ignored", shown));
    else if (member->flaw == not_unpacked)
      host_.debug(fmt::format("{} is {}, and so is its checksum", shown, member->flaw));
    else if (!member->flaw.empty())
      host_.warning(fmt::format("manifest has a checksum for {}, which is {}: it is ignored", shown,
                                member->flaw));
    else
      checks.push_back(
          {members.ova(), member->name, member->file, member->offset, member->size, sum.line});
  }
  return checks;
}

}  // namespace v2v::input_ova
