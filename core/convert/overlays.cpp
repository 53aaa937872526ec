// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/overlays.hpp>

#include <core/disk/qemu_location.hpp>
#include <core/guest/disk_keys.hpp>

namespace v2v::core {
namespace {

std::unique_ptr<Appliance> make_appliance(const ConversionContext &context) {
  const auto &settings = context.settings;
  return std::make_unique<Appliance>(
      Appliance::Settings{
          context.environment.run_directory, settings.appliance_memory, settings.appliance_cpus,
          settings.appliance_network || needs_clevis(settings.keys), settings.trace},
      context.say(), context.environment.cancellation);
}

}  // namespace

void make_overlays(const Source &source, std::vector<DiskUnderway> &disks,
                   const PluginEnvironment &environment) {
  for (unsigned i = 0; i < disks.size(); ++i)
    disks[i].overlay =
        Overlay::create(source.disks[i].location, environment.run_directory / overlay_name(i),
                        environment.cancellation, disks[i].source_size);
}

void find_contents(std::vector<DiskUnderway> &disks, const Cancellation &cancellation) {
  for (auto &disk : disks)
    if (disk.overlay) disk.contents = disk.overlay->contents(cancellation);
}

std::unique_ptr<Appliance> appliance_over(const Source &source, std::vector<DiskUnderway> &disks,
                                          const ConversionContext &context) {
  make_overlays(source, disks, context.environment);
  auto appliance = make_appliance(context);
  for (const auto &disk : disks)
    appliance->add_overlay(disk.overlay->path(), display_name(disk.overlay->source()));
  return appliance;
}

std::unique_ptr<Appliance> appliance_on(const Source &source, const ConversionContext &context) {
  auto appliance = make_appliance(context);
  for (const auto &disk : source.disks)
    appliance->add_own_disk(disk.location.path, disk.location.format);
  context.say().warning("What is changed is changed at once: after a failure only a backup helps.");
  return appliance;
}

}  // namespace v2v::core
