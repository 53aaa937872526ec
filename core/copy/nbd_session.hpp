// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One client of the NBD server: from the handshake to its goodbye. The protocol is that of
// https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md: fixed newstyle, structured
// replies, the context base:allocation; one export without a name, read-only. Requests are served in
// their order, by the thread that calls serve(); who wants several at once opens several connections.
#pragma once

#include <core/disk/disk_reader.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace v2v::core {

class NbdSession {
 public:
  /// @param socket  the caller's; ending it (shutdown) ends serve()
  /// @param failed  told what a read failed with; the client gets only a number
  /// @param ending  requested when the server ends, for reads that wait for a distant source
  NbdSession(int socket, const DiskReader &disk, const Cancellation &ending,
             std::function<void(const Error &)> failed)
      : socket_(socket), disk_(disk), ending_(ending), failed_(std::move(failed)) {}

  /// Returns when the client is gone, or has broken the protocol.
  void serve();

 private:
  struct Option;
  struct Request;
  struct Gone {};  ///< thrown when the client is no longer there or cannot be talked to

  void receive(void *bytes, std::size_t size);
  void send(std::span<const std::byte> bytes);
  template <class Integer>
  Integer receive_number();

  bool negotiate();
  bool answer(const Option &option);
  void answer_info(const Option &option);
  void answer_contexts(const Option &option);
  void reply_option(std::uint32_t option, std::uint32_t type, std::span<const std::byte> data = {});

  void answer(const Request &request);
  void answer_read(const Request &request);
  void answer_status(const Request &request);
  void reply_error(const Request &request, std::uint32_t error);
  std::vector<std::byte> chunk(const Request &request, std::uint16_t type, std::size_t size) const;

  int socket_;
  const DiskReader &disk_;
  const Cancellation &ending_;
  std::function<void(const Error &)> failed_;
  bool short_reply_ = false;  ///< the client wants no padding after NBD_OPT_EXPORT_NAME
  bool structured_ = false, contexts_ = false;
  Scratch scratch_;
};

}  // namespace v2v::core
