// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the libvirt that will run the guest can do, from its capabilities and domain capabilities
// (libvirt's documents of these names), and what follows for the guest. The two readings are pure.
#pragma once

#include <v2v/libvirt/domain_xml.hpp>
#include <v2v/libvirt_client/connection.hpp>

#include <optional>
#include <string>

namespace v2v::output_libvirt {

struct TargetHost {
  libvirt::TargetFeatures features;
  /// Whether it offers each; nothing: it does not tell.
  std::optional<bool> uefi, secure_boot, tpm, vsock;
};

/// Asks for guests of this architecture on this machine type ("pc", "q35" …).
/// @throws Error(unsupported) if it runs no such guests; Error(io)
TargetHost ask_target_host(const libvirt_client::Connection &connection, const std::string &arch,
                           Machine machine);

/// Of guests of this architecture: the best type of domain and its features. Nothing: it runs none.
std::optional<libvirt::TargetFeatures> read_capabilities(const std::string &xml,
                                                         const std::string &arch);
void read_domain_capabilities(const std::string &xml, TargetHost &host);

/// The guest as this target can have it: what it does not offer is left out with a warning.
/// @throws Error(unsupported) if the guest could not start
Metadata fitted(Metadata guest, const TargetHost &host, const machine::Warn &warn);

}  // namespace v2v::output_libvirt
