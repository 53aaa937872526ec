// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The input "libvirtxml" as the host sees it. libvirtxml_input.hpp does the work.
#include "libvirtxml_input.hpp"

V2V_REGISTER_INPUT(v2v::input_libvirt::LibvirtXmlInput,
                   v2v::PluginInfo{"libvirtxml",
                                   V2V_PLUGIN_VERSION,
                                   "the v2v authors",
                                   "guests by a file with libvirt's XML",
                                   {}})
