// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/commit_overlay.hpp>

#include <core/copy/copy_qemu_img.hpp>
#include <core/disk/image_size.hpp>
#include <core/disk/qemu_img.hpp>
#include <core/disk/qemu_location.hpp>
#include <core/run/durable.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

// The changes of a conversion are some hundred MiB, but the storage may be slow.
constexpr std::chrono::hours commit_limit{6};

/// The overlay with the disk below it as qemu-img is to see them, whatever the overlay's header says.
std::string chain(const std::filesystem::path &overlay, const Location &disk) {
  auto below = qemu_node(disk, Access::read_only);  // qemu-img makes it writable for the commit
  auto *file = &below;
  while (file->contains("file")) file = &(*file)["file"];
  (*file)["locking"] = "off";  // the caller holds the lock; one of qemu's own would collide with it
  const nlohmann::json whole = {{"driver", "qcow2"},
                                {"file", {{"driver", "file"}, {"filename", overlay.string()}}},
                                {"backing", std::move(below)}};
  return "json:" + whole.dump();
}

}  // namespace

void commit_overlay(const std::filesystem::path &overlay, const Location &disk,
                    const std::function<void(double)> &progress) {
  // -d: the overlay is not emptied, so that this can be done again.
  QemuImg{{"commit", "-d", "-p", chain(overlay, disk)},
          "cannot write the converted guest to its disk",
          display_name(disk),
          nullptr,
          commit_limit,
          [&](const std::string &output) {
            if (const auto part = parse_progress(output)) progress(*part);
          }}
      .run();
  sync_path(disk.path);
}

std::uint64_t room_for_commit(const Location &disk, std::uint64_t data, std::uint64_t size) {
  const auto there = allocated_size(disk);
  return std::min(data, size - std::min(size, there));
}

}  // namespace v2v::core
