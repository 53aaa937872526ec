// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A guest's files on another machine, read through nbdkit's ssh plugin: small ones whole, disks by
// an nbdkit each that serves them as long as this object lives. The other machine must be in the
// known hosts; that check is never left out.
//
// Used by one thread.
#pragma once

#include <v2v/nbd/ssh_server.hpp>
#include "ssh_uri.hpp"

#include <v2v/host.hpp>
#include <v2v/values.hpp>

#include <memory>
#include <string>
#include <vector>

namespace v2v::input_vmx {

class SshFiles {
 public:
  /// @throws Error(usage) for a URI that is wrong
  SshFiles(const Host &host, const InputRequest &request);

  const SshUri &uri() const { return uri_; }
  /// The VMX.
  std::string read_vmx();
  /// Serves the disk that the VMX calls `file`.
  /// @throws Error that says what is missing, or why it cannot be read over ssh
  Location serve_disk(const std::string &file);

 private:
  std::unique_ptr<nbd::Nbdkit> start(const std::string &path, std::vector<std::string> filters,
                                     const std::vector<std::string> &more);
  /// The first bytes of a file; `size` is that of the whole.
  std::string read_start(const std::string &path, std::uint64_t most, std::uint64_t &size);
  std::uint64_t size_through(const nbd::Nbdkit &server, const std::string &path);

  Host host_;
  InputRequest request_;
  SshUri uri_;
  nbd::SshAccess access_;
  unsigned started_ = 0;
  std::vector<std::unique_ptr<nbd::Nbdkit>> servers_;
};

}  // namespace v2v::input_vmx
