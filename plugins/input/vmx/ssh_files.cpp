// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ssh_files.hpp"

#include <v2v/nbd/nbd_reader.hpp>
#include "remote_disk.hpp"
#include "vmx_file.hpp"

#include <v2v/images/vmdk_descriptor.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <filesystem>

namespace v2v::input_vmx {
namespace {

constexpr unsigned connect_seconds = 30;

/// libssh replaces %-sequences in names of files of ours.
std::string without_expansion(const std::string &path) {
  std::string result;
  for (const char c : path) result += c == '%' ? std::string("%%") : std::string(1, c);
  return result;
}

bool contains(const std::string &text, const char *piece) {
  return text.find(piece) != text.npos;
}

}  // namespace

SshFiles::SshFiles(const Host &host, const InputRequest &request)
    : host_(host), request_(request), uri_(parse_ssh_uri(request.arguments.front())) {
  // Asked for only if it was given: most people have a key, and nobody may sit at the terminal.
  if (request.options.get("password-file"))
    password_ = host.secret("password-file", "").value_or("");
}

std::unique_ptr<nbd::Nbdkit> SshFiles::start(const std::string &path,
                                             std::vector<std::string> filters,
                                             std::vector<std::string> more) {
  nbd::Nbdkit::Settings settings;
  settings.filters = std::move(filters);
  settings.plugin = "ssh";
  settings.parameters = {"host=" + uri_.host, "path=" + path, "verify-remote-host=true",
                         fmt::format("timeout={}", connect_seconds)};
  if (uri_.port) settings.parameters.push_back(fmt::format("port={}", *uri_.port));
  if (!uri_.user.empty()) settings.parameters.push_back("user=" + uri_.user);
  for (const auto *name : {"identity", "known-hosts"})
    if (const auto file = request_.options.get(name))
      settings.parameters.push_back(fmt::format("{}={}", name, without_expansion(*file)));
  settings.parameters.insert(settings.parameters.end(), more.begin(), more.end());
  settings.password = password_;
  const auto base =
      std::filesystem::path(host_.run_directory()) / fmt::format("vmx-ssh-{}", started_++);
  return std::make_unique<nbd::Nbdkit>(settings, base, [this] { host_.check_cancelled(); });
}

std::string SshFiles::read_start(const std::string &path, std::uint64_t most, std::uint64_t &size) {
  const auto server = start(path, {}, {});
  try {
    nbd::NbdReader reader(server->socket(), text::printable(path),
                          [this] { host_.check_cancelled(); });
    size = reader.size();
    return reader.read_up_to(0, most);
  } catch (const Error &error) {
    explain(*server, path, error);
  }
}

std::uint64_t SshFiles::size_through(const nbd::Nbdkit &server, const std::string &path) {
  try {
    return nbd::NbdReader(server.socket(), text::printable(path),
                          [this] { host_.check_cancelled(); })
        .size();
  } catch (const Error &error) {
    explain(server, path, error);
  }
}

/// nbdkit says what is wrong in words made for those who know it.
void SshFiles::explain(const nbd::Nbdkit &server, const std::string &path, const Error &error) {
  if (error.code() == Code::cancelled) throw error;
  const auto reason = server.last_error();
  const auto name = text::printable(path);
  const auto where = text::printable(uri_.server());
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
                "see whether the guest starts in VMware, and check the path");
  if (contains(reason, "ermission denied"))
    throw Error(Code::access, "the file may not be read", where + ":" + name,
                "log in as a user who may read it; a running guest locks its disks: shut it down");
  if (contains(reason, "failed to connect"))
    throw Error(Code::io, reason, where, "see whether ssh to this host works");
  if (reason.empty()) throw error;
  throw Error(Code::io, reason, where + ":" + name, "see whether ssh to this host works");
}

std::string SshFiles::read_vmx() {
  std::uint64_t size = 0;
  auto text = read_start(uri_.path, largest_vmx + 1, size);
  host_.debug(fmt::format("{}:{}: {} bytes", uri_.server(), uri_.path, size));
  return text;
}

Location SshFiles::serve_disk(const std::string &file) {
  const auto directory = std::filesystem::path(uri_.path).parent_path().string();
  const bool anywhere = request_.allow_references;
  const auto path = remote_path(file, directory, directory, anywhere, text::printable(uri_.path));
  std::uint64_t size = 0;
  const auto text = read_start(path, images::largest_vmdk_descriptor + 1, size);
  const auto extent = remote_extent(path, text, directory, anywhere);

  // A connection that breaks is made anew; the ssh plugin reads one request at a time and knows no
  // holes, so filters for those would do nothing.
  std::vector<std::string> filters, more;
  if (extent.offset != 0) {
    filters = {"offset"};
    more = {fmt::format("offset={}", extent.offset), fmt::format("range={}", extent.length)};
  }
  // Without the retry filter it says at once what is wrong.
  const auto found = size_through(*start(extent.path, filters, more), extent.path);
  if (found < extent.length)
    throw Error(Code::corrupt,
                fmt::format("the file ends after {} of {} bytes", found, extent.length),
                uri_.server() + ":" + text::printable(extent.path),
                "see whether the guest starts in VMware");
  filters.push_back("retry");
  servers_.push_back(start(extent.path, filters, more));
  Location location;
  location.type = Location::Type::uri;
  location.path = servers_.back()->uri();
  location.format = "raw";
  return location;
}

}  // namespace v2v::input_vmx
