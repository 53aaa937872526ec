// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/copying.hpp>

#include <core/copy/chains.hpp>
#include <core/copy/copy.hpp>
#include <core/copy/disk_server.hpp>
#include <core/copy/target_space.hpp>
#include <core/disk/layered_disk.hpp>
#include <core/disk/qemu_img.hpp>

#include <fmt/format.h>
#include <v2v/text/human_size.hpp>

#include <filesystem>
#include <limits>
#include <tuple>

namespace v2v::core {
namespace {

constexpr const char *elsewhere_for_images = "set VIRT_V2V_TMPDIR to another directory";

class Copying {
 public:
  Copying(const CopyPlan &plan, OutputInstance &output, PluginEnvironment &environment)
      : plan_(plan),
        output_(output),
        environment_(environment),
        engine_(jobs(), static_cast<unsigned>(plan.disks.size()), environment.reporter,
                environment.cancellation) {}

  void run() {
    const auto room = room_for_images();
    std::vector<Chain> chains;
    for (unsigned disk = 0; disk < plan_.disks.size(); ++disk) {
      auto chain = chain_of(disk);
      if (!chain.run) continue;
      if (chain.scratch > room) throw too_large(disk, chain.scratch, room);
      chains.push_back(std::move(chain));
    }
    run_chains(chains, {plan_.parallel, room}, environment_.cancellation,
               [this] { output_.stop(); });
  }

 private:
  Chain chain_of(unsigned disk) {
    switch (plan_.disks[disk].target.mode) {
      case Target::Mode::host_writes:
        return {0, [=, this](const Cancellation &stop) {
                  engine_.copy(disk, stop);
                  output_.written(disk);
                }};
      case Target::Mode::plugin_takes:
        return {image_size(disk), [=, this](const Cancellation &stop) { hand_over(disk, stop); }};
      case Target::Mode::plugin_copies:
        return {0, [=, this](const Cancellation &) {
                  const auto &overlay = *plan_.disks[disk].overlay;
                  output_.copy({disk, overlay.location(), plan_.metadata, overlay.source(),
                                changes_of(disk)});
                }};
      case Target::Mode::plugin_reads:
        return {0, [=, this](const Cancellation &stop) { serve(disk, stop); }};
      case Target::Mode::discard:
        break;
    }
    return {};
  }

  void hand_over(unsigned disk, const Cancellation &stop) {
    const auto image = image_of(disk);
    QemuImg{{"create", "-q", "-f", image.format, image.path,
             std::to_string(plan_.disks[disk].wanted.virtual_size)},
            "cannot make a temporary image",
            image.path,
            &stop}
        .run();
    engine_.copy(disk, stop);
    output_.take({disk, image, plan_.metadata});
    std::filesystem::remove(image.path);  // the others may need the room
  }

  void serve(unsigned disk, const Cancellation &stop) {
    const auto &overlay = *plan_.disks[disk].overlay;
    const DiskServer server(overlay.location(), plan_.disks[disk].contents.layers,
                            environment_.run_directory / fmt::format("disk{}", disk), stop);
    try {
      output_.read({disk, server.uri(), plan_.metadata, overlay.source(), changes_of(disk)});
    } catch (const Error &) {
      // The plugin knows only that a read failed; the server knows why.
      if (const auto failure = server.failure()) throw *failure;
      throw;
    }
  }

  // Where the disk differs from its source.
  std::optional<std::vector<Range>> changes_of(unsigned disk) const {
    const auto &[overlay, layers] =
        std::tie(plan_.disks[disk].overlay, plan_.disks[disk].contents.layers);
    const auto changes = layers ? std::optional(layers->changes())
                                : map_changes(overlay->location(), environment_.cancellation);
    if (!changes) return std::nullopt;
    std::vector<Range> ranges;
    for (const auto &change : changes->changes) ranges.push_back({change.start, change.length});
    return ranges;
  }

  // What the engine copies.
  std::vector<CopyJob> jobs() const {
    std::vector<CopyJob> jobs;
    for (unsigned disk = 0; disk < plan_.disks.size(); ++disk) {
      const auto &target = plan_.disks[disk].target;
      if (target.mode == Target::Mode::host_writes) {
        auto &job = jobs.emplace_back(job_for(disk, *target.location));
        job.target_is_zero = target.reads_as_zero;
        job.target_name = target.display_name;
        job.connections = output_.description().connections;
        job.largest_write = output_.description().preferred_request;
      } else if (target.mode == Target::Mode::plugin_takes) {
        auto &job = jobs.emplace_back(job_for(disk, image_of(disk)));
        job.target_is_zero = true;
        job.elsewhere = elsewhere_for_images;
      }
    }
    return jobs;
  }

  CopyJob job_for(unsigned disk, Location target_location) const {
    const auto &underway = plan_.disks[disk];
    CopyJob job;
    job.disk = disk;
    job.source = underway.overlay->location();
    job.base = underway.overlay->source();
    job.contents = underway.contents;
    job.target = std::move(target_location);
    job.compressed = underway.target.compressed;
    job.preallocated = underway.target.preallocated;
    return job;
  }

  // The image in the run directory for an output that takes finished ones.
  Location image_of(unsigned disk) const {
    Location image;
    image.path = environment_.run_directory / fmt::format("image{}", disk);
    image.format = plan_.disks[disk].wanted.format;
    return image;
  }

  // Bytes it comes to at most. The estimate has by now been made from what was measured.
  std::uint64_t image_size(unsigned disk) const {
    const auto &[wanted, contents] = std::tie(plan_.disks[disk].wanted, plan_.disks[disk].contents);
    return wanted.format == "raw" ? contents.data : wanted.estimated_size;
  }

  std::uint64_t room_for_images() const {
    return free_bytes(environment_.run_directory.string())
        .value_or(std::numeric_limits<std::uint64_t>::max());
  }

  Error too_large(unsigned disk, std::uint64_t needed, std::uint64_t room) const {
    return Error(
        Code::no_space,
        fmt::format("the temporary image of disk {} does not fit: {} are needed, {} are free",
                    disk + 1, text::human_size(needed), text::human_size(room)),
        environment_.run_directory.parent_path().string(),
        fmt::format("make room for {} more, or {}", text::human_size(needed - room),
                    elsewhere_for_images));
  }

  const CopyPlan &plan_;
  OutputInstance &output_;
  PluginEnvironment &environment_;
  CopyEngine engine_;
};

}  // namespace

void copy_to_targets(const CopyPlan &plan, OutputInstance &output, PluginEnvironment &environment) {
  Copying(plan, output, environment).run();
}

}  // namespace v2v::core
