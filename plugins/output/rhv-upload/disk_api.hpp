// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Disks of the engine and the transfers that fill them. Sources: ovirt-engine-api-model's Disk,
// DisksService, ImageTransfer and ImageTransferService, and the engine's mappers of them. Every
// function may be called from any thread, and throws what Engine::ask() throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine.hpp"

namespace v2v::output_rhv_upload {

struct NewDisk {
  std::string id;           ///< a UUID
  std::string name;         ///< "alias" in the engine's pages
  std::string description;  ///< by which it is told that the disk is ours
  std::string format;       ///< raw or qcow2
  std::string domain;       ///< id of the storage domain
  std::uint64_t size = 0;   ///< bytes
  bool sparse = true;
};

struct Disk {
  std::string status, description;  ///< status: ok, locked, illegal
};

struct Transfer {
  std::string id, disk;
  std::string phase;                    ///< initializing, transferring, paused_system …
  std::string transfer_url, proxy_url;  ///< with the ticket, so secret

  /// It holds nothing any more.
  bool over() const;
};

class DiskApi {
 public:
  explicit DiskApi(Engine &engine) : engine_(engine) {}

  /// Creates it and waits until it can be used.
  void create(const NewDisk &disk);
  /// Nothing if there is none.
  std::optional<Disk> disk(const std::string &id);
  /// @return the engine's answer; 404 and 409 (it is locked) are none of its errors
  int remove(const std::string &id);

  /// Begins to transfer raw data into a disk, and waits until it can be written to.
  /// @param host  which is to do it; empty: any
  Transfer begin(const std::string &disk, const std::string &host);
  /// Keeps it, and the disk, from being taken for abandoned.
  void extend(const std::string &transfer);
  /// What the engine has paused goes on; waits until it can be written to.
  /// @throws Error if that cannot be
  Transfer resume(const std::string &transfer);
  /// Says that all is written, and waits until the disk can be used.
  void finalize(const Transfer &transfer);
  /// That it is over already is no error.
  void cancel(const std::string &transfer);
  /// Also those that are over.
  std::vector<Transfer> transfers();

 private:
  std::optional<Transfer> transfer(const std::string &id);
  Transfer wait_until_writable(const std::string &id);

  Engine &engine_;
};

}  // namespace v2v::output_rhv_upload
