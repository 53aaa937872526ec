// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// tests/servers/ovirt as a process of the test, with TLS, and what a test says to it and wants to know.
#pragma once

#include <v2v/nbd/nbdkit.hpp>

#include <sys/types.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "../temporary_directory.hpp"
#include "login.hpp"

namespace v2v::test {

class FakeOvirt {
 public:
  FakeOvirt();
  ~FakeOvirt();
  FakeOvirt(const FakeOvirt &) = delete;
  FakeOvirt &operator=(const FakeOvirt &) = delete;

  /// https://127.0.0.1:…/ovirt-engine/api
  std::string url() const { return url_; }
  std::string file(const std::string &name) const { return directory_ / name; }
  output_rhv_upload::Login login() const;

  /// Changes attributes of the server's State.
  /// @return all of it afterwards
  nlohmann::json set(const nlohmann::json &wanted = nlohmann::json::object()) const;
  /// A fault for the next request that it fits.
  void fail_next(nlohmann::json fault) const { set({{"faults", {std::move(fault)}}}); }
  /// How many requests were exactly this: "POST /ovirt-engine/api/vms".
  std::size_t count(const std::string &request) const;
  /// The bytes of a disk.
  std::string bytes(const std::string &disk) const;

  static constexpr const char *password = "p4ss &word+";

 private:
  TemporaryDirectory directory_;
  std::string url_;
  pid_t pid_ = -1;
};

/// Serves content over NBD, zeroes as holes: qemu-nbd, to which clients come and go as they like; with
/// filters nbdkit.
class ServedDisk {
 public:
  explicit ServedDisk(const std::string &content, const std::vector<std::string> &filters = {},
                      const std::vector<std::string> &parameters = {});
  ~ServedDisk();
  ServedDisk(const ServedDisk &) = delete;
  ServedDisk &operator=(const ServedDisk &) = delete;
  std::string uri() const;

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<nbd::Nbdkit> nbdkit_;
  pid_t qemu_ = -1;
};

/// Data with a hole of zeroes in it, no whole number of anything.
std::string test_disk();

}  // namespace v2v::test
