// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// libvirt's connection URIs: driver[+transport]://[user@][server][:port]/[path][?parameters]. Source:
// libvirt's document "Connection URIs". Pure functions.
#pragma once

#include <string>

namespace v2v::libvirt_client {

struct Uri {
  std::string driver;     ///< qemu, xen, test, vpx, esx …; lower case
  std::string transport;  ///< unix, ssh, tls, tcp …; empty: not said
  std::string user, server, path;
  std::string port;   ///< as written; empty: not said
  std::string query;  ///< behind '?', as written

  /// The hypervisor's files are another machine's.
  bool remote() const { return !server.empty(); }
};

/// What is no URI, such as an alias of libvirt.conf, has nothing but an empty driver.
Uri parse_uri(const std::string &text);

}  // namespace v2v::libvirt_client
