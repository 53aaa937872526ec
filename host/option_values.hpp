// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Readers for the values of options. Each takes what the user wrote and throws Error(usage) in the
// words of virt-v2v where it has some: scripts look for them. Pure functions.
#pragma once

#include "settings.hpp"

#include <v2v/error.hpp>
#include <v2v/plugin.hpp>

namespace v2v::host {

/// The error of an option that cannot be taken.
Error usage(const std::string &what, const std::string &remedy = {});

/// The plugin for a word after -i or -o: virt-v2v's other words for the same thing are translated
/// (-o disk, -o rhev …), anything else is taken as a plugin's name.
std::string input_name(const std::string &word);
std::string output_name(const std::string &word);
/// Whether virt-v2v has this input or output, so that somebody who asks for it made no mistake.
bool virt_v2v_has(Kind kind, const std::string &plugin);

/// Whether -it ssh and -it vddk are all there is for this input.
bool has_known_transports(const std::string &input);

Allocation allocation(const std::string &word);
/// ask, single, first or a device, unchanged.
std::string root(const std::string &word);
BlockBus block_bus(const std::string &word);
/// Whether --in-place is to do without overlays.
bool in_place_direct(const std::string &word);
/// Whether --convert is none.
bool as_it_is(const std::string &word);
bool rebuild_initramfs(const std::string &word);
DiskKey disk_key(const std::string &text);
unsigned memory(const std::string &megabytes);
unsigned cpus(const std::string &text);
unsigned parallel(const std::string &text);
std::string machine_destination(const std::string &text);

/// Sets what to do; the more basic question wins if there are several: --help over --version over
/// the rest in the order given.
void ask_for(CommandLine &command_line, Action action);

}  // namespace v2v::host
