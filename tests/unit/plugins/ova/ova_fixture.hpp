// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the tests of -i ova share: a host that remembers what it is told, a small OVF, and archives
// made by the programs that make them everywhere, or byte by byte where a hostile one is needed.
#pragma once

#include "../../core/disk/disk_fixture.hpp"

#include <fmt/format.h>
#include <ova_input.hpp>

#include <atomic>
#include <mutex>

namespace v2v::test {

class OvaTest : public DiskTest {
 protected:
  OvaTest() : run_directory_(path("run")) {
    std::filesystem::create_directory(run_directory_);
    table_.size = sizeof table_;
    table_.context = this;
    table_.log = [](const v2v_host *host, std::int32_t level, const char *message) {
      auto &test = self(host);
      const std::lock_guard lock(test.mutex_);
      if (level == V2V_LOG_WARNING) test.warnings_.emplace_back(message);
    };
    table_.progress = [](const v2v_host *host, std::uint32_t, std::uint64_t done,
                         std::uint64_t total) {
      EXPECT_LE(done, total);
      self(host).last_progress_ = {done, total};
    };
    table_.cancelled = [](const v2v_host *host) -> std::int32_t { return self(host).cancelled_; };
    table_.run_directory = [](const v2v_host *host) { return self(host).run_directory_.c_str(); };
  }

  std::unique_ptr<input_ova::OvaInput> input(const std::string &argument) {
    InputRequest request;
    request.arguments = {argument};
    request.options = options_;
    return std::make_unique<input_ova::OvaInput>(Host(&table_), request);
  }
  /// Opens and verifies.
  Source open(const std::string &argument) {
    const auto ova = input(argument);
    auto source = ova->open();
    ova->verify();
    return source;
  }
  Error refusal(const std::string &argument) {
    return error_of([&] { open(argument); });
  }

  /// A disk of the OVF: its file, and more attributes of File or Disk.
  struct File {
    std::string href, file_attributes = {}, disk_attributes = "ovf:capacity='8388608'";
  };
  static std::string ovf(const std::vector<File> &files, const std::string &more = {}) {
    std::string references, disks, items;
    for (std::size_t i = 0; i < files.size(); ++i) {
      references += fmt::format("<File ovf:href='{}' ovf:id='f{}' {}/>", files[i].href, i,
                                files[i].file_attributes);
      disks += fmt::format("<Disk ovf:diskId='d{0}' ovf:fileRef='f{0}' {1}/>", i,
                           files[i].disk_attributes);
      items += fmt::format(
          "<Item><rasd:HostResource>ovf:/disk/d{}</rasd:HostResource>"
          "<rasd:InstanceID>{}</rasd:InstanceID><rasd:ResourceType>17</rasd:ResourceType></Item>",
          i, i + 10);
    }
    return fmt::format(
        "<Envelope xmlns='http://schemas.dmtf.org/ovf/envelope/1' xmlns:ovf='o' xmlns:rasd='r'>"
        "<References>{}</References><DiskSection>{}</DiskSection>"
        "<VirtualSystem ovf:id='guest'><VirtualHardwareSection>"
        "<Item><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType>"
        "<rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item>"
        "<Item><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType>"
        "<rasd:VirtualQuantity>512</rasd:VirtualQuantity></Item>"
        "{}{}</VirtualHardwareSection></VirtualSystem></Envelope>",
        references, disks, items, more);
  }

  /// The folder that archives are made from.
  std::string folder(const std::string &name = {}) const {
    return (directory_ / "src" / name).string();
  }
  void put(const std::string &name, const std::string &content) const {
    write_file(folder(name), content);
  }
  /// A streamOptimized VMDK with random data in the folder; returns its bytes.
  std::string put_vmdk(const std::string &name, std::uint64_t data = mebibyte) const {
    std::filesystem::create_directories(folder());
    const auto raw = make_raw("raw", 8 * mebibyte, data);
    convert(raw, "stream.vmdk", "vmdk", {"-o", "subformat=streamOptimized"});
    put(name, read_file(path("stream.vmdk")));
    return read_file(path("stream.vmdk"));
  }
  static std::string sum_line(const std::string &algorithm, const std::string &name,
                              const std::string &file) {
    auto program = algorithm + "sum";
    for (auto &c : program) c = static_cast<char>(std::tolower(c));
    const auto output = run({program, file});
    return fmt::format("{}({})= {}\n", algorithm, name, output.substr(0, output.find(' ')));
  }
  /// tar OPTIONS -f NAME of files of the folder.
  std::string tar(const std::string &name, const std::vector<std::string> &files,
                  const std::vector<std::string> &options = {"--format=ustar"}) const {
    std::vector<std::string> argv = {"tar", "-C", folder(), "-cf", path(name)};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.insert(argv.end(), files.begin(), files.end());
    run(argv);
    return path(name);
  }
  /// The bytes at which a location points.
  static std::string bytes_at(const Location &location) {
    auto bytes = read_file(location.path).substr(location.offset);
    return location.length ? bytes.substr(0, location.length) : bytes;
  }

  static OvaTest &self(const v2v_host *host) { return *static_cast<OvaTest *>(host->context); }

  v2v_host table_ = {};
  Options options_;
  std::string run_directory_;
  std::mutex mutex_;
  std::vector<std::string> warnings_;
  std::atomic<int> cancelled_ = 0;
  std::pair<std::uint64_t, std::uint64_t> last_progress_;
};

/// A header of a ustar archive with the right checksum.
struct TarHeader {
  std::string name = "file";
  std::uint64_t size = 0;
  char type = '0';
  std::string link = {};
  std::string raw_size = {};  ///< instead of `size`: 12 bytes

  std::string bytes() const {
    std::string block(512, '\0');
    const auto set = [&](std::size_t at, const std::string &text) {
      block.replace(at, text.size(), text);
    };
    set(0, name.substr(0, 100));
    set(100, "0000644");
    set(108, "0000000");
    set(116, "0000000");
    set(124, raw_size.empty() ? fmt::format("{:011o}", size) : raw_size);
    set(136, "00000000000");
    block[156] = type;
    set(157, link);
    set(257, std::string("ustar\0", 6) + "00");
    set(148, "        ");
    unsigned sum = 0;
    for (const unsigned char c : block) sum += c;
    set(148, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
    return block;
  }
};

/// Header, data, and zeroes up to the next block.
inline std::string tar_member(TarHeader header, const std::string &data) {
  header.size = data.size();
  return header.bytes() + data + std::string((512 - data.size() % 512) % 512, '\0');
}
inline std::string tar_end() {
  return std::string(1024, '\0');
}

}  // namespace v2v::test
