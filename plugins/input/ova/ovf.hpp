// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What an OVF says of a virtual machine. Reads 0.9, 1.x and 2.0 and what VMware, VirtualBox and
// others make of them; DMTF DSP0243 is the base, docs/input-ova.md lists the rest. Nothing
// here touches a file, and texts are as untrusted as they were.
#pragma once

#include <v2v/values.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::input_ova {

/// A file that the OVF's References name.
struct FileReference {
  std::string id, href;
  std::optional<std::uint64_t> size;  ///< bytes in the OVA
  bool gzip = false;
  bool chunked = false;  ///< in parts called HREF.000000000, HREF.000000001 …
};

/// A hard disk of the machine.
struct OvfDisk {
  std::string id;
  Controller controller = Controller::unknown;
  std::optional<std::uint64_t> capacity;  ///< bytes
  std::optional<FileReference> file;      ///< nothing: the disk is blank
  std::string format;                     ///< URI as it stands; may be empty
  bool has_parent = false;                ///< it is the difference to another disk of the OVF
};

struct OvfMachine {
  Source source;               ///< but for its disks
  std::vector<OvfDisk> disks;  ///< in the order the guest sees them
  std::vector<std::string> warnings;
};

/// @param text           the OVF as it is in the file, in any encoding of XML
/// @param name           what messages call the OVF
/// @param fallback_name  the machine's name if the OVF has none
/// @param chosen         name or id of the machine if the OVF holds several; or empty
/// @throws Error(corrupt) for what is no OVF or contradicts itself, Error(unsupported) for what it
///         says that cannot be converted, Error(usage) if `chosen` is needed or names no machine
OvfMachine read_ovf(std::string_view text, const std::string &name,
                    const std::string &fallback_name, const std::string &chosen);

}  // namespace v2v::input_ova
