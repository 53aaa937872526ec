// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A guest that is moved as it is (--convert none): nobody looks at it, so what can be told of it is what its
// source tells.
#pragma once

#include <core/convert/plugin_host.hpp>
#include <v2v/values.hpp>

#include <string>

namespace v2v::core {

/// An inspection that knows nothing but the processor: what the outputs are told.
Inspection not_inspected(const Source &source);

/// The firmware that the source tells of; else what the disks are laid out for.
/// @throws Error(io) … about a disk that cannot be read
Firmware firmware_of(const Source &source, const PluginEnvironment &environment);

/// Devices that the guest can be trusted to drive: virtio where it had that already, else such as are
/// emulated after hardware that every system knows. The chipset is that of machines of its kind: UEFI and
/// SATA come with q35, IDE with i440fx.
GuestCaps unchanged_caps(const Source &source, Firmware firmware);

/// What a person has to know.
std::string unchanged_warning(const GuestCaps &caps);

}  // namespace v2v::core
