// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "source_uri.hpp"

#include <boost/algorithm/string/case_conv.hpp>

namespace v2v::host {

std::string input_for_connection(const std::string &uri) {
  const auto colon = uri.find("://");
  // Without a server it is a libvirt on this machine.
  if (colon == uri.npos || colon + 3 == uri.size() || uri[colon + 3] == '/') return "libvirt";
  const auto scheme = boost::to_lower_copy(uri.substr(0, colon));
  if (scheme == "vpx" || scheme == "esx" || scheme == "gsx") return "vpx";
  return scheme == "xen+ssh" ? "xen" : "libvirt";
}

}  // namespace v2v::host
