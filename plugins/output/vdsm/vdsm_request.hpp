// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What VDSM asks for: where the disks and the OVF go, under which UUIDs. A value; any thread.
#pragma once

#include <string>
#include <v2v/ovf/document.hpp>
#include <v2v/plugin.hpp>
#include <vector>

namespace v2v::output_vdsm {

struct VdsmRequest {
  std::string domain;                        ///< the directory of the storage domain, absolute
  std::string domain_uuid;                   ///< its last component
  std::string machine;                       ///< UUID of the machine
  std::string ovf_directory;                 ///< absolute
  std::vector<std::string> images, volumes;  ///< one each for each disk
  ovf::Flavour flavour = ovf::Flavour::export_domain;
  std::string format = "raw";
  bool preallocated = false;

  /// Reads -os, -of, -oa and the options below.
  /// @throws Error(usage) if one of them is missing or makes no sense
  static VdsmRequest from(const OutputRequest &request);
  static std::vector<Option> options();

  std::string image_directory(std::size_t disk) const {
    return domain + "/images/" + images.at(disk);
  }
  std::string ovf_file() const { return ovf_directory + "/" + machine + ".ovf"; }
};

}  // namespace v2v::output_vdsm
