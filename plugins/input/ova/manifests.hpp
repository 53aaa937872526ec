// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// All manifests of an OVA together: which sums a file must have. Not synchronised.
#pragma once

#include "checksums.hpp"
#include "manifest.hpp"
#include "members.hpp"

#include <v2v/host.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::input_ova {

/// How much of a manifest is read.
constexpr std::uint64_t largest_manifest = 4 << 20;

class Manifests {
 public:
  explicit Manifests(Host host) : host_(host) {}

  /// Warns about lines that are malformed.
  /// @param name  of the manifest in the OVA: the files it lists are relative to its folder
  /// @throws Error(corrupt) if it lists more files than any OVA has, or two sums for one
  void add(const MemberList &members, std::string_view name, std::string_view text);
  /// The sums of a file, by its name in the OVA. Valid until the next add().
  const std::vector<ManifestLine> &sums_of(const std::string &name) const;
  /// This file has been checked already.
  void checked(const std::string &name) { checked_.insert(name); }
  /// What is left to check. Warns about files that are not there.
  std::vector<Check> checks(const MemberList &members) const;

 private:
  struct File {
    std::string name;   ///< in the OVA; empty: outside of it
    std::string shown;  ///< as the manifest has it, printable
    std::vector<ManifestLine> sums;
  };
  File &file(std::string name, const std::string &as_written, const std::string &ova);

  Host host_;
  std::vector<File> files_;  ///< as the manifests list them
  std::map<std::string, std::size_t> index_;
  std::set<std::string> checked_;
};

}  // namespace v2v::input_ova
