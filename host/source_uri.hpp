// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which input plugin reads a guest that -i libvirt and a URI name. As in virt-v2v, the URI decides:
// what libvirt calls VMware and Xen over ssh are inputs of their own. Pure functions.
#pragma once

#include <string>

namespace v2v::host {

/// "vpx" for a URI of a vCenter or an ESXi host, "xen" for one of Xen over ssh; else "libvirt".
std::string input_for_connection(const std::string &uri);

}  // namespace v2v::host
