// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The way of one disk to an output, for bench/glance: an overlay over the source, the output's checks,
// the copy and the commit as a conversion has them, without appliance and converter.
//
//   deliver-disk DIRECTORY PLUGIN NAME SOURCE    DIRECTORY is the run directory, SOURCE a raw disk
#include <core/convert/copying.hpp>

#include "quiet.hpp"

namespace {

using namespace v2v;

Metadata machine(const std::string &name, const Location &source, std::uint64_t size) {
  Metadata made;
  made.name = name;
  made.firmware = Firmware::bios;
  made.source.name = name;
  made.source.memory = 1u << 30;
  made.source.disks.emplace_back().location = source;
  made.inspection.type = "linux";
  made.inspection.arch = "x86_64";
  made.caps.block_bus = BlockBus::virtio_blk;
  made.caps.net_bus = NetBus::virtio;
  made.caps.arch = "x86_64";
  made.disks.push_back({0, "raw", size, size});
  return made;
}

void deliver(const std::filesystem::path &directory, const std::string &plugin,
             const std::string &name, const Location &source) {
  const core::Cancellation never;
  bench::Quiet quiet;
  core::Journal journal(directory);
  core::PluginEnvironment environment{quiet, never, journal, directory, {}};
  std::vector<core::DiskUnderway> disks(1);
  auto &disk = disks.front();
  disk.overlay = core::Overlay::create(source, directory / "overlay", never);
  disk.source_size = disk.overlay->virtual_size();
  disk.contents = disk.overlay->contents(never);
  const auto metadata = machine(name, source, disk.source_size);
  disk.wanted = metadata.disks.front();
  OutputRequest request;
  request.name = name;
  request.format = "raw";
  core::OutputInstance output(core::load_plugin(plugin, quiet), environment, request);
  output.precheck(metadata);
  disk.target = output.prepare(metadata).at(0);
  core::copy_to_targets({metadata, disks, 1}, output, environment);
  output.commit(metadata);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  Location source;
  source.path = argv[4];
  source.format = "raw";
  try {
    deliver(argv[1], argv[2], argv[3], source);
    return 0;
  } catch (const Error &error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
