// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Passwords and ssh keys of users of a Linux system that does not run. Users are not made: they must be
// there. A password never goes into a message, but for one that was made up here.
#pragma once

#include <v2v/linux/guest.hpp>
#include <v2v/linux/log.hpp>
#include <v2v/values.hpp>

#include <string>
#include <vector>

namespace v2v::linux {

struct NewPassword {
  enum class How { text, random, disabled };
  std::string user;
  How how = How::text;
  std::string text = {};    ///< of How::text
  bool locked = false;      ///< the account gets the password, and nobody can log in with it
  std::string method = {};  ///< md5, sha256, sha512, yescrypt; empty: what such a system uses
};

/// crypt(5)'s method that a system like this understands and uses.
std::string password_method(const Inspection &inspection);
/// The password as it is in /etc/shadow, with a salt of its own.
/// @throws Error(usage) for a method that is not known here
std::string hashed_password(const std::string &password, const std::string &method);

/// All of them with one change of /etc/shadow. Says which password was made up for whom.
/// @throws Error(not_found) for a user who is not there
void set_passwords(Guest &guest, const Inspection &inspection,
                   const std::vector<NewPassword> &passwords, const Log &log);

/// Lets whoever has the private keys log in as `user`.
/// @param keys  lines of authorized_keys
/// @throws Error(not_found) for a user who is not there
void add_ssh_keys(Guest &guest, const std::string &user, std::string keys);

}  // namespace v2v::linux
