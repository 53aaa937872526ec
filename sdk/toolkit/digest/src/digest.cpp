// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/digest/digest.hpp>

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace v2v::digest {
namespace {

const EVP_MD *method(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::md5:
      return EVP_md5();
    case Algorithm::sha256:
      return EVP_sha256();
    case Algorithm::sha512:
      return EVP_sha512();
    case Algorithm::sha1:
      break;
  }
  return EVP_sha1();
}

void must(bool good) {
  // A machine in FIPS mode may refuse MD5 and SHA-1.
  if (!good)
    throw Error(Code::unsupported, "libcrypto does not compute this checksum", {},
                "see whether this machine's cryptographic policy forbids MD5 or SHA-1");
}

}  // namespace

Digest::Digest(Algorithm algorithm) : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_, method(algorithm), nullptr) != 1) {
    EVP_MD_CTX_free(context_);
    must(false);
  }
}

Digest::~Digest() {
  EVP_MD_CTX_free(context_);
}

void Digest::add(const void *data, std::size_t size) {
  must(EVP_DigestUpdate(context_, data, size) == 1);
}

void Digest::add_zeroes(std::uint64_t count) {
  static const std::array<char, 65536> zeroes = {};
  while (count > 0) {
    const auto now = std::min<std::uint64_t>(count, zeroes.size());
    add(zeroes.data(), now);
    count -= now;
  }
}

std::string Digest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes = {};
  unsigned size = 0;
  must(EVP_DigestFinal_ex(context_, bytes.data(), &size) == 1);
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

}  // namespace v2v::digest
