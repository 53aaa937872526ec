// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The input "xen" as the host sees it. xen_input.hpp does the work.
#include "xen_input.hpp"

#include <v2v/nbd/rate_limit.hpp>

namespace {

using v2v::OptionType;

const std::vector<v2v::Option> options = {
    {"identity",
     OptionType::file,
     "The private key to log in with; default: ssh-agent and ~/.ssh",
     {},
     {}},
    {"known-hosts",
     OptionType::file,
     "The keys of known hosts; default: ~/.ssh/known_hosts",
     {},
     {}},
    {"password-file",
     OptionType::file,
     "A file with the password in its first line; the same as -ip",
     {},
     {}},
};

}  // namespace

V2V_REGISTER_INPUT(v2v::input_xen::XenInput,
                   v2v::PluginInfo{"xen", "0.1.0", "the v2v authors", "guests of Xen over ssh",
                                   v2v::nbd::with_rate_options(options)})
