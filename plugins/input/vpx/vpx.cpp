// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The input "vpx" as the host sees it. vpx_input.hpp does the work.
#include "vpx_input.hpp"

#include <v2v/nbd/rate_limit.hpp>

namespace {

using v2v::OptionType;

const std::vector<v2v::Option> options = {
    {"password-file",
     OptionType::file,
     "A file with the password in its first line; the same as -ip",
     {},
     {}},
    {"cafile",
     OptionType::file,
     "Certificates of the authorities to trust; default: the system's",
     {},
     {}},
    {"vddk-libdir",
     OptionType::string,
     "With -it vddk: the directory of VMware's library",
     "DIRECTORY",
     {}},
    {"vddk-thumbprint",
     OptionType::string,
     "With -it vddk: SHA-1 of the server's certificate; default: asked for",
     "xx:xx:…",
     {}},
    {"vddk-transports",
     OptionType::string,
     "With -it vddk: ways to the disk, in order; default: the library's",
     "nbdssl:nbd:…",
     {}},
    {"vddk-compression",
     OptionType::string,
     "With -it vddk: compression on the way",
     "zlib|fastlz|skipz",
     {}},
    {"vddk-snapshot",
     OptionType::string,
     "With -it vddk: read this snapshot; the guest may run",
     "MOREF",
     {}},
    {"vddk-file",
     OptionType::list,
     "With -it vddk: name of a disk instead of the server's; once for each",
     "[DATASTORE] PATH",
     {}},
    {"vddk-config", OptionType::file, "With -it vddk: a configuration of the library", {}, {}},
    {"vddk-port", OptionType::number, "With -it vddk: port of the server", {}, {}},
    {"vddk-nfchostport", OptionType::number, "With -it vddk: port of the host", {}, {}},
};

}  // namespace

V2V_REGISTER_INPUT(v2v::input_vpx::VpxInput,
                   v2v::PluginInfo{"vpx", "0.1.0", "the v2v authors",
                                   "guests of a VMware vCenter or an ESXi host",
                                   v2v::nbd::with_rate_options(options)})
