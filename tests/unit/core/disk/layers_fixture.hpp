// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Disks of two layers for the tests of the copy: a source of random data and holes, an overlay with
// random changes, an empty target.
#pragma once

#include "../collecting_reporter.hpp"
#include "disk_fixture.hpp"

#include <core/copy/copy.hpp>
#include <core/disk/overlay.hpp>

namespace v2v::test {

class LayersTest : public DiskTest {
 protected:
  /// Stretches of noise, of text and of written zeroes, with holes between them.
  std::string random_raw(const std::string &name, std::uint64_t size, unsigned seed) {
    std::mt19937 random(seed);
    write_file(path(name), "");
    std::filesystem::resize_file(path(name), size);
    for (std::uint64_t at = 0; at < size; at += random() % (size / 8)) {
      const auto length = std::min<std::uint64_t>(1 + random() % (size / 12), size - at);
      std::string bytes(length, static_cast<char>(random() % 3 == 0 ? 0 : 'a'));
      if (random() % 2)
        for (auto &byte : bytes) byte = static_cast<char>(random());
      patch(path(name), at, bytes);
    }
    return path(name);
  }

  /// The same as a VMDK, or the raw file itself.
  Location source_of(const std::string &raw, const std::string &format) {
    if (format == "raw") return file(raw);
    return file(convert(raw, std::filesystem::path(raw).filename().string() + ".vmdk", "vmdk",
                        {"-o", "subformat=" + format}),
                "vmdk");
  }

  void change_randomly(const core::Overlay &overlay, unsigned seed, unsigned changes = 25) {
    std::mt19937 random(seed);
    std::vector<std::string> argv = {"qemu-io", "-f", "qcow2", "-d", "unmap"};
    for (unsigned i = 0; i < changes; ++i) {
      const auto sectors = overlay.virtual_size() / 512;
      const auto at = random() % sectors;
      const auto length =
          std::min<std::uint64_t>(1 + random() % (random() % 4 ? 300 : 3000), sectors - at);
      const char *what[] = {"write -P 91", "write -z -u", "discard", "write -P 0", "write -z"};
      argv.insert(argv.end(),
                  {"-c", std::string(what[random() % 5]) + " " + std::to_string(at * 512) + " " +
                             std::to_string(length * 512)});
    }
    argv.push_back(overlay.path().string());
    run(argv);
  }

  core::CopyJob job(const core::Overlay &overlay, unsigned disk,
                    const std::string &format = "raw") {
    core::CopyJob made;
    made.disk = disk;
    made.source = overlay.location();
    made.base = overlay.source();
    made.target =
        file(make_image("target" + std::to_string(disk), format, overlay.virtual_size()), format);
    made.target_is_zero = true;
    return made;
  }

  /// What the guest sees, by qemu.
  std::string content_by_qemu(const Location &location) {
    run({"qemu-img", "convert", "-f", location.format, "-O", "raw", location.path,
         path("by-qemu")});
    return read_file(path("by-qemu"));
  }
  void expect_copied(const core::CopyJob &job) {
    const auto expected = content_by_qemu(job.source);
    const auto actual =
        job.target.format == "raw" ? read_file(job.target.path) : content_by_qemu(job.target);
    EXPECT_EQ(expected.size(), actual.size());
    EXPECT_TRUE(expected == actual);
  }

  /// The line that says how a disk was copied.
  std::string way() const {
    for (const auto &line : reporter_.lines())
      if (line.find("copied by") != line.npos) return line;
    return {};
  }

  core::Cancellation never_;
  CollectingReporter reporter_;
};

}  // namespace v2v::test
