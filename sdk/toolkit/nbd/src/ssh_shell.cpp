// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ssh_common.hpp"

#include <v2v/nbd/ssh_shell.hpp>

#include <v2v/text/printable.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

namespace v2v::nbd {
namespace {

using namespace std::chrono_literals;

constexpr int ssh_failed = 255;            ///< ssh's own exit status (ssh(1))
constexpr std::size_t random_suffix = 17;  ///< that ssh adds to a socket's name while it makes it

void write_private(const std::string &path, const std::string &text, mode_t mode) {
  const process::FileDescriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw Error(Code::io, fmt::format("cannot write the file: {}", std::strerror(errno)), path,
                "see whether its file system is full");
}

/// ssh takes a '%' in names of files for the start of a sequence, and blanks end them.
std::string file_name(const std::string &path) {
  std::string result = "\"";
  for (const char c : path) result += c == '%' ? std::string("%%") : std::string(1, c);
  return result + "\"";
}

std::string last_line(const std::string &text) {
  const auto end = text.find_last_not_of(" \r\n");
  if (end == text.npos) return {};
  const auto lines = text.substr(0, end + 1);
  return text::printable(lines.substr(lines.rfind('\n') + 1));
}

/// @param words  what ssh wrote to standard error
[[noreturn]] void explain(const std::string &words, const std::string &where) {
  if (contains(words, "IDENTIFICATION HAS CHANGED"))
    throw Error(Code::access,
                "the host's key is not the one in the known hosts: it may be another machine",
                where, "if the host was installed anew, remove the old key with ssh-keygen -R");
  if (contains(words, "ost key"))
    throw Error(Code::access, "the host's key is not known", where,
                "connect to it once with ssh and accept the key after checking it, or give a file "
                "that has it: -io known-hosts=FILE");
  if (contains(words, "Permission denied"))
    throw Error(Code::access, "the login failed", where,
                "give a key with -io identity=FILE (one with a passphrase has to be in ssh-agent), "
                "or a file with the password with -ip, and name the user in the URI");
  const auto reason = last_line(words);
  throw Error(Code::io, reason.empty() ? "ssh failed" : reason, where,
              "see whether ssh to this host works");
}

}  // namespace

std::string shell_word(const std::string &word) {
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::vector<std::string> ssh_command(const SshAccess &access, const std::string &remote,
                                     const std::vector<std::string> &more) {
  // The host's key must be known, as for nbdkit; nobody is asked about it in the middle.
  std::vector<std::string> command = {"ssh", "-T",
                                      "-o",  "StrictHostKeyChecking=yes",
                                      "-o",  fmt::format("ConnectTimeout={}", connect_seconds)};
  const auto option = [&](const std::string &text) {
    command.emplace_back("-o");
    command.push_back(text);
  };
  if (access.password.empty())
    option("BatchMode=yes");
  else
    option("NumberOfPasswordPrompts=1");
  if (access.port) option(fmt::format("Port={}", *access.port));
  if (!access.user.empty()) option("User=" + access.user);
  if (!access.identity.empty()) option("IdentityFile=" + file_name(access.identity));
  if (!access.known_hosts.empty()) option("UserKnownHostsFile=" + file_name(access.known_hosts));
  command.insert(command.end(), more.begin(), more.end());
  command.emplace_back("--");
  command.push_back(access.host);
  if (!remote.empty()) command.push_back(remote);
  return command;
}

SshShell::SshShell(const std::string &run_directory, SshAccess access,
                   std::function<void()> check_cancelled)
    : access_(std::move(access)), check_cancelled_(std::move(check_cancelled)) {
  if (!access_.password.empty()) provide_password(run_directory);
}

void SshShell::provide_password(const std::string &run_directory) {
  const auto secret = run_directory + "/ssh-password";
  ask_pass_ = run_directory + "/ssh-ask-pass";
  write_private(secret, access_.password + "\n", 0600);
  write_private(ask_pass_, "#!/bin/sh\nexec cat " + shell_word(secret) + "\n", 0700);
}

std::vector<std::pair<std::string, std::string>> SshShell::environment() const {
  if (ask_pass_.empty()) return {{"LC_ALL", "C"}};
  return {{"LC_ALL", "C"}, {"SSH_ASKPASS", ask_pass_}, {"SSH_ASKPASS_REQUIRE", "force"}};
}

process::CommandOutput SshShell::run(const std::string &remote, const std::string &what) const {
  process::Command command;
  command.argv = ssh_command(access_, remote);
  command.environment = environment();
  command.package = "openssh-client";
  command.check_cancelled = check_cancelled_;
  const auto where = text::printable(access_.server());
  auto output = command.run(what, where);
  if (output.status == ssh_failed) explain(output.error, where);
  return output;
}

std::vector<std::string> SshShell::share_connection(const std::string &base) {
  const auto socket = base + ".ssh";
  if (socket.size() + random_suffix >= sizeof(sockaddr_un::sun_path))
    throw Error(Code::unsupported, "the path is too long for a socket", socket,
                "set VIRT_V2V_TMPDIR to a directory with a shorter name");
  const std::vector<std::string> path = {"-o", "ControlPath=" + file_name(socket)};
  auto master = path;
  master.insert(master.end(), {"-N", "-o", "ControlMaster=yes", "-o", "ControlPersist=no"});
  process::Command command;
  command.argv = ssh_command(access_, {}, master);
  command.environment = environment();
  command.package = "openssh-client";
  const process::FileDescriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) throw Error(Code::io, std::strerror(errno), "/dev/null");
  shared_ = std::make_unique<process::Child>(command, null.get(), null.get(), null.get());
  // If it fails, which it does not after a login that succeeded, the commands do without it.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(connect_seconds);
  while (!std::filesystem::exists(socket) && !shared_->status() &&
         std::chrono::steady_clock::now() < deadline) {
    check_cancelled_();
    std::this_thread::sleep_for(5ms);
  }
  auto options = path;
  options.insert(options.end(), {"-o", "ControlMaster=no"});
  return options;
}

}  // namespace v2v::nbd
