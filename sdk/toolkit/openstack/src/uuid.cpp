// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/openstack/uuid.hpp>

#include <v2v/error.hpp>

#include <fmt/format.h>
#include <openssl/rand.h>

namespace v2v::openstack {

std::string new_uuid() {
  unsigned char random[16];
  if (::RAND_bytes(random, sizeof random) != 1)
    throw Error(Code::internal, "no random numbers can be had", "a UUID");
  random[6] = static_cast<unsigned char>((random[6] & 0x0f) | 0x40);
  random[8] = static_cast<unsigned char>((random[8] & 0x3f) | 0x80);
  std::string text;
  for (unsigned i = 0; i < sizeof random; ++i)
    text += fmt::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", random[i]);
  return text;
}

}  // namespace v2v::openstack
