// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The input "vmx" as the host sees it. vmx_input.hpp does the work.
#include "vmx_input.hpp"

#include <v2v/nbd/rate_limit.hpp>

namespace {

using v2v::OptionType;

const std::vector<v2v::Option> options = {
    {"identity",
     OptionType::file,
     "With -it ssh: the private key to log in with; default: ssh-agent and ~/.ssh",
     {},
     {}},
    {"known-hosts",
     OptionType::file,
     "With -it ssh: the keys of known hosts; default: ~/.ssh/known_hosts",
     {},
     {}},
    {"password-file",
     OptionType::file,
     "With -it ssh: a file with the password in its first line; the same as -ip",
     {},
     {}},
};

}  // namespace

V2V_REGISTER_INPUT(v2v::input_vmx::VmxInput,
                   v2v::PluginInfo{"vmx", "0.1.0", "the v2v authors",
                                   "VMware guests by their VMX file, local or over ssh",
                                   v2v::nbd::with_rate_options(options)})
