// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Disks in a local directory, for every output that leaves them there: naming, checks before work
// is spent, creation, and a result that appears all at once. Used by one thread at a time.
//
// A target that does not exist is made in a private subdirectory (staging.hpp) and renamed at the
// end. The documented way to write to a block device is a symbolic link, or the device's node,
// under the name of the disk: such a target is used as it is and never removed. An existing regular
// file is refused unless the request says overwrite.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <v2v/local_disks/placed_disk.hpp>
#include <v2v/local_disks/staging.hpp>
#include <v2v/machine/machine.hpp>
#include <v2v/plugin.hpp>
#include <vector>

namespace v2v::local_disks {

/// What the disks of a conversion are to be like.
struct LocalRequest {
  std::string mode;       ///< "-o local": begins messages about options
  std::string directory;  ///< absolute
  std::string format = "raw";
  bool preallocated = false, compressed = false, overwrite = false;
  std::vector<std::string>
      paths;           ///< one absolute path for each disk; empty: named after the guest
  bool create = true;  ///< false: the disks are there and are filled where they are

  /// Reads -os, -of, -oa and the options "compressed", "overwrite", "disk" and "create".
  /// @throws Error(usage) if one of them is missing or makes no sense
  static LocalRequest from(const std::string &mode, const OutputRequest &request);

  /// The declared options that from() reads.
  static std::vector<Option> options();
  /// Of these, an output whose disks may be anywhere declares also "disk" and "create".
  static std::vector<Option> placing_options();
};

/// What LocalDisks needs of the host; functions so that tests need no host.
struct LocalHooks {
  Staging::Journal journal;
  machine::Warn warn;
  std::function<void()> check_cancelled;  ///< throws Error(cancelled); may be empty

  static LocalHooks of(const Host &host);
};

class LocalDisks {
 public:
  /// @param metadata_files  what follows the guest's name in the files written besides disks:
  /// ".xml"
  /// @param state_files     files that the finished guest makes for itself later: "-vars.fd"
  LocalDisks(LocalRequest request, LocalHooks hooks, std::vector<std::string> metadata_files,
             std::vector<std::string> state_files = {});
  ~LocalDisks();

  OutputDescription describe() const;

  /// Checks the directory, every file name, existing files and free space. Changes nothing.
  /// @throws Error(no_space) if preallocated disks do not fit; what is only expected is warned about
  void precheck(const std::string &name, const std::vector<TargetDisk> &disks);
  /// After precheck, whatever -oo overwrite says.
  /// @throws Error(exists) if a disk of the source lies where a target would
  void refuse_source(const Source &source, const std::vector<TargetDisk> &disks) const;

  /// Creates or adopts the disks.
  /// @throws Error(no_space) if there is no room for what is reserved
  std::vector<Target> prepare(const std::string &name, const std::vector<TargetDisk> &disks);

  /// Where the disks will be after commit.
  const std::vector<machine::DiskSource> &sources() const { return sources_; }

  /// The final path of a file beside the disks.
  std::string path_of(const std::string &suffix) const;

  /// Writes a file that commit puts beside the disks.
  void add_file(const std::string &suffix, const std::string &content, unsigned mode);

  /// Makes everything visible, disks first, files in the order they were added.
  void commit();

  /// See Staging::abort.
  static void abort(const std::vector<std::string> &records) { Staging::abort(records); }

 private:
  std::string disk_name(unsigned index) const;
  std::string final_path(const std::string &file) const { return request_.directory + "/" + file; }
  void check_directory() const;
  void check_file_name(const std::string &file) const;
  void check_space(const std::vector<TargetDisk> &disks) const;
  bool is_placing() const { return !request_.paths.empty() || !request_.create; }
  PlacedDisk placed(const TargetDisk &disk) const;
  void precheck_disks(const std::vector<TargetDisk> &disks) const;
  Target prepare_named(const TargetDisk &disk);

  LocalRequest request_;
  LocalHooks hooks_;
  std::vector<std::string> metadata_files_, state_files_;
  std::string stem_;
  std::unique_ptr<Staging> staging_;
  std::vector<std::string> staged_;  ///< names of files to publish
  std::vector<PlacedDisk> placed_;   ///< disks at places of their own
  std::vector<machine::DiskSource> sources_;
};

/// A block device that the user put, or linked, under the name of a disk.
struct BlockTarget {
  std::string device;  ///< its real path
  std::uint64_t size = 0;
};

/// What is at `path`: nothing (or a regular file, see below), or a block device of at least
/// `virtual_size` bytes that nobody uses and that a raw disk may be written to.
/// @throws Error for everything else; a regular file is an error unless `overwrite`
std::optional<BlockTarget> look_at_target(const std::string &path, const TargetDisk &disk,
                                          bool overwrite);

/// @throws Error(exists) if what is at `path` is a disk of the source
void refuse_source(const std::string &path, const Source &source);

}  // namespace v2v::local_disks
