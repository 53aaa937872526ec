// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "members.hpp"

#include <v2v/error.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::input_ova {
namespace {

[[noreturn]] void refuse(const std::string &ova, std::string_view name, const char *what) {
  throw Error(Code::corrupt, fmt::format("{}: \"{}\"", what, text::printable(name)), ova,
              "no OVA tool writes this: do not trust the file, or export the guest again");
}

}  // namespace

const Member *MemberList::find(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &members_[found->second];
}

std::string MemberList::clean_name(std::string_view name) const {
  if (!name.empty() && name[0] == '/') refuse(ova_, name, "it holds a file with an absolute path");
  if (name.find('\0') != name.npos)
    refuse(ova_, name, "it holds a file with a zero byte in its name");
  std::string clean;
  for (std::size_t at = 0; at <= name.size();) {
    const auto end = std::min(name.find('/', at), name.size());
    const auto part = name.substr(at, end - at);
    if (part == "..") refuse(ova_, name, "it holds a file whose path leads out of it");
    if (!part.empty() && part != ".") {
      if (!clean.empty()) clean += '/';
      clean += part;
    }
    at = end + 1;
  }
  return clean;
}

void MemberList::add(Member member) {
  member.name = clean_name(member.name);
  if (member.name.empty()) refuse(ova_, member.name, "it holds a file without a name");
  if (members_.size() >= most_members)
    throw Error(Code::unsupported, fmt::format("it holds more than {} files", most_members), ova_,
                "give the OVF file of the guest, or a directory that holds nothing else");
  if (!index_.emplace(member.name, members_.size()).second)
    refuse(ova_, member.name, "it holds two files of the same name");
  members_.push_back(std::move(member));
}

std::string_view folder_of(std::string_view name) {
  const auto slash = name.rfind('/');
  return slash == name.npos ? std::string_view() : name.substr(0, slash + 1);
}

bool has_suffix(std::string_view name, std::string_view suffix) {
  const auto base = name.substr(folder_of(name).size());
  if (base.substr(0, 2) == "._" || base.size() < suffix.size()) return false;
  const auto end = base.substr(base.size() - suffix.size());
  return text::lower(end) == suffix;
}

}  // namespace v2v::input_ova
