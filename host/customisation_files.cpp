// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the options name on this machine: looked at before anything is done, secrets and keys read. The
// converter gets absolute paths.
#include "customisation.hpp"

#include <v2v/error.hpp>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

namespace v2v::host {
namespace {

namespace fs = std::filesystem;

/// Absolute, without a slash at its end.
std::string absolute(const std::string &path) {
  auto clean = fs::absolute(path).lexically_normal().string();
  while (clean.size() > 1 && clean.back() == '/') clean.pop_back();
  return clean;
}

/// @param kind  S_IFREG, or 0: whatever is there
std::string readable(const std::string &option, const std::string &path, mode_t kind) {
  struct stat info {};
  const auto refuse = [&](const std::string &why, Code code) {
    throw Error(code, why, path, fmt::format("check the file that --{} names", option));
  };
  if (::stat(path.c_str(), &info) != 0) refuse(std::strerror(errno), Code::not_found);
  if (kind != 0 && (info.st_mode & S_IFMT) != kind) refuse("this is no regular file", Code::usage);
  if (::access(path.c_str(), R_OK) != 0) refuse(std::strerror(errno), Code::access);
  return absolute(path);
}

std::string read_file(const std::string &option, const std::string &path) {
  std::ifstream file(readable(option, path, S_IFREG), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string first_line(const std::string &option, const std::string &path) {
  // Also a pipe, so that a password need not be on a disk.
  readable(option, path, 0);
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line))
    throw Error(Code::usage, "the password file is empty", path,
                fmt::format("check the file that --{} names", option));
  return line;
}

void refuse_compressed(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(6, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  for (const std::string_view magic :
       {"\x1f\x8b", "BZh", "\xfd\x37zXZ", "\x28\xb5\x2f\xfd", "PK\x03\x04"})
    if (std::string_view(start).substr(0, magic.size()) == magic)
      throw Error(Code::usage, "this archive is compressed", path,
                  "--tar-in takes plain tar archives: unpack it first");
}

/// The newest of the user's own keys, as ssh-copy-id takes it.
std::string own_key() {
  const char *home = std::getenv("HOME");
  const fs::path directory = fs::path(home ? home : "/") / ".ssh";
  fs::path newest;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(directory, error)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with("id") || !name.ends_with(".pub") || name.ends_with("-cert.pub")) continue;
    if (newest.empty() || entry.last_write_time(error) > fs::last_write_time(newest, error))
      newest = entry.path();
  }
  if (newest.empty())
    throw Error(Code::not_found, "there is no public key (id*.pub)", directory.string(),
                "make one with ssh-keygen, or name it: --ssh-inject USER:file:FILE");
  return newest.string();
}

std::string key_of(const std::string &selector) {
  if (selector.starts_with("string:")) return selector.substr(std::strlen("string:"));
  const auto file = selector.empty() ? own_key() : selector.substr(std::strlen("file:"));
  auto key = read_file("ssh-inject", file);
  if (key.find_first_not_of(" \t\r\n") == std::string::npos)
    throw Error(Code::usage, "the file of the public key is empty", file,
                "name one that ssh-keygen has made");
  if (key.find("PRIVATE KEY") != std::string::npos)
    throw Error(Code::usage, "this is a private key, which belongs to nobody else", file,
                "name the public one, which ends in .pub");
  return key;
}

/// The operation with what it names on this machine.
void read_local(const std::string &option, Operation &operation) {
  auto &all = operation.arguments;
  if (option == "upload" || option == "run" || option == "firstboot")
    all[0] = readable(option, all[0], S_IFREG);
  if (option == "copy-in") all[0] = readable(option, all[0], 0);
  if (option == "tar-in") {
    all[0] = readable(option, all[0], S_IFREG);
    refuse_compressed(all[0]);
  }
  if (option == "ssh-inject") all[1] = key_of(all[1]);
  if (operation.kind == "password" && all[1] == "file") {
    all[2] = first_line(option, all[2]);
    all[1] = "text";
  }
}

/// The lines of a file of commands, without comments; a backslash at a line's end joins it with the next.
std::vector<std::string> command_lines(const std::string &text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c != '\n')
      lines.back() += c;
    else if (!lines.back().empty() && lines.back().back() == '\\')
      lines.back().pop_back();
    else
      lines.emplace_back();
  }
  for (auto &line : lines) line.erase(0, line.find_first_not_of(" \t\r"));
  std::erase_if(lines, [](const auto &line) { return line.empty() || line.front() == '#'; });
  return lines;
}

class Reading {
 public:
  Reading(Customisation &given, const Problem &problem) : given_(given), problem_(problem) {}

  Changes read() {
    for (const auto &option : std::vector(given_.options())) try {
        take(option);
      } catch (const Error &error) {
        if (!problem_) throw;
        problem_(error);
      }
    changes_.keep_log = given_.keep_log();
    std::set<std::string> users;
    for (auto &operation : passwords_) {
      operation.arguments.push_back(given_.password_method());
      const auto &user = operation.arguments[0];
      if (!users.insert(user).second)
        throw Error(Code::usage,
                    fmt::format("multiple --root-password/--password options set the password for "
                                "user {} twice",
                                user),
                    {}, "give it once");
      changes_.operations.push_back(std::move(operation));
    }
    return std::move(changes_);
  }

 private:
  void take(const Customisation::Option &option) {
    auto operation = customisation_operation(option.name, option.value);
    if (operation.kind == "commands-from-file") return take_file(operation.arguments[0]);
    read_local(option.name, operation);
    // What a command does, nobody knows.
    for (const char *kind : {"install", "update", "run", "run-command"})
      if (operation.kind == kind) changes_.needs_network = true;
    (operation.kind == "password" ? passwords_ : changes_.operations)
        .push_back(std::move(operation));
  }

  void take_file(const std::string &file) {
    for (const auto &line : command_lines(read_file("commands-from-file", file))) {
      const auto blank = line.find(' ');
      const auto name = line.substr(0, blank);
      const auto value = blank == std::string::npos ? "" : line.substr(blank + 1);
      try {
        take_command(name, value);
      } catch (const Error &error) {
        throw Error(error.code(), error.failure(),
                    error.object().empty() ? file : file + ": " + error.object(), error.remedy());
      }
    }
  }

  void take_command(const std::string &name, const std::string &value) {
    if (name == "password-crypto") return given_.set_password_method(value);
    if (name == "no-logfile") return given_.leave_no_log();
    if (name == "no-selinux-relabel") {
      changes_.relabel = false;
      return;
    }
    if (name == "selinux-relabel") return;
    const auto &names = customisation_names();
    const bool known =
        name != "commands-from-file" &&
        std::any_of(names.begin(), names.end(), [&](const auto &one) { return name == one.name; });
    if (!known)
      throw Error(Code::usage, fmt::format("command '{}' not valid", name), {},
                  "the lines are options of v2v that change the guest, without the two dashes");
    take({name, value});
  }

  Customisation &given_;
  const Problem &problem_;
  Changes changes_;
  std::vector<Operation> passwords_;
};

}  // namespace

Changes read_changes(Customisation customisation, const Problem &problem) {
  return Reading(customisation, problem).read();
}

}  // namespace v2v::host
