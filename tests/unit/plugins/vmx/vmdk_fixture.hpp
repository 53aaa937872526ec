// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// VMDK descriptors and the sparse extents of ESX, written by hand: nothing here can make the
// latter. Layouts: VMware, "Virtual Disk Format 5.0", and for seSparse what qemu reads.
#pragma once

#include "../../core/disk/disk_fixture.hpp"

#include <core/disk/qemu_location.hpp>
#include <v2v/images/vmdk_chain.hpp>

#include <map>
#include <nlohmann/json.hpp>

namespace v2v::test {

class VmdkTest : public DiskTest {
 protected:
  /// The location of a VMDK in the test's directory.
  Location locate(const std::string &vmdk, bool anywhere = false) {
    const images::Confinement confinement(directory_.path(), anywhere);
    const auto name = std::filesystem::path(vmdk).filename().string();
    const auto real = confinement.resolve(name, confinement.directory(), "the disk", "guest.vmx");
    return images::vmdk_location(images::read_vmdk_chain(real, confinement),
                                 staging_ / std::to_string(staged_++));
  }
  Error refusal(const std::string &vmdk, bool anywhere = false) {
    return error_of([&] { locate(vmdk, anywhere); });
  }

  std::string descriptor(const std::string &name, const std::vector<std::string> &extents,
                         const std::string &header = "") const {
    std::string text = "# Disk DescriptorFile\nversion=1\n" + header +
                       "\ncreateType=\"custom\"\n\n# Extent description\n";
    for (const auto &extent : extents) text += extent + "\n";
    write_file(path(name), text + "\nddb.adapterType = \"lsilogic\"\n");
    return path(name);
  }

  /// qemu-img writes the parent's absolute path; VMware writes its name.
  void make_hint_relative(const std::string &name, const std::string &parent) const {
    const auto content = read_file(path(name));
    const auto at = content.find("parentFileNameHint=\"");
    ASSERT_NE(at, content.npos);
    const auto end = content.find('\n', at);
    std::string line = "parentFileNameHint=\"" + parent + "\"";
    line.resize(end - at, ' ');
    patch(path(name), at, line);
  }

  /// The disk's size in bytes as qemu has it.
  static std::uint64_t qemu_size(const Location &location) {
    const auto info = run({"qemu-img", "info", "--output=json", core::qemu_filename(location)});
    return nlohmann::json::parse(info).at("virtual-size");
  }

  static std::string sectors(std::uint64_t count) { return std::string(count * 512, '\0'); }
  static void put(std::string &image, std::uint64_t at, std::uint64_t value, unsigned bytes) {
    image.replace(at, bytes, little_endian(value, bytes));
  }

  /// COWD with grains of one sector; each given sector is filled with a letter.
  static std::string esx_sparse(std::uint64_t capacity, const std::map<unsigned, char> &filled) {
    const std::uint64_t tables = (capacity + 4095) / 4096, directory = 4, first_table = 8;
    auto image = sectors(first_table + tables * 32);
    image.replace(0, 4, "COWD");
    const std::uint64_t fields[] = {1, 3, capacity, 1, directory, tables};
    for (unsigned i = 0; i < 6; ++i) put(image, 4 + 4 * i, fields[i], 4);
    for (std::uint64_t i = 0; i < tables; ++i)
      put(image, directory * 512 + 4 * i, first_table + 32 * i, 4);
    for (const auto &[sector, letter] : filled) {
      put(image, first_table * 512 + 4 * sector, image.size() / 512, 4);
      image += std::string(512, letter);
    }
    return image;
  }

  /// seSparse with its grains of 4 KiB; each given grain is filled with a letter.
  static std::string se_sparse(std::uint64_t capacity, const std::map<unsigned, char> &filled) {
    constexpr std::uint64_t state = 1, directory = 8, tables = 16, grains = 80;
    auto image = sectors(grains);
    put(image, 0, 0xcafebabe, 8);
    put(image, 8, 0x200000001, 8);
    put(image, 16, capacity, 8);
    put(image, 24, 8, 8);
    put(image, 32, 64, 8);
    put(image, 80, state, 8);
    put(image, 88, 1, 8);
    put(image, 128, directory, 8);
    put(image, 136, 1, 8);
    put(image, 144, tables, 8);
    put(image, 152, 64, 8);
    put(image, 192, grains, 8);
    put(image, state * 512, 0xcafecafe, 8);
    put(image, directory * 512, 0x1000000000000000, 8);  // the first table is allocated
    std::uint64_t number = 0;
    for (const auto &[grain, letter] : filled) {
      // Allocated (3), then the low 12 bits of its number, then the others.
      put(image, tables * 512 + 8 * grain, 0x3000000000000000 | number++ << 48, 8);
      image += std::string(4096, letter);
    }
    return image;
  }

  const std::filesystem::path staging_ = directory_ / "staging";
  unsigned staged_ = 0;
};

/// qemu reads the same bytes at the location as in the raw image.
#define EXPECT_SAME_CONTENT(location_expression, raw)                                \
  do {                                                                               \
    core::Command compare;                                                           \
    compare.argv = {"qemu-img", "compare", core::qemu_filename(location_expression), \
                    core::qemu_filename(file(raw))};                                 \
    const auto result = compare.run();                                               \
    EXPECT_EQ(result.status, 0) << result.out << result.error;                       \
  } while (false)

}  // namespace v2v::test
