// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See guestfs_guest.hpp. The questions are answered in guestfs_state.cpp; here are the changes, and
// what each of them makes of the answers that are kept.
#include "guestfs_state.hpp"

#include <v2v/linux/guest_path.hpp>

#include <cstdlib>
#include <random>

namespace v2v::linux {
namespace {

/// One word for a shell.
std::string quoted(const std::string &word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

/// A script that runs `argv` and prints its exit status, then the end of its output. The output
/// goes through a file: a service that the command starts may hold a pipe open for ever, and all of
/// the output may not fit into one message of libguestfs. What still runs at the end is killed,
/// because it would keep the guest's file systems busy: every process whose root is the guest's.
std::string script_for(const std::vector<std::string> &argv) {
  std::string command;
  for (const auto &word : argv) command += quoted(word) + " ";
  // Random and never overwritten: anybody in the guest may have left links in its /tmp.
  const auto file = "/tmp/v2v-" + std::to_string(std::random_device()()) + ".out";
  return "export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
         "set -C\n"
         "exec 3>" +
         file + " || exit 1\n" + command +
         ">&3 2>&1 3>&- </dev/null\n"
         "echo $?\n"
         "for p in /proc/[0-9]*; do\n"
         "  [ \"$p\" != /proc/$$ ] && [ \"$p/root\" -ef / ] && kill -9 \"${p#/proc/}\"\n"
         "done 2>/dev/null\n"
         "tail -c 262144 " +
         file +
         "\n"
         "rm -f " +
         file +
         "\n"
         "exit 0\n";
}

}  // namespace

GuestfsGuest::GuestfsGuest(guestfs_h *handle) : state_(std::make_unique<State>(handle)) {}
GuestfsGuest::~GuestfsGuest() = default;

std::uint64_t GuestfsGuest::calls() const {
  return state_->appliance().calls();
}
void GuestfsGuest::forget() {
  state_->forget();
}

std::optional<FileInfo> GuestfsGuest::stat(const std::string &path) {
  return state_->stat(clean_path(path));
}

bool GuestfsGuest::is_file(const std::string &path) {
  if (const auto answer = state_->preloaded(clean_path(path)); answer.known)
    return answer.node && answer.node->type == FileInfo::Type::file;
  return Guest::is_file(path);
}

bool GuestfsGuest::is_directory(const std::string &path) {
  const auto clean = clean_path(path);
  if (const auto answer = state_->preloaded(clean); answer.known)
    return answer.node && answer.node->type == FileInfo::Type::directory;
  if (const auto names = state_->cache().names_in(clean); names && !names->empty()) return true;
  return Guest::is_directory(path);
}

std::vector<std::string> GuestfsGuest::list(const std::string &directory) {
  return state_->list(clean_path(directory));
}

std::vector<std::string> GuestfsGuest::find(const std::string &directory) {
  return state_->find(clean_path(directory));
}

std::optional<std::string> GuestfsGuest::link_target(const std::string &path) {
  return state_->link_target(clean_path(path));
}

std::string GuestfsGuest::read(const std::string &path) {
  const auto clean = clean_path(path);
  const auto answer = state_->preloaded(clean);
  if (answer.known && answer.node && answer.node->content) return *answer.node->content;
  if (const auto known = state_->cache().at(clean).content) return *known;
  const auto info = state_->stat(clean);
  if (!info) throw Error(Code::not_found, "no such file", clean);
  // Opening anything else, a FIFO for example, could block the appliance for ever.
  if (info->type != FileInfo::Type::file) throw Error(Code::corrupt, "not a regular file", clean);
  if (info->size > max_file)
    throw Error(Code::unsupported, "the file is larger than 512 MiB", clean);
  auto content = state_->download(clean);
  if (content.size() <= AnswerCache::max_content) state_->cache().at(clean).content = content;
  return content;
}

void GuestfsGuest::write(const std::string &path, std::string_view content, std::uint32_t mode) {
  const auto clean = clean_path(path);
  const bool exists = is_file(clean);
  if (!exists) state_->make_parents(clean);
  const auto place = state_->preloaded_place(clean, true);
  const auto before = exists && !place ? state_->stat(clean) : std::nullopt;
  state_->store(clean, content);
  // A new file gets 0644 from the appliance's umask.
  if (!exists && mode != 0644)
    state_->appliance().check("cannot set the mode", clean, [&](guestfs_h *g) {
      return guestfs_chmod(g, static_cast<int>(mode), clean.c_str());
    });
  if (place) state_->tree().put_file(*place, std::string(content));
  state_->cache().content_changed(clean, before);
  if (!exists) state_->cache().name_added(place);
}

void GuestfsGuest::append(const std::string &path, std::string_view content) {
  const auto clean = clean_path(path);
  if (!is_file(clean)) return write(clean, content);
  const auto answer = state_->preloaded(clean);
  // In a preloaded file one write replaces a read and a write; elsewhere the appliance appends.
  if (answer.known && answer.node->content)
    return write(clean, *answer.node->content + std::string(content));
  const auto before = state_->stat(clean);
  state_->append(clean, content, before->size);
  state_->cache().content_changed(clean, before);
}

std::uint64_t GuestfsGuest::free_space(const std::string &directory) {
  return state_->free_space(clean_path(directory));
}

void GuestfsGuest::remove(const std::string &path) {
  const auto clean = clean_path(path);
  const auto answer = state_->preloaded(clean, false);
  if (answer.known ? !answer.node : state_->cache().is_surely_absent(clean)) return;
  const auto place = state_->tree().is_empty() || !state_->real_path(parent_path(clean))
                         ? std::nullopt
                         : state_->preloaded_place(clean, false);
  state_->change(
      "cannot remove the file", clean, [&](guestfs_h *g) { return guestfs_rm_f(g, clean.c_str()); },
      [&] {
        auto touched = state_->file_and_directory(clean, false);
        touched.front().after.clear();
        return touched;
      });
  if (place) state_->tree().erase(*place);
  state_->cache().clear();
}

void GuestfsGuest::rename(const std::string &from, const std::string &to) {
  const auto old_name = clean_path(from), new_name = clean_path(to);
  const auto old_place = state_->preloaded_place(old_name, false);
  const auto new_place = state_->preloaded_place(new_name, false);
  state_->change(
      "cannot rename to " + new_name, old_name,
      [&](guestfs_h *g) { return guestfs_rename(g, old_name.c_str(), new_name.c_str()); },
      [&] {
        auto touched = state_->file_and_directory(old_name, false);
        const auto there = state_->file_and_directory(new_name, false);
        touched.front().after = there.front().after;
        touched.insert(touched.end(), there.begin(), there.end());
        return touched;
      });
  const bool moved = (!old_place && !new_place) ||
                     (old_place && new_place && state_->tree().move_file(*old_place, *new_place));
  // A directory moved, or something came in from outside: read everything again when asked.
  if (!moved) return state_->forget();
  state_->cache().clear();
}

void GuestfsGuest::copy(const std::string &from, const std::string &to) {
  const auto source = clean_path(from), target = clean_path(to);
  if (!is_file(source)) throw Error(Code::not_found, "no such file to copy", source);
  if (is_directory(target)) throw Error(Code::exists, "a directory is in the way", target);
  state_->make_parents(target);
  // cp runs in the appliance, whose own root an absolute link would lead to.
  const auto real_source = state_->place_of(source, true);
  const auto real_target = state_->place_of(target, true);
  state_->change(
      "cannot copy to " + target, source,
      [&](guestfs_h *g) { return guestfs_cp_a(g, real_source.c_str(), real_target.c_str()); },
      [&] { return state_->file_and_directory(target, true); });
  if (state_->tree().holds(real_target)) {
    const auto answer = state_->preloaded(source);
    if (!answer.known || !answer.node->content) return state_->forget();
    state_->tree().put_file(real_target, *answer.node->content);
  }
  state_->cache().clear();
}

void GuestfsGuest::symlink(const std::string &target, const std::string &path) {
  const auto clean = clean_path(path);
  state_->make_parents(clean);
  remove(clean);
  const auto place = state_->preloaded_place(clean, false);
  state_->change(
      "cannot make a link", clean,
      [&](guestfs_h *g) { return guestfs_ln_s(g, target.c_str(), clean.c_str()); },
      [&] { return state_->file_and_directory(clean, false); });
  if (place) state_->tree().put_link(*place, target);
  state_->cache().clear();
}

void GuestfsGuest::make_directory(const std::string &path, std::uint32_t mode) {
  const auto clean = clean_path(path);
  if (is_directory(clean)) return;
  state_->make_parents(join_path(clean, "in it"));
  if (mode != 0755)
    state_->appliance().check("cannot set the mode", clean, [&](guestfs_h *g) {
      return guestfs_chmod(g, static_cast<int>(mode), clean.c_str());
    });
}

void GuestfsGuest::set_owner(const std::string &path, unsigned user, unsigned group) {
  state_->appliance().check("cannot change the owner", path, [&](guestfs_h *g) {
    return guestfs_chown(g, static_cast<int>(user), static_cast<int>(group), path.c_str());
  });
}

CommandResult GuestfsGuest::run(const std::vector<std::string> &argv) {
  if (argv.empty()) throw Error(Code::internal, "no command to run in the guest");
  const auto script = script_for(argv);
  const OwnedText text(
      state_->appliance().call([&](guestfs_h *g) { return guestfs_sh(g, script.c_str()); }));
  state_->forget();
  auto *handle = state_->appliance().handle();
  if (!text && guestfs_is_ready(handle) != 1)
    state_->appliance().fail("the appliance stopped while it ran a command", argv.front());
  if (!text) return {127, guestfs_last_error(handle) ? guestfs_last_error(handle) : ""};
  const std::string output = text.get();
  const auto line = output.find('\n');
  if (line == std::string::npos) return {127, output};
  return {std::atoi(output.c_str()), output.substr(line + 1)};
}

void GuestfsGuest::preload(const std::vector<std::string> &directories) {
  for (const auto &directory : directories) state_->preload(clean_path(directory));
}

void GuestfsGuest::preload_files(const std::vector<std::string> &files) {
  std::vector<std::string> paths;
  paths.reserve(files.size());
  for (const auto &file : files) paths.push_back(clean_path(file));
  state_->preload_files(paths);
}

}  // namespace v2v::linux
