// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The two ends of a conversion, as far as they are dealt with before anything is done: the input with the
// source that it tells of, and the output with what it takes.
#pragma once

#include <core/convert/context.hpp>
#include <core/convert/disk_underway.hpp>
#include <core/convert/plugin_instances.hpp>
#include <v2v/values.hpp>

#include <memory>
#include <vector>

namespace v2v::core {

/// Opens the source.
std::unique_ptr<InputInstance> open_input(ConversionContext &context);

/// What the input tells, with its NICs connected as the user wants them.
/// @throws Error(unsupported) if it has no disks
Source connected_source(const InputInstance &input, ConversionContext &context);

/// Opens the output; nothing is created.
std::unique_ptr<OutputInstance> open_output(ConversionContext &context);

/// Settles what the output is to be asked for.
/// @param disks  of known size
/// @throws Error(usage), Error(unsupported) if that is more than it can
void want_disks(const ConversionContext &context, const Source &source,
                const OutputDescription &target, std::vector<DiskUnderway> &disks);

/// @throws Error(unsupported) if the target has no word for this firmware
void check_firmware(const ConversionContext &context, Firmware firmware,
                    const OutputDescription &target);

/// The machine's name on the target.
const std::string &target_name(const ConversionSettings &settings, const Source &source);

}  // namespace v2v::core
