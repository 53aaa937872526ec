// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The converters that are installed: what all of them are asked, and which one gets the guest.
#pragma once

#include <core/convert/context.hpp>
#include <core/convert/plugin_instances.hpp>
#include <v2v/values.hpp>

namespace v2v::core {

/// Which converter it will be is not known yet; but one of them must understand what was given.
void check_converter_options(const ConversionContext &context);

/// Has each converter look whether this host lacks what it needs, after their options were checked. One
/// that does not load is found now, not when the guest is ready for it.
void foresee(ConversionContext &context, const Source &source, const Wishes &wishes);

/// But for the options, which each converter has of its own.
/// @param target  null: there is none
Wishes wishes_of(const ConversionSettings &settings, const OutputDescription *target);

/// The converter that knows this guest best.
/// @throws Error(unsupported) if none does
const LoadedPlugin &best_converter(ConversionContext &context, const Inspection &inspection,
                                   const Source &source);

/// The user's options, as this converter declares them.
/// @throws Error(usage) if it does not have one
Options options_for(const LoadedPlugin &converter, const ConversionContext &context);

/// Has the converter change the mounted guest, with its own options, and unmounts it.
/// @param request  wishes without options
GuestCaps convert_guest(const LoadedPlugin &converter, ConvertRequest request,
                        ConversionContext &context);

}  // namespace v2v::core
