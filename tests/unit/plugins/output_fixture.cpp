// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "output_fixture.hpp"
#include <v2v/text/characters.hpp>

#include <sys/wait.h>

#include <algorithm>
#include <cstdio>

namespace v2v::test {

Metadata debian_guest(unsigned disks) {
  Metadata guest;
  guest.name = "debian12";
  guest.generator = "v2v 0.1.0";
  guest.source.name = guest.name;
  guest.source.memory = std::uint64_t{1} << 30;
  guest.source.nics = {{Nic::Type::network, "00:11:22:33:44:55", "default", "vmxnet3", {}}};
  guest.inspection.root = "/dev/sda1";
  guest.inspection.type = "linux";
  guest.inspection.distro = "debian";
  guest.inspection.osinfo = "debian12";
  guest.caps.arch = "x86_64";
  guest.caps.machine = Machine::q35;
  guest.caps.net_bus = NetBus::virtio;
  guest.caps.block_bus = BlockBus::virtio_blk;
  for (unsigned i = 0; i < disks; ++i) {
    guest.source.disks.emplace_back();
    guest.disks.push_back({i, "raw", 1 << 20, 0});
  }
  use_bus(guest, BlockBus::virtio_blk);
  return guest;
}

std::vector<machine::DiskSource> file_disks(const Metadata &metadata,
                                            const std::string &directory) {
  std::vector<machine::DiskSource> disks;
  for (const auto &disk : metadata.disks)
    disks.push_back({machine::DiskSource::Kind::file,
                     directory + "/" + machine::file_stem(metadata.name) + "-sd" +
                         text::drive_letters(disk.index),
                     {},
                     disk.format});
  return disks;
}

void use_bus(Metadata &metadata, BlockBus bus) {
  metadata.caps.block_bus = bus;
  metadata.buses = {};
  auto &slots = bus == BlockBus::virtio_blk    ? metadata.buses.virtio_blk
                : bus == BlockBus::virtio_scsi ? metadata.buses.scsi
                                               : metadata.buses.ide;
  for (unsigned i = 0; i < metadata.disks.size(); ++i) slots.push_back({Slot::Type::disk, i});
}

std::vector<std::string> names_in(const std::filesystem::path &directory) {
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(directory))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

Ran shell(const std::string &line, unsigned seconds) {
  TemporaryDirectory scratch;
  const auto script = scratch / "script";
  write_file(script, line + "\n");
  const std::string command =
      "timeout -k 5 " + std::to_string(seconds) + " /bin/sh " + script.string() + " 2>&1";
  Ran ran;
  FILE *pipe = popen(command.c_str(), "r");
  if (!pipe) return ran;
  char piece[4096];
  while (const auto count = fread(piece, 1, sizeof piece, pipe)) ran.output.append(piece, count);
  const int status = pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

std::optional<Error> error_of(const std::function<void()> &body) {
  try {
    body();
    return std::nullopt;
  } catch (const Error &error) {
    return error;
  }
}

}  // namespace v2v::test
