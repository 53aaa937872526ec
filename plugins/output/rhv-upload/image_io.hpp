// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// ImageIO, which takes the bytes of a disk on a host of the engine's, or its proxy. Who knows the
// address of a transfer may write to it, so that address gets into no message and no log. Source:
// ovirt-imageio's docs/images.md and its handlers.
#pragma once

#include <v2v/error.hpp>
#include <v2v/http/client.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace v2v::output_rhv_upload {

/// ImageIO cannot be reached any more, or does not know the ticket any more: another ticket may help.
struct TransferBroke : Error {
  using Error::Error;
};

/// What this server can do for this transfer.
struct ImageIoOptions {
  bool zeroes = false, flushes = false;
  unsigned max_writers = 1;
  std::string unix_socket = {};  ///< where programs on the same host reach it; empty: nowhere
};

/// One connection, which stays open. Used by one thread.
class ImageIo {
 public:
  /// @param url          of the transfer
  /// @param unix_socket  as ImageIoOptions have it; empty: by the URL
  /// @param hooks        debug and progress are not used
  ImageIo(std::string url, const http::Tls &tls, const http::Hooks &hooks,
          const std::string &unix_socket = {});

  // All throw TransferBroke, and an Error where it refuses or fails. What the server may be able to do
  // the next time is repeated before.

  ImageIoOptions options();
  /// What is written may be lost until flush() has returned.
  void write(std::uint64_t offset, std::string data);
  void zero(std::uint64_t offset, std::uint64_t length, const ImageIoOptions &options);
  void flush(const ImageIoOptions &options);

 private:
  http::Response send(const http::Request &request);
  void patch(const std::string &body, std::chrono::seconds limit);

  const std::string url_, server_;
  http::Client client_;
};

}  // namespace v2v::output_rhv_upload
