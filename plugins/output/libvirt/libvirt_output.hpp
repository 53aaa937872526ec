// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// -o libvirt: the disks in a storage pool, and the guest defined. Where the pool is a directory of
// this machine, the disks are written there by the host and appear all at once (local_disks); else
// libvirt creates volumes (volumes.hpp). The guest is defined last, and is never started.
#pragma once

#include "guest_definition.hpp"
#include "pool.hpp"
#include "volumes.hpp"

#include <v2v/local_disks/local_disks.hpp>
#include <v2v/output.hpp>

#include <optional>

namespace v2v::output_libvirt {

class LibvirtOutput : public Output {
 public:
  /// Connects, and finds the pool.
  LibvirtOutput(Host host, const OutputRequest &request);

  OutputDescription describe() override;
  void precheck(const Metadata &metadata) override;
  std::vector<Target> prepare(const Metadata &metadata) override;
  void take(const TakeRequest &request) override;
  void read(const ReadRequest &request) override;
  void commit(const Metadata &metadata) override;

  static void abort(const Host &host, const std::vector<std::string> &records);

 private:
  void choose_storage(const OutputRequest &request);
  void check_files(const Metadata &metadata) const;
  void check_what_is_known(const Metadata &metadata) const;
  std::vector<machine::DiskSource> sources() const;
  Progress progress_of(unsigned disk) const;
  void warn(const std::string &message) const { host_.warning(message); }

  Host host_;
  std::string uri_, destination_;
  libvirt_client::Connection connection_;
  bool remote_;
  Pool pool_;
  GuestDefinition guest_;
  /// One of the two.
  std::optional<local_disks::LocalDisks> files_;
  std::optional<Volumes> volumes_;
  std::string format_;
  bool warned_ = false;  ///< of networks
};

}  // namespace v2v::output_libvirt
