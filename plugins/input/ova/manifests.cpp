// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "manifests.hpp"

#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::input_ova {

namespace {

constexpr std::size_t most_files = 100000;
constexpr std::size_t most_missing = 10;  // that are named

/// A line that is there twice is checked once; two sums of one kind cannot both be right.
void add_sum(std::vector<ManifestLine> &sums, ManifestLine line, const std::string &ova) {
  for (const auto &known : sums) {
    if (known.algorithm != line.algorithm) continue;
    if (known.sum == line.sum) return;
    throw Error(Code::corrupt,
                fmt::format("corrupt OVA: the manifest of {} has two {} sums for {}", ova,
                            algorithm_name(line.algorithm), text::printable(line.file)),
                "-i ova", "copy, download or export the OVA again");
  }
  sums.push_back(std::move(line));
}

}  // namespace

Manifests::File &Manifests::file(std::string name, const std::string &as_written,
                                 const std::string &ova) {
  if (const auto known = index_.find(name); known != index_.end()) return files_[known->second];
  if (files_.size() >= most_files)
    throw Error(Code::corrupt, fmt::format("its manifest lists more than {} files", most_files),
                ova, "do not trust this OVA, or export the guest again");
  if (!name.empty()) index_.emplace(name, files_.size());
  return files_.emplace_back(File{std::move(name), text::printable(as_written), {}});
}

void Manifests::add(const MemberList &members, std::string_view name, std::string_view text) {
  auto manifest = parse_manifest(text);
  for (const auto &warning : manifest.warnings) host_.warning(warning);
  for (auto &line : manifest.lines) {
    std::string inside;
    try {
      inside = members.clean_name(fmt::format("{}{}", folder_of(name), line.file));
    } catch (const Error &) {
      inside.clear();  // leads out of the OVA: nothing in it has this name
    }
    auto &sums = file(std::move(inside), line.file, members.ova()).sums;
    add_sum(sums, std::move(line), members.ova());
  }
}

const std::vector<ManifestLine> &Manifests::sums_of(const std::string &name) const {
  static const std::vector<ManifestLine> none;
  const auto known = index_.find(name);
  return known == index_.end() ? none : files_[known->second].sums;
}

std::vector<Check> Manifests::checks(const MemberList &members) const {
  std::vector<Check> checks;
  std::size_t missing = 0;
  for (const auto &file : files_) {
    if (checked_.count(file.name) != 0) continue;
    const auto *member = file.name.empty() ? nullptr : members.find(file.name);
    if (!member) {
      if (++missing <= most_missing)
        host_.warning(fmt::format("manifest has a checksum for non-existent file {}: it is ignored",
                                  file.shown));
    } else if (member->flaw == not_unpacked) {
      host_.debug(fmt::format("{} is {}, and so is its checksum", file.shown, member->flaw));
    } else if (!member->flaw.empty()) {
      host_.warning(fmt::format("manifest has a checksum for {}, which is {}: it is ignored",
                                file.shown, member->flaw));
    } else {
      checks.push_back(
          {members.ova(), member->name, member->file, member->offset, member->size, file.sums});
    }
  }
  if (missing > most_missing)
    host_.warning(fmt::format("manifest has checksums for {} more non-existent files",
                              missing - most_missing));
  return checks;
}

}  // namespace v2v::input_ova
