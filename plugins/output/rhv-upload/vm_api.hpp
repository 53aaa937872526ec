// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Virtual machines of the engine. Sources: ovirt-engine-api-model's VmsService and Initialization, and
// the engine's ImportVmFromConfigurationCommand. Every function may be called from any thread, and
// throws what Engine::ask() throws.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine.hpp"

namespace v2v::output_rhv_upload {

class VmApi {
 public:
  explicit VmApi(Engine &engine) : engine_(engine) {}

  bool exists(const std::string &name);
  /// Makes it from an OVF and waits until it can be used.
  /// @param id  which the OVF gives it
  /// @return its id, which is another one if the engine has chosen so
  std::string create(const std::string &id, const std::string &name, const std::string &cluster,
                     const std::string &ovf);
  void wait_until_usable(const std::string &id, const std::string &name);
  /// The engine makes a machine also if a disk cannot be attached.
  /// @throws Error(io) if it has not all of these disks
  void check_disks(const std::string &id, const std::string &name,
                   const std::vector<std::string> &disks);
  /// Removes it with its disks. That it is not there is no error.
  /// @return false if it is locked
  bool remove(const std::string &id);

 private:
  std::optional<std::string> status(const std::string &id);

  Engine &engine_;
};

}  // namespace v2v::output_rhv_upload
