// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/qemu_location.hpp>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <nlohmann/json.hpp>
#include <v2v/error.hpp>
#include <v2v/images/image.hpp>
#include <v2v/nbd/nbd_uri.hpp>
#include <v2v/text/printable.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace v2v::core {
namespace {

using nlohmann::json;

std::string file_path(const Location &location) {
  // A descriptor is opened anew through /proc, because qemu-img inherits none. Its creator keeps it
  // open, and is this process.
  if (location.type == Location::Type::fd)
    return fmt::format("/proc/{}/fd/{}", ::getpid(), location.fd);
  auto path = std::filesystem::absolute(location.path).string();
  if (!text::is_utf8(path))
    throw Error(Code::unsupported, "the path is not UTF-8", text::printable(path),
                "rename the file, or link to it");
  return path;
}

json file_node(const Location &location) {
  const auto path = file_path(location);
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    const auto code = errno == ENOENT ? Code::not_found : errno == EACCES ? Code::access : Code::io;
    throw Error(code, std::strerror(errno), display_name(location));
  }
  return {{"driver", S_ISBLK(status.st_mode) ? "host_device" : "file"}, {"filename", path}};
}

json nbd_node(const Location &location) {
  const auto uri = nbd::parse_nbd_uri(location.path);
  json server;
  if (uri.socket.empty())
    server = {{"type", "inet"}, {"host", uri.host}, {"port", std::to_string(uri.port)}};
  else
    server = {{"type", "unix"}, {"path", uri.socket}};
  return {{"driver", "nbd"}, {"server", server}, {"export", uri.export_name}};
}

}  // namespace

std::string display_name(const Location &location) {
  if (location.type == Location::Type::fd) return fmt::format("file descriptor {}", location.fd);
  return text::printable(location.path);
}

json qemu_node(const Location &location, Access access) {
  const auto format = images::canonical_format(location.format);
  const bool slice = location.offset != 0 || location.length != 0;
  json node = location.type == Location::Type::uri ? nbd_node(location) : file_node(location);
  if (slice) {
    node = {{"driver", "raw"}, {"offset", location.offset}, {"file", std::move(node)}};
    if (location.length != 0) node["size"] = location.length;
  }
  if (!(slice && format == "raw")) node = {{"driver", format}, {"file", std::move(node)}};
  const bool may_have_backing = format == "qcow2" || format == "vmdk";
  if (may_have_backing && !location.references) node["backing"] = nullptr;
  node["read-only"] = access == Access::read_only;
  return node;
}

std::string qemu_filename(const Location &location, Access access) {
  return "json:" + qemu_node(location, access).dump();
}

}  // namespace v2v::core
