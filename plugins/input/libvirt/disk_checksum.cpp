// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "disk_checksum.hpp"

#include <v2v/digest/digest.hpp>
#include <v2v/nbd/nbd_stream.hpp>
#include <v2v/nbd/qemu_nbd.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <optional>

namespace v2v::input_libvirt {
namespace {

using Json = nlohmann::json;
using OnFailure = libvirt::Checksum::OnFailure;

constexpr std::size_t piece = 1 << 20;

digest::Algorithm algorithm_of(const std::string &method, const std::string &name) {
  if (method == "md5") return digest::Algorithm::md5;
  if (method == "sha256") return digest::Algorithm::sha256;
  if (method == "sha512") return digest::Algorithm::sha512;
  throw Error(Code::usage,
              fmt::format("unknown method of its <checksum>: {}", text::printable(method)), name,
              "use md5, sha256 or sha512");
}

/// The image in qemu's words, each driver named.
std::string image_of(const Location &location, bool allow_references) {
  std::error_code ignored;
  Json image = {
      {"driver", std::filesystem::is_block_file(location.path, ignored) ? "host_device" : "file"},
      {"filename", std::filesystem::absolute(location.path).string()}};
  if (location.offset != 0 || location.length != 0) {
    image = {{"driver", "raw"}, {"offset", location.offset}, {"file", image}};
    if (location.length != 0) image["size"] = location.length;
  }
  image = {{"driver", location.format}, {"file", image}};
  if (!allow_references && location.format == "qcow2") image["backing"] = nullptr;
  return "json:" + image.dump();
}

/// What is done with one disk.
class DiskCheck {
 public:
  DiskCheck(const Host &host, const Disk &disk, unsigned index)
      : host_(host), disk_(disk), index_(index) {}

  std::string sum(digest::Algorithm algorithm, bool allow_references) const {
    const auto check_cancelled = [this] { host_.check_cancelled(); };
    const auto &location = disk_.location;
    if (location.type == Location::Type::uri) return sum_of(location.path, algorithm);
    const nbd::QemuNbd server(
        image_of(location, allow_references),
        host_.run_directory() + fmt::format("/checksum-{}", index_), "cannot read the disk",
        disk_.id, check_cancelled, [&](const std::string &log) {
          return Error(Code::io, "cannot read the disk for its checksum: " + text::printable(log),
                       disk_.id, "see whether the guest runs, and starts");
        });
    return sum_of(server.uri(), algorithm);
  }

 private:
  std::string sum_of(const std::string &uri, digest::Algorithm algorithm) const {
    digest::Digest digest(algorithm);
    nbd::NbdStream stream(uri, disk_.id, [this] { host_.check_cancelled(); });
    std::string buffer(piece, '\0');
    for (std::uint64_t done = 0; done < stream.size();) {
      host_.check_cancelled();
      if (const auto zeroes = stream.skip_zeroes(piece)) {
        digest.add_zeroes(zeroes);
        done += zeroes;
      } else {
        const auto count = stream.read(buffer.data(), buffer.size());
        if (count == 0) throw Error(Code::io, "the disk ends too early", disk_.id);
        digest.add(buffer.data(), count);
        done += count;
      }
      host_.progress(index_, done, stream.size());
    }
    return digest.finish();
  }

  const Host &host_;
  const Disk &disk_;
  unsigned index_;
};

}  // namespace

void check_disk_checksums(const Host &host, const std::vector<libvirt::DomainDisk> &disks,
                          const std::vector<Disk> &source, bool allow_references) {
  for (unsigned i = 0; i < disks.size(); ++i) {
    if (!disks[i].checksum) continue;
    const auto &[method, expected, on_failure] = *disks[i].checksum;
    const auto &name = source[i].id;
    const auto algorithm = algorithm_of(method, name);
    host.debug(fmt::format("{}: computing the {} sum", name, method));
    const auto actual = DiskCheck(host, source[i], i).sum(algorithm, allow_references);
    if (on_failure == OnFailure::print) {
      host.info(fmt::format("Checksum of disk {}/{}: {}", i + 1, disks.size(), actual));
      continue;
    }
    if (actual == text::lower(expected)) continue;
    const auto what = fmt::format(
        "bad checksum for disk {}/{}: the {} sum of what it holds is {}, and should be "
        "{} by the XML",
        i + 1, disks.size(), method, actual, text::printable(expected));
    if (on_failure == OnFailure::error)
      throw Error(Code::corrupt, what, name,
                  "copy the disk again, or put the <checksum> of the XML right");
    host.warning(name + ": " + what);
  }
}

}  // namespace v2v::input_libvirt
