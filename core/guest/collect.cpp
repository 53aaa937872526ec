// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/collect.hpp>

#include <core/guest/tar_writer.hpp>

#include <fmt/format.h>
#include <v2v/guestfs/appliance.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

using guestfs::OwnedText;
using FileStatus = std::unique_ptr<struct guestfs_statns, guestfs::Releaser<&guestfs_free_statns>>;

class Collector {
 public:
  Collector(guestfs_h *g, TarWriter &archive, bool any_case, Reporter &reporter)
      : appliance_(g), archive_(archive), any_case_(any_case), reporter_(reporter) {}

  void add(const CollectedPath &wanted) {
    const auto path = spelling_of(wanted.guest);
    if (is_directory(path))
      add_directory(path, wanted.local);
    else if (is_file(path))
      add_file(path, wanted.local);
    else
      reporter_.info(fmt::format("{} is not collected: the guest has no such file or directory",
                                 wanted.guest));
  }

 private:
  /// As the guest's file system has it.
  std::string spelling_of(const std::string &path) {
    if (!any_case_) return path;
    const OwnedText real(appliance_.call(
        [&](guestfs_h *g) { return guestfs_case_sensitive_path(g, path.c_str()); }));
    return real ? std::string(real.get()) : path;
  }

  // A path through something that is no directory is no error either. Links are followed.
  bool is_directory(const std::string &path) {
    return appliance_.call([&](guestfs_h *g) {
      return guestfs_is_dir_opts(g, path.c_str(), GUESTFS_IS_DIR_OPTS_FOLLOWSYMLINKS, 1, -1);
    }) == 1;
  }
  bool is_file(const std::string &path) {
    return appliance_.call([&](guestfs_h *g) {
      return guestfs_is_file_opts(g, path.c_str(), GUESTFS_IS_FILE_OPTS_FOLLOWSYMLINKS, 1, -1);
    }) == 1;
  }

  void add_directory(const std::string &path, const std::string &name) {
    const bool whole = appliance_.receive(
        reading_failed, path,
        [&](guestfs_h *g, const char *file) {
          return guestfs_tar_out_opts(g, path.c_str(), file, GUESTFS_TAR_OUT_OPTS_NUMERICOWNER, 1,
                                      -1);
        },
        [&](int fd) { return archive_.add_tree(name, fd); });
    if (!whole)
      throw Error(Code::io, "what came of the guest's directory is damaged", path, remedy);
  }

  void add_file(const std::string &path, const std::string &name) {
    const FileStatus status(
        appliance_.call([&](guestfs_h *g) { return guestfs_statns(g, path.c_str()); }));
    if (!status) appliance_.fail(reading_failed, path);
    const TarWriter::File file = {
        name,
        static_cast<std::uint64_t>(std::max<std::int64_t>(status->st_size, 0)),
        static_cast<unsigned>(status->st_mode),
        status->st_uid,
        status->st_gid,
        status->st_mtime_sec};
    const bool whole = appliance_.receive(
        reading_failed, path,
        [&](guestfs_h *g, const char *to) { return guestfs_download(g, path.c_str(), to); },
        [&](int fd) { return archive_.add_file(file, fd); });
    if (!whole) throw Error(Code::io, "the guest's file ends too early", path, remedy);
  }

  static constexpr const char *reading_failed = "cannot read what is to be collected";
  static constexpr const char *remedy = "check the guest's file system, or do not collect it";

  guestfs::Appliance appliance_;
  TarWriter &archive_;
  bool any_case_;
  Reporter &reporter_;
};

}  // namespace

void collect_files(guestfs_h *g, const Collection &wanted, bool any_case, Reporter &reporter,
                   const Cancellation &cancellation) {
  if (!wanted.file) return;
  reporter.step(
      fmt::format("Collecting pre-conversion information in {}", wanted.file->path().string()));
  TarWriter archive(wanted.file->fd(), wanted.file->path().string(), cancellation);
  Collector collector(g, archive, any_case, reporter);
  for (const auto &path : wanted.paths) {
    cancellation.check();
    collector.add(path);
  }
  archive.finish();
  wanted.file->publish();
}

}  // namespace v2v::core
