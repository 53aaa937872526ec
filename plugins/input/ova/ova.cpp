// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The input "ova" as the host sees it. ova_input.hpp does the work.
#include "ova_input.hpp"

namespace {

const std::vector<v2v::Option> options = {
    {"vm",
     v2v::OptionType::string,
     "The virtual machine to take, by its name or id, if the OVF describes several",
     "NAME",
     {}},
};

}  // namespace

V2V_REGISTER_INPUT(v2v::input_ova::OvaInput,
                   v2v::PluginInfo{"ova", "0.1.0", "the v2v authors",
                                   "OVA and OVF, packed in any way or unpacked", options})
