// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The whole way of one disk into the engine: the transfer begins, the bytes go to ImageIO, the engine
// looks at them and gives the disk free. Where ImageIO is lost in between (its host restarts, the
// engine has paused the transfer) the transfer is resumed and all of the disk is sent again, since
// nobody says what has reached the storage.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "disk_api.hpp"
#include "disk_upload.hpp"

namespace v2v::output_rhv_upload {

struct TransferRequest {
  std::string uri, name;   ///< of the disk on this side: for NbdStream, and for messages
  std::string disk;        ///< its id in the engine
  std::uint64_t size = 0;  ///< of the disk in the engine
  std::string host = {};   ///< this machine, if it is one of the engine's hosts; else empty
  bool direct = true;      ///< to the host that has ImageIO; false: to the engine's proxy
};

struct TransferHooks {
  std::function<void(std::uint64_t done)> progress;
  std::function<void()> check_cancelled;
  std::function<void(const std::string &)> debug, warn;
  std::vector<std::chrono::milliseconds> pauses = {
      std::chrono::seconds(5), std::chrono::seconds(20), std::chrono::seconds(60)};
};

/// Uses the engine's hooks for requests to ImageIO too.
/// @throws Error; the transfer may be under way then
void transfer_disk(Engine &engine, const TransferRequest &request, const TransferHooks &hooks);

}  // namespace v2v::output_rhv_upload
