// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/disk_ends.hpp>

#include <core/copy/disk_server.hpp>
#include <core/disk/nbd_connection.hpp>
#include <core/disk/qemu_location.hpp>
#include <core/guest/disk_layout.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace v2v::core {
namespace {

constexpr std::uint64_t end_size = 512;
constexpr std::size_t memory_of_reads = 1 << 20;  // of one at a time

std::string read_parts(const NbdConnection &connection, const Cancellation &cancellation) {
  const auto size = connection.size();
  std::string start(std::min<std::uint64_t>(size, disk_start_size), '\0');
  std::vector<NbdConnection::Part> parts{{0, start.size()}};
  if (size > start.size())
    parts.push_back(
        {size - std::min(size - start.size(), end_size), std::min(size - start.size(), end_size)});
  std::vector<std::byte> memory(memory_of_reads);
  connection.read(
      parts, memory,
      [&](std::uint64_t at, std::span<std::byte> bytes) {
        for (std::size_t i = 0; i < bytes.size() && at + i < start.size(); ++i)
          start[at + i] = static_cast<char>(bytes[i]);
      },
      cancellation);
  return start;
}

}  // namespace

std::string read_ends(const Location &disk, unsigned number, const PluginEnvironment &environment) {
  const auto &cancellation = environment.cancellation;
  const DiskServer server(disk, nullptr, environment.run_directory / fmt::format("ends{}", number),
                          cancellation);
  Location served;
  served.type = Location::Type::uri;
  served.path = server.uri();
  served.format = "raw";
  try {
    return read_parts(NbdConnection(served, cancellation), cancellation);
  } catch (const Error &error) {
    if (error.code() != Code::io) throw;
    // Its object is a socket of ours, which says nothing to anybody.
    throw Error(Code::io, "the disk can be opened, but not read: " + error.failure(),
                display_name(disk), "see whether it is whole, and read it with qemu-img convert");
  }
}

}  // namespace v2v::core
