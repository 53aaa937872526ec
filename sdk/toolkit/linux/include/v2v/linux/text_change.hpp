// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is different between two states of a configuration file, in a few words for a report. Pure.
#pragma once

#include <string>
#include <string_view>

namespace v2v::linux {

/// "root=/dev/sda1 → root=/dev/vda1", with each difference once and no more than a few of them; lines that
/// came or went are named whole.
std::string describe_change(std::string_view before, std::string_view after);

}  // namespace v2v::linux
