// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "href.hpp"

#include "ovf_document.hpp"

#include <v2v/error.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace v2v::input_ova {
namespace {

constexpr const char *distrust =
    "do not trust this OVA; if it is yours, put the file beside the OVF and correct its href";

[[noreturn]] void refuse(const MemberList &members, const std::string &href, const char *what) {
  throw Error(Code::corrupt, fmt::format("the OVF {}: {}", what, text::printable(href)),
              members.ova(), distrust);
}

bool is_hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

std::string percent_decoded(const std::string &text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

/// @throws Error for a name that is not simply one below the OVF
std::string checked(const MemberList &members, std::string_view folder, const std::string &href,
                    const std::string &name) {
  const auto lower = text::lower(name.substr(0, 8));
  if (name.find("://") != name.npos || lower.substr(0, 5) == "file:" ||
      lower.substr(0, 5) == "http:" || lower.substr(0, 6) == "https:")
    refuse(members, href, "names a URL, and only files inside the OVA are read");
  if (!name.empty() && name[0] == '/')
    refuse(members, href,
           "names a file by its absolute path, and only files inside the OVA are read");
  if (name.find('\0') != name.npos) refuse(members, href, "names a file with a zero byte");
  for (std::size_t at = 0; at <= name.size();) {
    const auto end = std::min(name.find('/', at), name.size());
    if (name.compare(at, end - at, "..") == 0)
      refuse(members, href, "references a file outside the archive");
    at = end + 1;
  }
  return members.clean_name(fmt::format("{}{}", folder, name));
}

[[noreturn]] void not_found(const MemberList &members, const std::string &href) {
  throw Error(
      Code::not_found,
      fmt::format("the OVF references a file that is not in the OVA: {}", text::printable(href)),
      members.ova(), "export the guest again, or put the file where the OVF expects it");
}

const Member *plain(const MemberList &members, const Member &member) {
  if (!member.flaw.empty())
    throw Error(Code::corrupt,
                fmt::format("the disk {} is {}, which is not followed",
                            text::printable(member.name), member.flaw),
                members.ova(), "put the disk itself in its place");
  return &member;
}

}  // namespace

std::vector<std::string> href_names(const MemberList &members, std::string_view folder,
                                    const std::string &href) {
  std::vector<std::string> names = {checked(members, folder, href, href)};
  const auto decoded = percent_decoded(href);
  if (decoded != href) names.push_back(checked(members, folder, href, decoded));
  return names;
}

bool is_numbered(std::string_view candidate, std::string_view name) {
  if (candidate.size() < name.size() + 2 || candidate.substr(0, name.size()) != name ||
      candidate[name.size()] != '.')
    return false;
  const auto digits = candidate.substr(name.size() + 1);
  return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool Wanted::holds(std::string_view name) const {
  return std::any_of(names_.begin(), names_.end(), [&](const std::string &wanted) {
    return name == wanted || is_numbered(name, wanted);
  });
}

bool Wanted::reaches_into(std::string_view folder) const {
  return std::any_of(names_.begin(), names_.end(), [&](const std::string &wanted) {
    return wanted.compare(0, folder.size(), folder) == 0;
  });
}

std::vector<const Member *> find_file(const MemberList &members, std::string_view folder,
                                      const FileReference &file) {
  const auto names = href_names(members, folder, file.href);
  for (const auto &name : names)
    if (const auto *member = members.find(name)) return {plain(members, *member)};
  for (const auto &name : names) {
    std::vector<const Member *> parts;
    for (const auto &member : members.all())
      if (is_numbered(member.name, name)) parts.push_back(plain(members, member));
    if (parts.empty()) continue;
    std::sort(parts.begin(), parts.end(),
              [](const Member *a, const Member *b) { return a->name < b->name; });
    if (!file.chunked) return {parts.back()};
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (parts[i]->name != fmt::format("{}.{:09}", name, i))
        not_found(members, fmt::format("{}.{:09}", file.href, i));
    return parts;
  }
  not_found(members, file.href);
}

}  // namespace v2v::input_ova
