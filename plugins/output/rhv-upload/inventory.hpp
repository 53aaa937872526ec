// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the engine has: where disks can go and a machine can be, looked at before anything is made.
// Every function may be called from any thread, changes nothing, and throws what Engine::ask() throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine.hpp"

namespace v2v::output_rhv_upload {

struct StorageDomain {
  std::string id, name, data_center, data_center_name;
  bool block = false;           ///< iSCSI or Fibre Channel: a raw disk takes all its room at once
  std::uint64_t available = 0;  ///< bytes, less what the engine keeps back
};

struct Cluster {
  std::string id, architecture;
};

class Inventory {
 public:
  explicit Inventory(Engine &engine) : engine_(engine) {}

  /// @return "4.5.4"
  /// @throws Error(unsupported) if it is older than what this program speaks to
  std::string check_version();
  /// A data domain that is active in a data center that is up.
  /// @throws Error(not_found), Error(unsupported)
  StorageDomain storage_domain(const std::string &name);
  /// @throws Error(not_found) if the domain's data center has no such cluster
  Cluster cluster(const std::string &name, const StorageDomain &domain);
  /// This machine, if it is a host of the data center that is up.
  /// @param vdsm_id_file  /etc/vdsm/vdsm.id
  std::optional<std::string> this_host(const std::string &vdsm_id_file,
                                       const StorageDomain &domain);

 private:
  nlohmann::json find(const char *collection, const char *item, const std::string &name,
                      const std::string &what);

  Engine &engine_;
};

}  // namespace v2v::output_rhv_upload
