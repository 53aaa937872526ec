// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The new machine as properties of an image, which Nova reads when it starts a server of it. Source
// of the names and values: Glance's manual, "Useful image properties". Pure functions; any thread.
#pragma once

#include <v2v/machine/machine.hpp>

#include <cstdint>
#include <map>
#include <string>

namespace v2v::openstack {

std::map<std::string, std::string> image_properties(const Metadata &metadata,
                                                    const machine::Warn &warn);

/// The guest's memory in MiB, rounded up: the least that a flavour must have.
std::uint64_t least_memory(const Source &source);

}  // namespace v2v::openstack
