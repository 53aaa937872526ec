// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "directory.hpp"

#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

#include <filesystem>

namespace v2v::input_ova {
namespace {

namespace fs = std::filesystem;

constexpr int deepest = 16;

void add_entry(const std::string &top, const fs::directory_entry &entry, MemberList &members) {
  Member member;
  member.name = entry.path().lexically_relative(top).string();
  member.file = entry.path().string();
  std::error_code failed;
  if (entry.is_symlink()) {
    const auto target = fs::canonical(entry.path(), failed).string();
    if (failed)
      member.flaw = "a link to nothing";
    else if (target.compare(0, top.size() + 1, top + "/") != 0)
      member.flaw = "a link that leads out of the directory";
    else
      member.file = target;
  }
  if (member.flaw.empty()) {
    const auto status = fs::status(member.file, failed);
    if (fs::is_regular_file(status))
      member.size = fs::file_size(member.file, failed);
    else if (fs::is_directory(status))
      return;
    else
      member.flaw = "no plain file";
    if (failed) member.flaw = "not readable";
  }
  members.add(std::move(member));
}

}  // namespace

void list_directory(const std::string &top, const Wanted *wanted, MemberList &members) try {
  // A folder in it that may not be read (lost+found) most likely holds nothing of the guest.
  const auto options = fs::directory_options::skip_permission_denied;
  const fs::directory_iterator readable(top);  // but of the directory itself that must be said
  for (fs::recursive_directory_iterator at(top, options), end; at != end; ++at) {
    const auto name = at->path().lexically_relative(top).string();
    if (!at->is_symlink() && at->is_directory()) {
      if (at.depth() >= deepest || (wanted && !wanted->reaches_into(name + "/")))
        at.disable_recursion_pending();
      continue;
    }
    if (!wanted || wanted->holds(name)) add_entry(top, *at, members);
  }
} catch (const fs::filesystem_error &error) {
  const auto code = error.code() == std::errc::permission_denied ? Code::access : Code::io;
  throw Error(code, "cannot list the directory: " + error.code().message(),
              text::printable(error.path1().string()), "run v2v as a user who may read it");
}

}  // namespace v2v::input_ova
