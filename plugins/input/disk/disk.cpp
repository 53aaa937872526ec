// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The input "disk" as the host sees it. disk_input.hpp does the work.
#include "disk_input.hpp"

namespace {

using v2v::OptionType;

const std::vector<v2v::Option> options = {
    {"name",
     OptionType::string,
     "Name of the guest; default: the first disk's file name",
     "NAME",
     {}},
    {"memory", OptionType::size, "Memory of the guest", "BYTES", "2G"},
    {"vcpus", OptionType::number, "Virtual CPUs of the guest", "N", "1"},
    {"firmware",
     OptionType::string,
     "Firmware of the guest; default: found out from its disks",
     "bios|uefi",
     {}},
    {"controller",
     OptionType::string,
     "What the disks hang on today, which decides what the guest calls them",
     "ide|sata|scsi|nvme|virtio|virtio-scsi",
     {}},
    {"nic",
     OptionType::list,
     "A network card; default: one of unknown address on network \"default\"",
     "[MAC][,network=NAME|bridge=NAME][,model=MODEL]|none",
     {}},
};

}  // namespace

V2V_REGISTER_INPUT(v2v::input_disk::DiskInput,
                   v2v::PluginInfo{"disk", "0.1.0", "the v2v authors",
                                   "disk images, block devices, NBD servers", options})
