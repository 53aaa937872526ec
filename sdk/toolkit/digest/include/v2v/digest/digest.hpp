// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A checksum in the making, by libcrypto. Belongs to one thread.
#pragma once

#include <v2v/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

struct evp_md_ctx_st;

namespace v2v::digest {

enum class Algorithm { md5, sha1, sha256, sha512 };

class Digest {
 public:
  /// @throws Error(unsupported) where this machine's policy forbids the algorithm
  explicit Digest(Algorithm algorithm);
  ~Digest();
  Digest(const Digest &) = delete;
  Digest &operator=(const Digest &) = delete;

  void add(const void *data, std::size_t size);
  void add_zeroes(std::uint64_t count);
  /// Lower-case hexadecimal digits. Once.
  std::string finish();

 private:
  evp_md_ctx_st *context_;
};

}  // namespace v2v::digest
