// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See accounts.hpp. What is in the guest's passwd and in a user's home is anybody's: nothing is followed that
// leads elsewhere, or else a user's keys would end up in another's files.
#include <v2v/linux/accounts.hpp>

#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

#include <charconv>

namespace v2v::linux {
namespace {

struct User {
  unsigned id = 0, group = 0;
  std::string home;
};

std::vector<std::string> fields(std::string_view line) {
  std::vector<std::string> all(1);
  for (const char c : line) {
    if (c == ':')
      all.emplace_back();
    else
      all.back() += c;
  }
  return all;
}

bool read_number(const std::string &text, unsigned &number) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

User find_user(Guest &guest, const std::string &name) {
  const auto passwd = guest.read("/etc/passwd");
  for (const auto line : lines(passwd)) {
    const auto all = fields(line);
    if (all.size() < 7 || all[0] != name) continue;
    User user;
    user.home = all[5];
    if (!read_number(all[2], user.id) || !read_number(all[3], user.group) || user.home.empty() ||
        user.home.front() != '/' || !guest.is_directory(user.home))
      throw Error(Code::corrupt,
                  fmt::format("the guest's user {} has no home directory: {}", name, user.home),
                  "--ssh-inject " + name, "see to the user's line in the guest's /etc/passwd");
    return user;
  }
  throw Error(Code::not_found, "the guest has no such user", "--ssh-inject " + name,
              "make the user first, with --run-command useradd");
}

void refuse_link(Guest &guest, const std::string &path) {
  if (const auto target = guest.link_target(path))
    throw Error(Code::unsupported, "it is a link to " + *target, path,
                "append the key to the right file, with --append-line");
}

}  // namespace

void add_ssh_keys(Guest &guest, const std::string &name, std::string keys) {
  const auto user = find_user(guest, name);
  const auto directory = join_path(clean_path(user.home), ".ssh");
  const auto file = directory + "/authorized_keys";
  refuse_link(guest, directory);
  if (!guest.is_directory(directory)) {
    guest.make_directory(directory, 0700);
    guest.set_owner(directory, user.id, user.group);
  }
  refuse_link(guest, file);
  if (keys.empty() || keys.back() != '\n') keys += '\n';
  const auto before = guest.read_if_file(file);
  if (before && !before->empty() && before->back() != '\n') keys.insert(0, "\n");
  guest.write(file, before.value_or("") + keys, 0600);
  if (!before) guest.set_owner(file, user.id, user.group);
}

}  // namespace v2v::linux
