// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Kernels in the shape of a bzImage around an ELF file with or without an entry for PVH.
#include <core/guest/appliance_kernel.hpp>

#include "../temporary_directory.hpp"

#include <elf.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <v2v/process/process.hpp>

#include <cstring>

namespace v2v::core {
namespace {

template <class T>
void put(std::string &bytes, std::size_t at, const T &value) {
  if (bytes.size() < at + sizeof value) bytes.resize(at + sizeof value);
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

/// An ELF file with a note of Xen's of this type, and 3 MiB behind it.
std::string elf(std::uint32_t note) {
  std::string bytes;
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_phoff = sizeof header;
  header.e_phnum = 1;
  put(bytes, 0, header);
  Elf64_Phdr segment{};
  segment.p_type = PT_NOTE;
  segment.p_offset = sizeof header + sizeof segment;
  segment.p_filesz = 2 * (sizeof(Elf64_Nhdr) + 4 + 8);
  put(bytes, sizeof header, segment);
  for (const auto type : {std::uint32_t{6}, note}) {
    put(bytes, bytes.size(), Elf64_Nhdr{4, 8, type});
    bytes += std::string("Xen\0\1\2\3\4\5\6\7\0", 12);
  }
  return bytes + std::string(3 << 20, 'k');
}

std::string packed(const std::string &content, const std::string &packer) {
  const test::TemporaryDirectory directory;
  test::write_file(directory / "kernel", content);
  process::Command command{{packer, "-c", directory / "kernel"}};
  return command.run().out;
}

std::string bz_image(const std::string &payload, std::uint32_t unpacked_length) {
  constexpr std::size_t code = 5 * 512;  // no number of sectors stands for four, and the first one
  std::string image(code + 100, '\0');
  image.replace(0x202, 4, "HdrS");
  put(image, 0x206, std::uint16_t{0x20f});
  put(image, 0x248, std::uint32_t{100});
  put(image, 0x24c, static_cast<std::uint32_t>(payload.size() + 4));
  image += payload;
  put(image, image.size(), unpacked_length);
  return image + std::string(1000, 'c');
}

std::string kernel(const std::string &content, const std::string &packer = "xz") {
  auto payload = packed(content, packer);
  if (packer == "gzip") payload.resize(payload.size() - 4);  // it ends in the length itself
  return bz_image(payload, static_cast<std::uint32_t>(content.size()));
}

constexpr std::uint32_t pvh = 18;

TEST(UnpackKernel, FindsTheElfFileInside) {
  for (const std::string packer : {"xz", "zstd", "gzip"})
    EXPECT_EQ(unpack_kernel(kernel(elf(pvh), packer)), elf(pvh)) << packer;
}

TEST(UnpackKernel, LeavesWhatQemuCannotStart) {
  EXPECT_EQ(unpack_kernel(kernel(elf(5))), std::nullopt);
  EXPECT_EQ(unpack_kernel(kernel("not an ELF file")), std::nullopt);
}

TEST(UnpackKernel, LeavesWhatIsNotWholeOrNoKernel) {
  const auto whole = kernel(elf(pvh));
  for (const std::size_t size : {std::size_t{0}, std::size_t{0x202}, std::size_t{0x24a},
                                 std::size_t{5 * 512}, whole.size() - 1100})
    EXPECT_EQ(unpack_kernel(whole.substr(0, size)), std::nullopt) << size;
  EXPECT_EQ(unpack_kernel(bz_image(packed(elf(pvh), "xz"), 12)), std::nullopt);
  EXPECT_EQ(unpack_kernel(bz_image(elf(pvh), 12)), std::nullopt);
  EXPECT_EQ(unpack_kernel(elf(pvh)), std::nullopt);
}

class UnpackedKernel : public ::testing::Test {
 protected:
  UnpackedKernel() {
    test::write_file(appliance / "kernel", kernel(elf(pvh)));
    for (const auto &path : {directory.path(), appliance}) ::chmod(path.c_str(), 0755);
  }
  test::TemporaryDirectory directory;
  const std::filesystem::path appliance = directory / "appliance.d";
};

TEST_F(UnpackedKernel, IsKeptForTheNextRun) {
  const auto first = unpacked_kernel(appliance);
  ASSERT_TRUE(first);
  EXPECT_EQ(test::read_file(*first), elf(pvh));
  test::write_file(*first, "kept");
  EXPECT_EQ(unpacked_kernel(appliance), first);
  EXPECT_EQ(test::read_file(*first), "kept");
}

TEST_F(UnpackedKernel, IsMadeAnewForAnotherKernel) {
  const auto first = unpacked_kernel(appliance);
  test::write_file(appliance / "kernel", kernel(elf(pvh) + "a newer one"));
  const auto second = unpacked_kernel(appliance);
  ASSERT_TRUE(first && second);
  EXPECT_NE(first, second);
  EXPECT_FALSE(std::filesystem::exists(*first));
}

TEST_F(UnpackedKernel, IsNotUsedAgainOnceRefused) {
  const auto path = unpacked_kernel(appliance);
  ASSERT_TRUE(path);
  refuse_unpacked_kernel(*path);
  EXPECT_EQ(unpacked_kernel(appliance), std::nullopt);
}

TEST_F(UnpackedKernel, IsNotTakenFromWhereOthersCanWrite) {
  ASSERT_TRUE(unpacked_kernel(appliance));
  ::chmod(directory.path().c_str(), 0777);
  EXPECT_EQ(unpacked_kernel(appliance), std::nullopt);
}

TEST_F(UnpackedKernel, IsNotThereBeforeTheFirstAppliance) {
  EXPECT_EQ(unpacked_kernel(directory / "none"), std::nullopt);
  std::filesystem::remove(appliance / "kernel");
  EXPECT_EQ(unpacked_kernel(appliance), std::nullopt);
}

}  // namespace
}  // namespace v2v::core
