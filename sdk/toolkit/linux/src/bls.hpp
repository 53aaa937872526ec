// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Boot entries in files of their own, one a kernel, which a grub.cfg with the command blscfg reads: the
// Boot Loader Specification (uapi-group.org), type 1, as Red Hat's GRUB has it since Fedora 30 and
// RHEL 8.
//
// Pure functions of text.
#pragma once

#include "grub2_menu.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace v2v::linux {

/// Where the files NAME.conf are.
constexpr char bls_directory[] = "/boot/loader/entries";

/// Whether a grub.cfg takes its menu from there.
bool reads_bls(std::string_view config);

/// @param id  the file's name without ".conf", by which grubenv's saved_entry names it
MenuEntry parse_bls_entry(const std::string &id, std::string_view text);

/// The arguments in a line of such a file, as a view into `line`; nothing in others. They may hold
/// variables: "root=UUID=… ro $tuned_params".
std::optional<std::string_view> bls_options(std::string_view line);

}  // namespace v2v::linux
