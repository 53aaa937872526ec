// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/in_place.hpp>

#include <core/convert/describe.hpp>
#include <core/copy/target_space.hpp>
#include <core/disk/commit_overlay.hpp>
#include <core/disk/image_size.hpp>
#include <core/run/durable.hpp>
#include <core/run/run_directory.hpp>

#include <fmt/format.h>
#include <sys/stat.h>
#include <v2v/text/human_size.hpp>

#include <algorithm>
#include <map>

namespace v2v::core {
namespace fs = std::filesystem;
namespace {

constexpr const char *use_a_copy = "convert a copy of the guest with -o local";

void check_changeable(const Disk &disk, InPlace how) {
  const auto &location = disk.location;
  const auto refuse = [&](const std::string &what) {
    throw Error(Code::unsupported, what, disk_name(disk), use_a_copy);
  };
  if (location.type != Location::Type::file)
    refuse("it is no file and no device of this machine, so it cannot be converted in place");
  if (location.format != "raw" && location.format != "qcow2")
    refuse(
        fmt::format("{} images are not converted in place, only raw and qcow2", location.format));
  const bool part = location.offset != 0 || location.length != 0;
  if (how == InPlace::direct && (part || location.references))
    refuse(
        "a part of a file, or an image that names others, is not converted with "
        "--in-place=direct");
}

/// The path of a file whatever leads to it, but of a device the name that stays over a restart.
std::string lasting_path(const std::string &path) {
  return (fs::is_block_file(path) ? fs::absolute(path) : fs::canonical(path)).string();
}

/// Of an unfinished commit that this disk belongs to.
std::optional<Commit> unfinished(const Disk &disk, const CommitRegistry &registry) {
  if (disk.location.type != Location::Type::file) return std::nullopt;
  return registry.find(disk.location.path);
}

void write_all(const Commit &commit, Reporter &reporter) {
  const auto disks = static_cast<unsigned>(commit.disks.size());
  for (unsigned i = 0; i < disks; ++i) {
    const auto &disk = commit.disks[i];
    reporter.debug(fmt::format("writing to {}", disk.location.path));
    const auto overlay = commit.run_directory / disk.overlay;
    Location changes;
    changes.path = overlay.string();
    const auto bytes = allocated_size(changes);
    commit_overlay(overlay, disk.location, [&](double part) {
      const auto done = static_cast<std::uint64_t>(part * static_cast<double>(bytes));
      reporter.progress({"commit", i + 1, disks, done, bytes});
    });
  }
}

/// Where the disk is now, if it is still the one that was being written to.
std::string found_again(const CommittedDisk &disk, const Source &source) {
  std::vector<std::string> places = {disk.location.path};
  // A file may have been moved; of devices one cannot tell.
  if (!disk.identity.block_device)
    for (const auto &given : source.disks) places.push_back(given.location.path);
  for (const auto &place : places)
    if (fs::exists(place) && identify(place) == disk.identity) return lasting_path(place);
  throw Error(
      Code::corrupt,
      "this disk is not the one that the conversion was being written to when it was cut short",
      disk.location.path, "put that one back");
}

}  // namespace

OwnDisks::OwnDisks(const Source &source, InPlace how) {
  for (const auto &disk : source.disks) check_changeable(disk, how);
  for (const auto &disk : source.disks) locks_.emplace_back(disk.location.path);
}

void OwnDisks::begin_writing(const std::vector<DiskUnderway> &disks) const {
  for (const auto &lock : locks_) lock.begin_writing();
  std::map<dev_t, std::uint64_t> needs;
  for (const auto &disk : disks) {
    const auto &location = disk.overlay->source();
    struct stat status = {};
    if (::stat(location.path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    auto &need = needs[status.st_dev];
    need += room_for_commit(location, allocated_size(disk.overlay->location()), disk.source_size);
    const auto free = free_bytes(location.path);
    if (free && need > *free)
      throw Error(Code::no_space,
                  fmt::format("the changes may not fit: up to {} have to be written, {} are free",
                              text::human_size(need), text::human_size(*free)),
                  fs::path(location.path).parent_path().string(), "make room there");
  }
}

Commit planned_commit(const Source &source, const fs::path &run_directory) {
  if (is_in_memory(run_directory))
    throw Error(Code::unsupported,
                "this directory is in memory: what is to be written to the guest's disks would not "
                "survive a crash",
                run_directory.parent_path().string(),
                "set VIRT_V2V_TMPDIR to a directory on a disk, or use --in-place=direct");
  Commit commit{run_directory, source.name, {}};
  for (const auto &disk : source.disks) {
    auto location = disk.location;
    location.path = lasting_path(location.path);
    commit.disks.push_back({std::move(location), identify(disk.location.path),
                            overlay_name(static_cast<unsigned>(commit.disks.size()))});
  }
  return commit;
}

void commit_in_place(const Commit &commit, const CommitRegistry &registry, Reporter &reporter) {
  reporter.debug("making the changes durable");
  for (const auto &disk : commit.disks) sync_path(commit.run_directory / disk.overlay);
  sync_path(commit.run_directory);
  sync_path(commit.run_directory.parent_path());
  registry.add(commit);
  reporter.debug("the changes are durable");
  write_all(commit, reporter);
  reporter.debug("everything is written");
  registry.remove(commit);
}

bool finish_commit(const Source &source, const CommitRegistry &registry, Reporter &reporter) {
  std::optional<Commit> commit;
  for (const auto &disk : source.disks)
    if (!commit) commit = unfinished(disk, registry);
  if (!commit) return false;
  reporter.step(fmt::format("Finishing the conversion of {} that was cut short", commit->guest));
  if (!fs::exists(commit->run_directory))
    throw Error(Code::corrupt,
                "the changes that were being written to the disks are gone; the disks are half "
                "written",
                commit->run_directory.string(), "take the disks from a backup");
  const auto run = RunDirectory::claim(commit->run_directory);
  if (!run)
    throw Error(Code::access, "another v2v, or another user's, is at work on these disks",
                commit->run_directory.string(), "wait until it has ended, or finish as that user");
  std::vector<ImageLock> locks;
  for (auto &disk : commit->disks) {
    // A qemu-img that was killed with the commit may not have ended yet.
    await_unlocked(commit->run_directory / disk.overlay, std::chrono::seconds(60));
    disk.location.path = found_again(disk, source);
    locks.emplace_back(disk.location.path).begin_writing();
  }
  write_all(*commit, reporter);
  registry.remove(*commit);
  run->remove();
  reporter.info("The guest was converted before, and its disks are whole now.");
  return true;
}

void refuse_half_written(const Source &source, const CommitRegistry &registry) {
  for (const auto &disk : source.disks)
    if (const auto commit = unfinished(disk, registry))
      throw Error(
          Code::corrupt,
          "the disk is half written: a conversion in place was cut short, and is not finished",
          disk_name(disk), "finish it: " + finishing_command(*commit));
}

bool is_finished(const Source &source, InPlace how, Reporter &reporter) {
  const auto registry = CommitRegistry::of_this_user();
  if (how != InPlace::no) return finish_commit(source, registry, reporter);
  refuse_half_written(source, registry);
  return false;
}

}  // namespace v2v::core
