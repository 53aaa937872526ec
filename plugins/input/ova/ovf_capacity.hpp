// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How large an OVF says that a disk is: a number in some unit, a property that whoever deploys the OVF
// may set (DMTF DSP0243, 9.1: capacity="${PROPERTY}"), or, of a disk that only the hardware section
// knows, the quantity of its item. Pure functions.
#pragma once

#include "ovf_hardware.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace v2v::input_ova {

/// The values that properties have if nobody sets them.
class Properties {
 public:
  /// @param system         the machine; its ProductSections count before those around it
  /// @param configuration  the one that is deployed, for which a property may have a value of its own
  Properties(pugi::xml_node system, const std::string &configuration);

  /// @param name  a key, or CLASS.KEY.INSTANCE with what the section has of these
  /// @return nothing for a property that is not there or has no value
  std::optional<std::string> value(const std::string &name) const;

 private:
  std::map<std::string, std::string> values_;
};

/// The bytes of an element Disk.
/// @param needed  the disk has no file that tells its size as well
/// @return nothing if the OVF does not say it; if it says it badly, with a warning
/// @throws Error(corrupt) for more than any disk has; Error(unsupported) if `needed` and the property
///         that has the capacity has no number as its value
std::optional<std::uint64_t> disk_capacity(pugi::xml_node disk, const Properties &properties,
                                           bool needed, const std::string &ovf,
                                           std::vector<std::string> &warnings);

/// The bytes of a disk that only its item describes.
/// @return nothing if it has no quantity, or one that is not understood
/// @throws Error(corrupt) for more than any disk has
std::optional<std::uint64_t> item_capacity(const Item &item, const std::string &ovf);

}  // namespace v2v::input_ova
