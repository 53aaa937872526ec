// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The VirtualMachine (kubevirt.io/v1) of a converted guest. Pure; any thread.
// Source: the Go types of KubeVirt's API, kubevirt.io/api, core/v1.
#pragma once

#include <string>
#include <v2v/machine/machine.hpp>
#include <vector>

namespace v2v::output_kubevirt {

/// The whole document. `disks` has one element for each of metadata.disks. What KubeVirt has no
/// words for is left out with a warning.
/// @throws Error(usage) if no name for Kubernetes can be made of the guest's name;
///         Error(unsupported) if a string of the source is not UTF-8
std::string manifest(const Metadata &metadata, const std::vector<machine::DiskSource> &disks,
                     const machine::Warn &warn);

/// The guest's name in Kubernetes.
/// @throws Error(usage) as manifest
std::string machine_name(const std::string &name);

}  // namespace v2v::output_kubevirt
