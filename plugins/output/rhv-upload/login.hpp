// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where the engine is and who logs in there: from -oc, -op and -oo, or from the journal. The password
// comes from a file, of which the journal keeps the name.
#pragma once

#include <v2v/host.hpp>
#include <v2v/http/client.hpp>
#include <v2v/values.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace v2v::output_rhv_upload {

struct Login {
  std::string api;            ///< https://engine/ovirt-engine/api, without a user
  std::string user;           ///< admin@internal
  std::string password_file;  ///< absolute
  std::string password;
  std::string ca_file;  ///< empty: what the system trusts
  bool verify = true;   ///< false: anybody may be the engine

  http::Tls tls() const;
  /// Everything but the password.
  nlohmann::json record() const;
  /// Reads the password from its file.
  /// @throws Error(not_found) if that is gone; nlohmann's if this is no record
  static Login from_record(const nlohmann::json &record);
};

/// @param host  is asked for the password
/// @throws Error(usage) if something is missing or wrong
Login login_of(const OutputRequest &request, const Host &host);

/// The value of -oo rhv-NAME, which is also called ovirt-NAME.
/// @throws Error(usage) if both are given
std::optional<std::string> either(const Options &options, const std::string &name);

}  // namespace v2v::output_rhv_upload
