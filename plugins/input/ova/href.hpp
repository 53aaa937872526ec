// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which files of the OVA an href of the OVF means. Only names relative to the OVF are followed, and
// only inside the OVA. Pure functions.
#pragma once

#include "members.hpp"
#include "ovf.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace v2v::input_ova {

/// The names under which an href may be found, best first: as it stands, and with %XX decoded.
/// @param folder  of the OVF, as folder_of() gives it
/// @throws Error(corrupt) for URLs, absolute paths, and paths that lead out of the OVA
std::vector<std::string> href_names(const MemberList &members, std::string_view folder,
                                    const std::string &href);

/// True for NAME.000000000 and the like: a part of a file in chunks, or one state of a snapshot.
bool is_numbered(std::string_view candidate, std::string_view name);

/// The files that some hrefs may need, for archives of which only those are unpacked.
class Wanted {
 public:
  void add(const std::vector<std::string> &names) {
    names_.insert(names_.end(), names.begin(), names.end());
  }
  bool holds(std::string_view name) const;
  /// Whether something wanted may lie in this folder (with its '/').
  bool reaches_into(std::string_view folder) const;

 private:
  std::vector<std::string> names_;
};

/// The members that make up a file of the OVF, in order: one, or its chunks. If there is no file of
/// that name, but snapshots of it (NAME.000000001), the last of them.
/// @throws Error(corrupt) as href_names, Error(not_found), or Error(corrupt) for links and gaps
std::vector<const Member *> find_file(const MemberList &members, std::string_view folder,
                                      const FileReference &file);

}  // namespace v2v::input_ova
