// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -io nic=[MAC][,network=NAME|bridge=NAME][,model=MODEL]
#pragma once

#include <v2v/values.hpp>

#include <string>

namespace v2v::input_disk {

/// @throws Error(usage) that says which part is wrong
Nic parse_nic(const std::string &text);

}  // namespace v2v::input_disk
