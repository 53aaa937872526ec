// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One nbdkit that serves one file read-only on a socket in the run directory. It lives as long as
// this object, and never longer than the process that made it. A password reaches it through a
// descriptor, so it is on no command line and in no file.
//
// Used by one thread; that thread must live as long as the object (nbdkit ends with it).
#pragma once

#include <v2v/error.hpp>
#include <v2v/nbd/rate_limit.hpp>
#include <v2v/process/process.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace v2v::nbd {

class LocalServer;

class Nbdkit {
 public:
  struct Settings {
    std::vector<std::string> filters;     ///< from the outermost
    std::string plugin;                   ///< "ssh"
    std::vector<std::string> parameters;  ///< key=value
    std::string password;                 ///< for password=…; empty: none
    RateLimit limit;
    std::vector<std::pair<std::string, std::string>> environment;  ///< added to v2v's own
    std::string what = "cannot read over ssh";  ///< what fails if it does not start
    std::string object = "-it ssh";             ///< and on what, for messages
  };

  /// Starts it and waits until it listens.
  /// @param base   a path in the run directory that is not taken: base.sock, base.log … are made
  /// @param check_cancelled  called several times a second; may throw
  /// @throws Error(not_found) if nbdkit is not installed; Error(io) if it does not start
  Nbdkit(const Settings &settings, const std::filesystem::path &base,
         const std::function<void()> &check_cancelled);
  ~Nbdkit();
  Nbdkit(const Nbdkit &) = delete;
  Nbdkit &operator=(const Nbdkit &) = delete;

  const std::filesystem::path &socket() const;
  /// nbd+unix:///?socket=…
  std::string uri() const;
  /// The last error in reading that it reported, or empty. Any thread.
  std::string last_error() const;

  /// What `nbdkit --dump-plugin` says of a plugin, "key=value" lines; empty if there is no such plugin.
  /// @throws Error(not_found) if nbdkit is not installed
  static std::string describe(const std::string &plugin, const std::string &what,
                              const std::string &object);

 private:
  std::unique_ptr<LocalServer> server_;
};

}  // namespace v2v::nbd
