// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where the guest is: vpx://[USER@]VCENTER[:PORT]/[FOLDER/…]DATACENTER[/[CLUSTER/]HOST], or
// esx://[USER@]HOST[:PORT], with ?no_verify=1 and the like. The form is libvirt's (its page "VMware
// ESX hypervisor driver"), which virt-v2v's users know. Pure functions.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::input_vpx {

struct VpxUri {
  bool vcenter = true;  ///< vpx:; false: esx: or gsx:, one host
  std::string user;     ///< may be empty
  std::string host;     ///< without the brackets of an IPv6 address
  std::uint16_t port = 443;
  std::vector<std::string> path;  ///< decoded, one element for each name
  bool verify = true;             ///< the server's certificate; no_verify=1 turns it off
  std::string auth_file;          ///< authfile=; empty: libvirt's usual places

  /// "vcenter.example" or "vcenter.example:8443", with brackets where they are needed.
  std::string server() const;
};

/// @throws Error(usage) that says what is wrong and how to write it
VpxUri parse_vpx_uri(const std::string &text);

/// %XX decoded.
/// @throws Error(usage), with `uri` as its object, for a '%' without two digits and for control
///         characters, which a name never has
std::string percent_decoded(std::string_view part, const std::string &uri);
/// Everything but A-Z a-z 0-9 - . _ ~ (and '/', if `slashes`) as %XX (RFC 3986, unreserved).
std::string percent_encoded(std::string_view text, bool slashes);

}  // namespace v2v::input_vpx
