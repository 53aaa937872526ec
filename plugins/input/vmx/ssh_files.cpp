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

SshFiles::SshFiles(const Host &host, const InputRequest &request)
    : host_(host), request_(request), uri_(parse_ssh_uri(request.arguments.front())) {
  access_.host = uri_.host;
  access_.port = uri_.port;
  access_.user = uri_.user;
  access_.identity = request.options.get("identity").value_or("");
  access_.limit = nbd::rate_limit(request.options);
  access_.known_hosts = request.options.get("known-hosts").value_or("");
  // Asked for only if it was given: most people have a key, and nobody may sit at the terminal.
  if (request.options.get("password-file"))
    access_.password = host.secret("password-file", "").value_or("");
}

std::unique_ptr<nbd::Nbdkit> SshFiles::start(const std::string &path,
                                             std::vector<std::string> filters,
                                             const std::vector<std::string> &more) {
  auto settings = nbd::ssh_settings(access_, path, std::move(filters));
  settings.parameters.insert(settings.parameters.end(), more.begin(), more.end());
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
    nbd::explain_ssh(*server, access_, path, error);
  }
}

std::uint64_t SshFiles::size_through(const nbd::Nbdkit &server, const std::string &path) {
  try {
    return nbd::NbdReader(server.socket(), text::printable(path),
                          [this] { host_.check_cancelled(); })
        .size();
  } catch (const Error &error) {
    nbd::explain_ssh(server, access_, path, error);
  }
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
