// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The output "libvirt" as the host sees it. libvirt_output.hpp does the work.
#include "libvirt_output.hpp"

namespace {

const std::vector<v2v::Option> options = {
    {"compressed", v2v::OptionType::boolean, "Write compressed qcow2 disks", {}, {}}};

}  // namespace

V2V_REGISTER_OUTPUT(v2v::output_libvirt::LibvirtOutput,
                    v2v::PluginInfo{"libvirt", V2V_PLUGIN_VERSION, "the v2v authors",
                                    "a guest of libvirt, with its disks in a storage pool",
                                    options})
