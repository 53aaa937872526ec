// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How to reach a cloud and as whom: the OS_… variables and clouds.yaml, as OpenStack's own clients
// read them (openstacksdk, "Configuration"; keystoneauth, "Authentication Plugins"). A setting has
// the name of the variable in lower case without OS_, which is also its name in clouds.yaml:
// auth_url, username …
//
// A Settings is a value.
#pragma once

#include <v2v/error.hpp>

#include <functional>
#include <map>
#include <string>

namespace v2v::openstack {

/// A variable of the environment, or null.
using Environment = std::function<const char *(const char *name)>;
/// That of this process.
Environment process_environment();

class Settings {
 public:
  /// What the variables say, or the cloud of clouds.yaml that OS_CLOUD names. Beside OS_CLOUD, the
  /// variables for region and interface win over the file, and those for the password and the CA
  /// fill in what it leaves out.
  /// @throws Error(usage) if clouds.yaml does not exist, cannot be read or has no such cloud
  static Settings from(const Environment &environment);

  /// As a record has them: all but the secrets, see without_secrets().
  static Settings from_record(const std::map<std::string, std::string> &record,
                              const Environment &environment);

  /// What from_record() takes. Holds no password, token or secret of an application credential, so
  /// it may be written down: these are read again from where they were, clouds.yaml or the
  /// environment.
  std::map<std::string, std::string> without_secrets() const;

  /// Empty if it is not set.
  std::string get(const std::string &name) const;
  void set(const std::string &name, const std::string &value);
  bool insecure() const;

  /// `text` without any of the secrets, should a server say them again.
  std::string redacted(std::string text) const;

 private:
  std::map<std::string, std::string> values_;
};

/// The cloud `name` of the first clouds.yaml of those that `environment` leads to, and of
/// secure.yaml.
/// @throws Error(usage)
std::map<std::string, std::string> read_clouds_file(const std::string &name,
                                                    const Environment &environment);

}  // namespace v2v::openstack
