// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How nbdkit is called to serve one disk: over HTTPS from a datastore with its curl plugin, or with its
// vddk plugin and VMware's library. Facts: the manual pages nbdkit-curl-plugin(1), nbdkit-vddk-plugin(1)
// and those of the filters. Pure functions.
#pragma once

#include "vpx_uri.hpp"

#include <v2v/nbd/nbdkit.hpp>
#include <v2v/values.hpp>

#include <string>

namespace v2v::input_vpx {

/// What one ESXi host bears: more HTTPS connections than this at once are refused or starve others.
constexpr unsigned most_connections = 4;

/// How long a server that does not answer is borne.
struct Patience {
  /// Of one request, for at most a MiB. With all tries it ends before the appliance's kernel gives a disk
  /// up, after 300 s, and so with an error of the disk's own.
  unsigned request_seconds = 35;
  /// After the first failure; the pauses before them are 2, 4, 8, 16 and 32 s.
  unsigned retries = 5;
  unsigned first_pause_seconds = 2;
  /// How soon a cookie of a new session is used.
  unsigned cookie_seconds = 10;
};

/// What is common to the disks of a guest.
struct ServerSettings {
  VpxUri uri;
  std::string run_directory;
  /// While this file is there, what is read is kept: the conversion reads many places several times,
  /// the copy reads each once.
  std::string keep_reads_file;
  unsigned disks = 1;  ///< of the guest, all served at the same time
  Patience patience;
  nbd::RateLimit limit;
};

struct HttpsDisk {
  std::string url;
  std::string cookie_file;         ///< holds what goes into the header Cookie
  std::string ca_file;             ///< empty: the system's
  bool pools_connections = false;  ///< nbdkit has the parameter connections=, with 4 as its default
};
nbd::Nbdkit::Settings https_settings(const ServerSettings &common, const HttpsDisk &disk);
/// Whether the curl plugin with this description has connections= (since 1.34).
bool pools_connections(const std::string &plugin_description);

struct VddkDisk {
  std::string moref;  ///< "vm-42"
  std::string file;   ///< "[datastore1] guest/guest.vmdk"
  std::string user, password;
  std::string thumbprint;  ///< of the server's certificate
};
/// @param options  of the user: vddk-libdir and so on
nbd::Nbdkit::Settings vddk_settings(const ServerSettings &common, const VddkDisk &disk,
                                    const Options &options);
/// Throws what it means that nbdkit did not start with these settings: the library is what everybody
/// lacks at first, and VMware's licence forbids to deliver it.
[[noreturn]] void explain_vddk(const Error &error);

}  // namespace v2v::input_vpx
