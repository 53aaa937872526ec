// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "disk_server.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace v2v::input_vpx {
namespace {

/// Bytes. The conversion of a small Debian needs 262 requests for 71 MB so, and 684 for 50 MB with
/// blocks of 64 KiB; a request to a vCenter takes longer than such a block.
constexpr unsigned block_size = 256 * 1024;

/// For /bin/sh.
std::string quoted(const std::string &text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

/// From the outermost. The cow filter reads whole blocks, serves several requests at a time,
/// and keeps what was read; the one next to the plugin tries again when a connection breaks. Filters
/// for reading ahead and for extents would do nothing: the copy has large requests already, and a
/// datastore knows no holes.
nbd::Nbdkit::Settings with_filters(const ServerSettings &common) {
  nbd::Nbdkit::Settings settings;
  // The cow filter keeps its file in TMPDIR. No proxy: as virt-v2v, and as https.hpp.
  settings.environment = {{"TMPDIR", common.run_directory}, {"no_proxy", "*"}, {"NO_PROXY", "*"}};
  settings.filters = {"cow", "retry"};
  settings.limit = common.limit;
  settings.parameters = {"cow-on-read=" + common.keep_reads_file,
                         fmt::format("cow-block-size={}", block_size)};
  return settings;
}

/// One connection to this disk.
void forbid_connections(nbd::Nbdkit::Settings &settings) {
  settings.filters.insert(settings.filters.begin(), "multi-conn");
  settings.parameters.push_back("multi-conn-mode=disable");
}

}  // namespace

bool pools_connections(const std::string &plugin_description) {
  constexpr std::string_view key = "\nversion=";
  const auto at = plugin_description.find(key);
  unsigned major = 0, minor = 0;
  if (at == plugin_description.npos ||
      std::sscanf(plugin_description.c_str() + at + key.size(), "%u.%u", &major, &minor) != 2)
    return false;
  return major > 1 || (major == 1 && minor >= 34);
}

nbd::Nbdkit::Settings https_settings(const ServerSettings &common, const HttpsDisk &disk) {
  auto settings = with_filters(common);
  settings.plugin = "curl";
  settings.what = "cannot read over HTTPS";
  settings.object = common.uri.server();
  auto &parameters = settings.parameters;
  for (const auto &parameter :
       {"url=" + disk.url, "cookie-script=cat " + quoted(disk.cookie_file),
        fmt::format("cookie-script-renew={}", common.patience.cookie_seconds),
        fmt::format("retries={}", common.patience.retries),
        fmt::format("retry-delay={}", common.patience.first_pause_seconds),
        fmt::format("timeout={}", common.patience.request_seconds), std::string("protocols=https")})
    parameters.push_back(parameter);
  if (!common.uri.verify) parameters.emplace_back("sslverify=false");
  if (!disk.ca_file.empty()) parameters.push_back("cainfo=" + disk.ca_file);
  // The disks of a guest are read at the same time, so each of several gets one connection.
  if (common.disks > 1) forbid_connections(settings);
  if (disk.pools_connections)
    parameters.push_back(fmt::format("connections={}", common.disks > 1 ? 1 : most_connections));
  return settings;
}

nbd::Nbdkit::Settings vddk_settings(const ServerSettings &common, const VddkDisk &disk,
                                    const Options &options) {
  auto settings = with_filters(common);
  settings.plugin = "vddk";
  settings.what = "cannot read with VDDK";
  settings.object = "-it vddk";
  settings.password = disk.password;
  auto &parameters = settings.parameters;
  for (const auto &parameter :
       {"server=" + common.uri.host, "vm=moref=" + disk.moref, "file=" + disk.file,
        "user=" + disk.user, "thumbprint=" + disk.thumbprint})
    parameters.push_back(parameter);
  if (common.uri.port != 443 && !options.get("vddk-port"))
    parameters.push_back(fmt::format("port={}", common.uri.port));
  for (const char *name :
       {"compression", "config", "libdir", "nfchostport", "port", "snapshot", "transports"})
    if (const auto value = options.get(fmt::format("vddk-{}", name)))
      parameters.push_back(fmt::format("{}={}", name, *value));
  // VDDK opens the disk for each connection, and the host serves few of them.
  forbid_connections(settings);
  return settings;
}

void explain_vddk(const Error &error) {
  if (error.failure().find("libvixDiskLib") == std::string::npos) throw error;
  throw Error(Code::not_found, "VMware's library, VDDK, is not found", "-it vddk",
              "unpack the Virtual Disk Development Kit of your vSphere version, and name its "
              "directory: -io vddk-libdir=/…/vmware-vix-disklib-distrib");
}

}  // namespace v2v::input_vpx
