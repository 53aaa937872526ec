// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ssh_common.hpp"

#include <v2v/nbd/ssh_server.hpp>

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::nbd {
namespace {

/// libssh replaces %-sequences in names of files of ours.
std::string without_expansion(const std::string &path) {
  std::string result;
  for (const char c : path) result += c == '%' ? std::string("%%") : std::string(1, c);
  return result;
}

}  // namespace

std::string SshAccess::server() const {
  return port ? fmt::format("{}:{}", host, *port) : host;
}

Nbdkit::Settings ssh_settings(const SshAccess &access, const std::string &path,
                              std::vector<std::string> filters) {
  Nbdkit::Settings settings;
  settings.filters = std::move(filters);
  settings.plugin = "ssh";
  settings.parameters = {"host=" + access.host, "path=" + path, "verify-remote-host=true",
                         fmt::format("timeout={}", connect_seconds)};
  if (access.port) settings.parameters.push_back(fmt::format("port={}", *access.port));
  if (!access.user.empty()) settings.parameters.push_back("user=" + access.user);
  if (!access.identity.empty())
    settings.parameters.push_back("identity=" + without_expansion(access.identity));
  if (!access.known_hosts.empty())
    settings.parameters.push_back("known-hosts=" + without_expansion(access.known_hosts));
  settings.password = access.password;
  settings.limit = access.limit;
  return settings;
}

void explain_ssh(const Nbdkit &server, const SshAccess &access, const std::string &path,
                 const Error &error) {
  if (error.code() == Code::cancelled) throw error;
  const auto reason = server.last_error();
  const auto name = text::printable(path);
  const auto where = text::printable(access.server());
  if (contains(reason, "host key is unknown") || contains(reason, "known_hosts"))
    throw Error(Code::access, "the host's key is not known", where,
                "connect to it once with ssh and accept the key after checking it, or give a file "
                "that has it: -io known-hosts=FILE");
  if (contains(reason, "host key"))
    throw Error(Code::access,
                fmt::format("the host's key is not the one in the known hosts: it may be another "
                            "machine ({})",
                            reason),
                where, "if the host was installed anew, remove the old key with ssh-keygen -R");
  if (contains(reason, "authentication"))
    throw Error(Code::access, "the login failed", where,
                "give a key with -io identity=FILE (one with a passphrase has to be in ssh-agent), "
                "or a file with the password with -ip, and name the user in the URI");
  if (contains(reason, "No such file"))
    throw Error(Code::not_found, "there is no such file on the host", where + ":" + name,
                "see whether the guest starts there, and check the path");
  if (contains(reason, "ermission denied"))
    throw Error(Code::access, "the file may not be read", where + ":" + name,
                "log in as a user who may read it; a running guest locks its disks: shut it down");
  if (contains(reason, "failed to connect"))
    throw Error(Code::io, reason, where, "see whether ssh to this host works");
  if (reason.empty()) throw error;
  throw Error(Code::io, reason, where + ":" + name, "see whether ssh to this host works");
}

}  // namespace v2v::nbd
