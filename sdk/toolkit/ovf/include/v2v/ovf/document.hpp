// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The OVF of a converted guest as oVirt reads it, which is a dialect of its own: misspelt elements and
// a namespace with a slash too many are part of it. Pure functions; any thread.
// Source: oVirt engine's OvfReader and OvfOvirtReader, and what virt-v2v writes for them.
#pragma once

#include <cstdint>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <v2v/machine/machine.hpp>
#include <vector>

namespace v2v::ovf {

/// How oVirt reads it back.
enum class Flavour {
  ovirt,          ///< through the engine's API, and from newer data domains
  export_domain,  ///< from an export storage domain
};

/// The flavour that a user's word means: "ovirt"; "rhvexp", or "ovirtexp" as it is called now.
/// Nothing for another word.
std::optional<Flavour> flavour_of(const std::string &word);

/// A disk as the storage domain knows it.
struct Volume {
  std::string image, id;                     ///< UUIDs of its image and of itself
  std::optional<std::uint64_t> actual_size;  ///< bytes it takes on the storage
};

/// The most disks that oVirt takes of one machine.
constexpr unsigned most_disks = 23;

struct Request {
  Flavour flavour = Flavour::export_domain;
  std::string storage_domain;   ///< its UUID
  std::string machine;          ///< the UUID of the new machine
  std::vector<Volume> volumes;  ///< one for each of metadata.disks
  bool preallocated = false;
  bool tell_actual_sizes = false;         ///< also that one is not known
  std::time_t time = 0;                   ///< of creation
  std::function<std::string()> new_uuid;  ///< for devices and snapshots
};

/// The whole document. What oVirt cannot express but does not need to start the guest is left out
/// with a warning.
/// @throws Error(unsupported) if a string holds a character that XML cannot, naming the string
std::string document(const Metadata &metadata, const Request &request, const machine::Warn &warn);

/// Throws what document would throw for strings of the source, long before there is metadata.
void check_expressible(const Source &source);

}  // namespace v2v::ovf
