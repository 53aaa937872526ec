// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Keeps a session alive as long as disks are read, and its cookie in a file of the run directory that
// only the user can read. nbdkit takes the cookie from there, so the password is in this process and
// nowhere else, and however many requests the disks need, the server has one session: Basic
// authentication makes a vCenter open one for each request, until it refuses with 503.
//
// Owns a thread, which ends in the destructor. From start() on the Vsphere is to be had by use() alone.
#pragma once

#include "vsphere.hpp"

#include <v2v/host.hpp>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

namespace v2v::input_vpx {

class Session {
 public:
  /// @param cookie_file  a path in the run directory that is not taken
  Session(const Host &host, std::unique_ptr<Vsphere> vsphere, std::filesystem::path cookie_file);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  /// Before start().
  Vsphere &vsphere() { return *vsphere_; }
  const std::filesystem::path &cookie_file() const { return cookie_file_; }
  /// @throws Error(io)
  void write_cookie() const;
  /// Begins to keep the session alive.
  /// @param look  called in its thread every few seconds; true: see now whether the session is over
  void start(std::function<bool()> look);
  /// Calls body(Vsphere &) with a session that is not over.
  template <class Body>
  void use(Body body) {
    const std::lock_guard lock(in_use_);
    refresh();
    body(*vsphere_);
  }

 private:
  void run();
  /// @return whether there is a session now
  bool renew();
  void refresh();

  Host host_;
  std::unique_ptr<Vsphere> vsphere_;
  std::filesystem::path cookie_file_;
  std::mutex in_use_;  ///< of the Vsphere
  std::mutex mutex_;   ///< of end_
  std::condition_variable wake_;
  bool end_ = false;
  bool refused_ = false;  ///< the last login
  std::function<bool()> look_;
  std::thread thread_;
};

}  // namespace v2v::input_vpx
