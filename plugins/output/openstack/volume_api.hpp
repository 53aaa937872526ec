// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Cinder's Block Storage API v3 and the part of Nova's Compute API v2.1 that attaches volumes.
// Sources: OpenStack's references of these two. Every function may be called from any thread, and
// throws what openstack::Session throws, and an Error that says what the service answered.
#pragma once

#include <v2v/openstack/session.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace v2v::output_openstack {

using Metadata = std::map<std::string, std::string>;

struct NewVolume {
  std::string name, description, type;  ///< type: empty for the cloud's default
  std::uint64_t gib = 0;
  Metadata metadata = {};
};

struct Volume {
  std::string id, status;  ///< creating, available, in-use, error …
  Metadata metadata = {};
};

/// What the project may have and has; less than 0: no limit.
struct VolumeLimits {
  std::int64_t volumes = -1, volumes_used = 0, gib = -1, gib_used = 0;
};

class VolumeApi {
 public:
  /// @param check_cancelled  called while it waits; may throw
  VolumeApi(openstack::Session &session, std::function<void()> check_cancelled)
      : session_(session), check_cancelled_(std::move(check_cancelled)) {}

  VolumeLimits limits();
  /// Names of the volume types.
  std::vector<std::string> types();
  /// @throws Error(not_found) if there is no such server
  void check_server(const std::string &server);

  /// @return its id
  std::string create(const NewVolume &volume);
  /// Waits until it has this status.
  /// @throws Error(io) if it gets into an error state, or does not get there in time
  void wait_for(const std::string &id, const std::string &status, std::chrono::seconds limit);
  void attach(const std::string &server, const std::string &id);
  /// That it is not attached is no error.
  void detach(const std::string &server, const std::string &id);
  /// That it is not there is no error.
  void remove(const std::string &id);

  void make_bootable(const std::string &id, const Metadata &image_properties);
  void describe(const std::string &id, const std::string &description, const Metadata &metadata);

  /// The volumes that have this in their metadata.
  std::vector<Volume> with(const std::string &key, const std::string &value);

 private:
  std::string volumes_url(const std::string &path);
  std::string servers_url(const std::string &path);
  http::Response ask(const std::string &method, const std::string &url, const std::string &body,
                     const std::string &what, const std::string &object);

  openstack::Session &session_;
  std::function<void()> check_cancelled_;
};

}  // namespace v2v::output_openstack
