// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "network_disk.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fmt/format.h>

namespace v2v::input_libvirt {
namespace {

using libvirt::DiskHost;
using libvirt::DomainDisk;

class Access {
 public:
  Access(const DomainDisk &disk, const std::string &name) : disk_(disk), name_(name) {}

  NetworkAccess access() const {
    check_format();
    if (disk_.length != 0) unsupported("a part of an image is not read over a network");
    if (disk_.login)
      unsupported("the server wants a user's name and a secret, which libvirt keeps");
    if (disk_.protocol == "nbd") return nbd();
    for (const auto *scheme : {"http", "https", "ftp", "ftps"})
      if (disk_.protocol == scheme) return curl();
    if (disk_.protocol == "ssh") return ssh();
    unsupported(fmt::format("disks by \"{}\" are not read", text::printable(disk_.protocol)));
  }

 private:
  /// What NBD serves are the bytes of a disk, not those of an image.
  void check_format() const {
    if (disk_.format.empty() || disk_.format == "raw") return;
    unsupported(fmt::format("an image of format {} is not read over a network",
                            text::printable(disk_.format)));
  }

  [[noreturn]] void unsupported(const std::string &what) const {
    const auto format = disk_.format.empty() ? "raw" : disk_.format;
    throw Error(Code::unsupported, what, name_,
                fmt::format("serve it with qemu-nbd --read-only --format={} …, and give all disks "
                            "with -i disk, this one as nbd://localhost",
                            text::printable(format)));
  }

  /// The first of several is the one that libvirt tries first.
  const DiskHost &host() const {
    if (disk_.hosts.empty()) incomplete("host");
    const auto &host = disk_.hosts.front();
    const bool plain = host.transport.empty() || host.transport == "tcp";
    if (!plain && host.transport != "unix")
      unsupported(fmt::format("the transport \"{}\" is not read", text::printable(host.transport)));
    if (plain && host.name.empty()) incomplete("host's name");
    return host;
  }

  [[noreturn]] void incomplete(const char *part) const {
    throw Error(Code::corrupt, fmt::format("the XML of the network disk has no {}", part), name_,
                "put its <source> right with virsh edit, or in the XML");
  }

  std::string host_and_port(const std::string &default_port) const {
    const auto &where = host();
    if (where.name.find_first_of("/@?#% ") != where.name.npos ||
        text::has_control_character(where.name))
      incomplete("possible host");
    const bool ipv6 = where.name.find(':') != where.name.npos && where.name.front() != '[';
    auto address = ipv6 ? "[" + where.name + "]" : where.name;
    if (where.port.empty() || where.port == default_port) return address;
    if (where.port.find_first_not_of("0123456789") != where.port.npos) incomplete("possible port");
    return address + ":" + where.port;
  }

  NetworkAccess nbd() const {
    if (disk_.tls) unsupported("NBD with TLS is not read");
    const auto path = "/" + text::percent_encoded(disk_.name, text::unreserved_in_path);
    if (host().transport != "unix") return "nbd://" + host_and_port("10809") + path;
    if (host().socket.empty()) incomplete("socket");
    return "nbd+unix://" + path +
           "?socket=" + text::percent_encoded(host().socket, text::unreserved_in_path);
  }

  NetworkAccess curl() const {
    const std::string port = disk_.protocol == "http"    ? "80"
                             : disk_.protocol == "https" ? "443"
                             : disk_.protocol == "ftp"   ? "21"
                                                         : "990";
    auto path = disk_.name;
    if (path.rfind('/', 0) != 0) path.insert(0, "/");
    auto url = disk_.protocol + "://" + host_and_port(port) +
               text::percent_encoded(path, text::unreserved_in_path);
    if (!disk_.query.empty()) url += "?" + disk_.query;
    nbd::Nbdkit::Settings settings;
    settings.filters = {"cacheextents", "retry", "readahead"};
    settings.plugin = "curl";
    settings.parameters = {"url=" + url};
    if (!disk_.check_certificate) settings.parameters.emplace_back("sslverify=false");
    return settings;
  }

  NetworkAccess ssh() const {
    const auto &where = host();
    if (where.transport == "unix") incomplete("host's name");
    nbd::Nbdkit::Settings settings;
    settings.filters = {"retry"};
    settings.plugin = "ssh";
    // libvirt, and qemu, take the name for a path from the root.
    settings.parameters = {
        "host=" + where.name,
        "path=" + (disk_.name.rfind('/', 0) == 0 ? "" : std::string("/")) + disk_.name};
    for (const auto &[key, value] : {std::pair{"port=", where.port},
                                     {"user=", disk_.user},
                                     {"identity=", disk_.key_file},
                                     {"known-hosts=", disk_.known_hosts}})
      if (!value.empty()) settings.parameters.push_back(key + value);
    return settings;
  }

  const DomainDisk &disk_;
  const std::string &name_;
};

}  // namespace

NetworkAccess network_access(const libvirt::DomainDisk &disk, const std::string &name) {
  return Access(disk, name).access();
}

}  // namespace v2v::input_libvirt
