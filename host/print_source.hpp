// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// --print-source: what the source is, in virt-v2v's layout, which
// scripts compare line by line. Pure; any thread.
#pragma once

#include <v2v/values.hpp>

#include <string>

namespace v2v::host {

/// The whole text with its heading and the blank line at its end. Control characters in names are
/// shown as \x1b and the like.
std::string print_source(const Source &source);

}  // namespace v2v::host
