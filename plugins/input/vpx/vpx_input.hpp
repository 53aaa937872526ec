// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a guest from a vCenter or an ESXi host: what it is from the vSphere API, its disks over HTTPS
// from their datastores or with VDDK. Nothing is written there. An nbdkit for each disk and the session
// live as long as this object.
#pragma once

#include "datastore.hpp"
#include "disk_server.hpp"
#include "guest.hpp"
#include "inventory.hpp"
#include "session.hpp"

#include <v2v/input.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace v2v::input_vpx {

class VpxInput : public Input {
 public:
  VpxInput(Host host, InputRequest request);
  ~VpxInput() override;

  /// @throws Error for every way in which the guest cannot be read, each with its remedy
  Source open() override;
  /// The conversion is over: from now on every place is read once.
  /// @throws Error(corrupt) if the guest was started since
  void verify() override;

 private:
  void check_request();
  void log_in();
  Guest find_and_read();
  Location serve_over_https(const DiskEntry &disk);
  Location serve_with_vddk(const DiskEntry &disk, std::size_t index);
  Location serve(const nbd::Nbdkit::Settings &settings, const DiskEntry &disk);
  void check_on_datastore(const DiskEntry &disk, const DatastorePath &file);
  bool tell_troubles();

  Host host_;
  InputRequest request_;
  ServerSettings common_;
  std::string guest_, user_, password_, ca_file_, curl_description_;
  Place place_;
  Reference machine_;
  std::atomic<bool> closing_ = false;  ///< ends the request under way
  std::unique_ptr<Session> session_;
  std::vector<std::unique_ptr<nbd::Nbdkit>> servers_;
  std::string trouble_;  ///< the last that was told; of the session's thread
};

}  // namespace v2v::input_vpx
