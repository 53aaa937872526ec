// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "virsh.hpp"

#include <v2v/process/process.hpp>
#include <v2v/text/printable.hpp>

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace v2v::input_xen {
namespace {

constexpr int connect_seconds = 30;
constexpr int ssh_failed = 255;  ///< ssh's own exit status (ssh(1))
constexpr int not_there = 127;   ///< a shell's, if it has not found a program

/// For the shell of the other machine.
std::string quoted(const std::string &word) {
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

bool contains(const std::string &text, const char *piece) {
  return text.find(piece) != text.npos;
}

void write_private(const std::string &path, const std::string &text, mode_t mode) {
  const process::FileDescriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw Error(Code::io, fmt::format("cannot write the file: {}", std::strerror(errno)), path,
                "see whether its file system is full");
}

std::string trimmed(const std::string &text) {
  const auto start = text.find_first_not_of(" \r\n");
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(" \r\n") - start + 1);
}

}  // namespace

std::vector<std::string> virsh_command(const nbd::SshAccess &access,
                                       const std::vector<std::string> &words) {
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
  // ssh takes a '%' in names of files for the start of a sequence, and blanks end them.
  const auto file = [](const std::string &path) {
    std::string result = "\"";
    for (const char c : path) result += c == '%' ? std::string("%%") : std::string(1, c);
    return result + "\"";
  };
  if (!access.identity.empty()) option("IdentityFile=" + file(access.identity));
  if (!access.known_hosts.empty()) option("UserKnownHostsFile=" + file(access.known_hosts));
  command.emplace_back("--");
  command.push_back(access.host);
  std::string remote = "LC_ALL=C exec virsh --quiet --connect xen:///system";
  for (const auto &word : words) remote += " " + quoted(word);
  command.push_back(remote);
  return command;
}

Virsh::Virsh(const Host &host, nbd::SshAccess access) : host_(host), access_(std::move(access)) {
  if (!access_.password.empty()) provide_password();
}

void Virsh::provide_password() {
  const auto secret = host_.run_directory() + "/xen-password";
  ask_pass_ = host_.run_directory() + "/xen-ask-pass";
  write_private(secret, access_.password + "\n", 0600);
  write_private(ask_pass_, "#!/bin/sh\nexec cat " + quoted(secret) + "\n", 0700);
}

std::string Virsh::state(const std::string &guest) {
  return trimmed(run({"domstate", "--domain", guest}, guest));
}

std::string Virsh::xml(const std::string &guest) {
  // Without this the password of the display is left out.
  return run({"dumpxml", "--security-info", "--domain", guest}, guest);
}

std::string Virsh::run(const std::vector<std::string> &words, const std::string &guest) {
  process::Command command;
  command.argv = virsh_command(access_, words);
  command.environment = {{"LC_ALL", "C"}};
  if (!ask_pass_.empty()) {
    command.environment.emplace_back("SSH_ASKPASS", ask_pass_);
    command.environment.emplace_back("SSH_ASKPASS_REQUIRE", "force");
  }
  command.package = "openssh-client";
  command.check_cancelled = [this] { host_.check_cancelled(); };
  const auto output = command.run("cannot ask the Xen host", text::printable(access_.server()));
  if (output.status != 0) explain(output.status, output.error, guest);
  return output.out;
}

void Virsh::explain(int status, const std::string &words, const std::string &guest) const {
  const auto where = text::printable(access_.server());
  auto reason = trimmed(words);
  reason = text::printable(reason.substr(reason.rfind('\n') + 1));
  if (contains(words, "failed to get domain") || contains(words, "Domain not found"))
    throw Error(Code::not_found, "the Xen host has no such guest", text::printable(guest),
                fmt::format("see what there is: ssh {} virsh --connect xen:/// list --all", where));
  if (status == not_there)
    throw Error(Code::not_found, "there is no virsh on the Xen host", where,
                "install libvirt's client there (libvirt-clients, libvirt-client)");
  if (status != ssh_failed)
    throw Error(Code::io, fmt::format("virsh failed on the Xen host: {}", reason), where,
                "see whether libvirtd runs there: virsh --connect xen:/// list --all");
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
  throw Error(Code::io, reason.empty() ? "ssh failed" : reason, where,
              "see whether ssh to this host works");
}

}  // namespace v2v::input_xen
