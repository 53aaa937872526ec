// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See identity.hpp.
#include <v2v/linux/identity.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>

namespace v2v::linux {
namespace {

std::string random_bytes(std::size_t count) {
  std::random_device source;  // the kernel's, not a generator with a seed
  std::string bytes;
  while (bytes.size() < count) {
    const auto word = source();
    for (unsigned shift = 0; shift < 32 && bytes.size() < count; shift += 8)
      bytes += static_cast<char>(word >> shift & 0xff);
  }
  return bytes;
}

}  // namespace

void renew_random_seed(Guest &guest, const Log &log) {
  // One listing tells which of the places are worth a question.
  const auto names = guest.list("/var/lib");
  const auto has = [&](const char *name) {
    return std::binary_search(names.begin(), names.end(), name);
  };
  std::vector<std::string> candidates{"/etc/random-seed"};
  if (has("random-seed")) candidates.emplace_back("/var/lib/random-seed");
  for (const char *directory : {"systemd", "urandom", "misc"})
    if (has(directory)) candidates.push_back(fmt::format("/var/lib/{}/random-seed", directory));
  bool renewed = false;
  const auto renew = [&](const std::string &path, std::size_t size) {
    guest.write(path, random_bytes(size), 0600);
    log.change(path, "new random seed",
               "two machines with the same seed could draw the same numbers");
    renewed = true;
  };
  for (const auto &path : candidates) {
    const auto info = guest.stat(path);
    if (info && info->type == FileInfo::Type::file)
      renew(path, std::clamp<std::size_t>(info->size, 512, 8192));
  }
  // Debian before systemd. Where systemd is it makes one.
  if (!renewed && has("urandom")) renew("/var/lib/urandom/random-seed", 512);
}

void fill_machine_id(Guest &guest, const Log &log) {
  const auto present = guest.read_if_file("/etc/machine-id");
  if (!present || !present->empty()) return;
  std::string id;
  for (const char byte : random_bytes(16)) id += fmt::format("{:02x}", byte & 0xff);
  guest.write("/etc/machine-id", id + "\n");
  log.info("Setting the machine ID in /etc/machine-id");
  log.change("/etc/machine-id", "filled", "it was empty, and services need one");
}

}  // namespace v2v::linux
