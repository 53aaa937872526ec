// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The files of an OVA, wherever their bytes are: at an offset of a tar, in a directory, or unpacked
// into the run directory. Names come from the archive and are hostile: a list takes none that leads
// out of it, and none twice, so that what is looked up later is one file and inside. Not
// synchronised; a list is filled by one thread and only read afterwards.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::input_ova {

struct Member {
  std::string name;          ///< path inside the OVA; printable() before it is shown
  std::string file;          ///< absolute path of the file that holds its bytes
  std::uint64_t offset = 0;  ///< bytes from the start of `file`
  std::uint64_t size = 0;    ///< bytes
  std::string flaw;          ///< what it is instead of a plain file: "a symbolic link"; else empty
};

/// The flaw of a file that is in the OVA, but was not unpacked.
constexpr const char *not_unpacked = "not needed for the conversion";

/// Of an OVA; there are three or so.
constexpr std::size_t most_members = 100000;

class MemberList {
 public:
  /// @param ova  what messages call the OVA
  explicit MemberList(std::string ova) : ova_(std::move(ova)) {}

  const std::string &ova() const { return ova_; }
  const std::vector<Member> &all() const { return members_; }
  /// @param name  as clean_name() gives it
  /// @return null if there is none
  const Member *find(std::string_view name) const;
  /// The name is cleaned first.
  /// @throws Error(corrupt) for a name that leads out of the OVA, or that is there already, or for
  ///         more files than any OVA has
  void add(Member member);
  /// The name without "./" and doubled slashes.
  /// @throws Error(corrupt) if it is absolute, empty, or has a part ".."
  std::string clean_name(std::string_view name) const;

 private:
  std::string ova_;
  std::vector<Member> members_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

/// The part of a path before its last '/', with the '/'; empty if there is none.
std::string_view folder_of(std::string_view name);
/// True if the name ends with this suffix (lower case), whatever its case, and is no "._" file that
/// macOS puts beside the real one.
bool has_suffix(std::string_view name, std::string_view suffix);

}  // namespace v2v::input_ova
