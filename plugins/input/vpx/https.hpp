// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// HTTPS with one server, by libcurl: small requests whose answers fit into memory. The connection is
// kept between requests, and no proxy is used: virt-v2v's users rely on that, because a vCenter is in
// the house while the proxy leads out of it.
//
// Used by one thread at a time.
#pragma once

#include "vpx_uri.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace v2v::input_vpx {

class Https {
 public:
  struct Answer {
    long status = 0;
    std::string body;
    std::vector<std::string> cookies;  ///< of each Set-Cookie, what stands before the first ';'
    long long length = -1;             ///< Content-Length; -1: not said
  };

  /// @param ca_file  certificates of authorities to trust instead of the system's; empty: those
  /// @param cancelled  asked several times a second; true ends the request
  Https(VpxUri uri, std::string ca_file, std::function<bool()> cancelled);
  ~Https();
  Https(const Https &) = delete;
  Https &operator=(const Https &) = delete;

  /// @param headers  "Name: value"
  /// @throws Error(access) for a certificate that is not trusted; Error(not_found) if the server's
  ///         name is not known; Error(io) for what else goes wrong on the way; Error(cancelled)
  Answer post(const std::string &path, const std::string &body,
              const std::vector<std::string> &headers);
  /// @param url  whole
  Answer head(const std::string &url, const std::vector<std::string> &headers);

  /// From now on nobody waits long, and a request is not ended by a cancellation: for the last one.
  void hurry();

  /// Lower-case hexadecimal SHA-1 of the certificate that the server showed, as VDDK wants it:
  /// "ab:cd:…"; empty before the first request.
  const std::string &thumbprint() const { return thumbprint_; }

 private:
  struct Curl;
  Answer perform(const std::vector<std::string> &headers);
  void remember_certificate();
  [[noreturn]] void fail(int code) const;

  VpxUri uri_;
  std::string ca_file_;
  std::function<bool()> cancelled_;
  std::unique_ptr<Curl> curl_;
  std::string thumbprint_;
  long seconds_;
};

}  // namespace v2v::input_vpx
