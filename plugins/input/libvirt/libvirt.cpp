// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The input "libvirt" as the host sees it. libvirt_input.hpp does the work.
#include "libvirt_input.hpp"

namespace {

const std::vector<v2v::Option> options = {
    {"password-file",
     v2v::OptionType::file,
     "A file with the password for the connection in its first line; the same as -ip",
     {},
     {}},
    {"identity",
     v2v::OptionType::file,
     "Over ssh: the private key to read disks with; default: ssh-agent and ~/.ssh",
     {},
     {}},
    {"known-hosts",
     v2v::OptionType::file,
     "Over ssh: the keys of known hosts; default: ~/.ssh/known_hosts",
     {},
     {}},
};

}  // namespace

V2V_REGISTER_INPUT(v2v::input_libvirt::LibvirtInput,
                   v2v::PluginInfo{"libvirt", V2V_PLUGIN_VERSION, "the v2v authors",
                                   "guests that libvirt manages, here or over ssh", options})
