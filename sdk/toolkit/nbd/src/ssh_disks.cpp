// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/nbd/ssh_disks.hpp>

#include <v2v/images/image.hpp>
#include <v2v/nbd/nbd_reader.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <filesystem>
#include <fstream>

namespace v2v::nbd {
namespace {

/// Bytes; every magic number, and all that a qcow2 says of other files, is there.
constexpr std::uint64_t start_of_image = std::uint64_t{1} << 20;
constexpr unsigned sector = 512;
/// Bytes that one dd reads at least, and of one of its reads. A request costs some 10 ms at best.
constexpr unsigned block_size = 256 * 1024;
constexpr unsigned dd_block = 64 * 1024;
constexpr int not_there = 127;  ///< a shell's exit status, if it has not found a program

/// A file of this size that begins so and costs no room: what checks a header wants to see.
process::FileDescriptor stand_in(const std::string &start, std::uint64_t size) {
  auto file = process::memory_file(start);
  if (size > start.size() && ::ftruncate(file.get(), static_cast<off_t>(size)) != 0)
    throw Error(Code::io, "cannot hold the start of the image in memory", "memfd");
  return file;
}

}  // namespace

std::string device_read_script(const std::vector<std::string> &ssh, const std::string &path) {
  std::string words;
  for (const auto &word : ssh) words += shell_word(word) + " ";
  return fmt::format(
      "b={}; [ $(( ($3 | $4) % {} )) = 0 ] && b={}; "
      "exec {}{}\" bs=$b skip=$(( $4 / b )) count=$(( $3 / b ))\"",
      sector, dd_block, dd_block, words, shell_word("LC_ALL=C exec dd if=" + shell_word(path)));
}

SshDisks::SshDisks(SshShell &shell, std::string run_directory,
                   std::function<void()> check_cancelled)
    : shell_(shell),
      run_directory_(std::move(run_directory)),
      check_cancelled_(std::move(check_cancelled)) {}

SshDisks::~SshDisks() {
  readers_.clear();
}

void SshDisks::stop_keeping() {
  std::error_code ignored;
  std::filesystem::remove(run_directory_ + "/ssh-keep-reads", ignored);
}

std::uint64_t SshDisks::device_size(const SshDisk &disk) {
  const auto output = shell_.run(
      "PATH=$PATH:/usr/sbin:/sbin; LC_ALL=C exec blockdev --getsize64 " + shell_word(disk.path),
      "cannot ask how large the device is");
  const auto where = shell_.access().server() + ":" + disk.name;
  if (output.status == not_there)
    throw Error(Code::not_found, "there is no blockdev on that machine to ask for its size", where,
                "install util-linux there, or log in as root");
  std::uint64_t size = 0;
  const auto *end = output.out.data() + output.out.size();
  const auto parsed = std::from_chars(output.out.data(), end, size);
  if (output.status != 0 || parsed.ec != std::errc() || size % sector != 0) {
    const auto reason = output.error.substr(0, output.error.find_last_not_of(" \r\n") + 1);
    throw Error(Code::access, fmt::format("cannot read the device: {}", text::printable(reason)),
                where,
                "see whether the device is there (a logical volume has to be active: lvchange "
                "-ay), and log in as a user who may read it");
  }
  return size;
}

Nbdkit::Settings SshDisks::settings(const SshDisk &disk, std::uint64_t size) {
  if (!disk.device) return ssh_settings(shell_.access(), disk.path);
  if (connection_.empty()) {
    connection_ = shell_.share_connection(run_directory_ + "/ssh-shared");
    std::ofstream(run_directory_ + "/ssh-keep-reads").flush();
  }
  Nbdkit::Settings settings;
  settings.plugin = "eval";
  settings.parameters = {
      fmt::format("get_size=echo {}", size), "thread_model=echo serialize_requests",
      "can_multi_conn=exit 0",
      "pread=" + device_read_script(ssh_command(shell_.access(), {}, connection_), disk.path)};
  settings.limit = shell_.access().limit;
  settings.environment = shell_.environment();
  // The cow filter keeps its file there.
  settings.environment.emplace_back("TMPDIR", run_directory_);
  settings.filters = {"cow"};
  settings.parameters.insert(settings.parameters.end(),
                             {"cow-on-read=" + run_directory_ + "/ssh-keep-reads",
                              fmt::format("cow-block-size={}", block_size)});
  return settings;
}

std::unique_ptr<Nbdkit> SshDisks::start(const Nbdkit::Settings &settings) {
  return std::make_unique<Nbdkit>(
      settings, run_directory_ + fmt::format("/ssh-disk-{}", started_++), check_cancelled_);
}

std::string SshDisks::start_of(const Nbdkit &server, const SshDisk &disk, std::uint64_t &size) {
  try {
    NbdReader reader(server.socket(), disk.name, check_cancelled_);
    size = reader.size();
    return reader.read_up_to(0, start_of_image);
  } catch (const Error &error) {
    explain_ssh(server, shell_.access(), disk.path, error);
  }
}

Location SshDisks::serve(const SshDisk &disk) {
  std::uint64_t size = disk.device ? device_size(disk) : 0;
  auto with_retry = settings(disk, size);
  with_retry.object = text::printable(shell_.access().server());
  // Without the retry filter it says at once what is wrong.
  const auto start_bytes = start_of(*start(with_retry), disk, size);
  if (start_bytes.empty())
    throw Error(Code::corrupt, "the disk is empty", disk.name,
                "see whether the guest starts there");
  const auto copy = stand_in(start_bytes, size);
  const images::ImageReader image(copy.get(), disk.name);
  const auto format =
      disk.format.empty() ? images::detect_format(image) : images::canonical_format(disk.format);
  if (disk.format.empty() && format != "raw")
    throw Error(Code::unsupported,
                fmt::format("nothing says what format the disk has, and it begins like {}", format),
                disk.name, fmt::format("say what it is with -if {} or -if raw", format));
  if (format != "raw" && format != "qcow2")
    throw Error(Code::unsupported,
                fmt::format("an image of format {} is not read over ssh", format), disk.name,
                serve_it_there);
  images::examine_image(image, format, false);
  with_retry.filters.emplace_back("retry");
  servers_.push_back(start(with_retry));
  Location location;
  location.type = Location::Type::uri;
  location.format = "raw";
  location.path = format == "raw" ? servers_.back()->uri() : serve_qcow2(*servers_.back(), disk);
  return location;
}

std::string SshDisks::serve_qcow2(const Nbdkit &server, const SshDisk &disk) {
  // No backing file, whatever the image says by now.
  const nlohmann::json image = {
      {"driver", "qcow2"},
      {"backing", nullptr},
      {"file",
       {{"driver", "nbd"}, {"server", {{"type", "unix"}, {"path", server.socket().string()}}}}}};
  readers_.push_back(std::make_unique<QemuNbd>(
      "json:" + image.dump(), run_directory_ + fmt::format("/ssh-disk-{}", started_++),
      "cannot read the image", disk.name, check_cancelled_, [&](const std::string &log) {
        return Error(Code::corrupt,
                     "cannot read the image: " +
                         text::printable(log.substr(0, log.find_last_not_of(" \r\n") + 1)),
                     disk.name, "see whether the guest starts there");
      }));
  return readers_.back()->uri();
}

}  // namespace v2v::nbd
