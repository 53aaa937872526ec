// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Initramfs images: every compression, joined in any order, damaged, and hostile.
#include "initramfs_fixture.hpp"
#include "unpack.hpp"

#include <v2v/linux/initramfs_archive.hpp>

#include <gmock/gmock.h>

using namespace initramfs_test;
using namespace v2v;
using namespace v2v::linux;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

namespace {

/// Content that does not compress to nothing.
std::string noise(std::size_t size) {
  std::string text;
  unsigned state = 1;
  while (text.size() < size) {
    state = state * 1103515245u + 12345u;
    text += static_cast<char>(state >> 16 & 0x7f);
  }
  return text;
}

struct Format {
  const char *name;
  std::string (*pack)(const std::string &);
  bool readable_on;
};

template <AddFilter filter>
std::string with(const std::string &content) {
  return compressed(filter, content);
}

const Format formats[] = {
    {"cpio", [](const std::string &content) { return content; }, true},
    {"gzip", &with<archive_write_add_filter_gzip>, true},
    {"bzip2", &with<archive_write_add_filter_bzip2>, true},
    {"xz", &with<archive_write_add_filter_xz>, true},
    {"lzma", &with<archive_write_add_filter_lzma>, false},
    {"zstd", &with<archive_write_add_filter_zstd>, true},
    {"lz4", &with<archive_write_add_filter_lz4>, false},
    {"lz4 (legacy)", &lz4_legacy, false},
};

class EveryFormat : public testing::TestWithParam<Format> {
 protected:
  const std::string content_ = noise(40000);
  const std::string archive_ = Cpio().directory("bin").file("bin/sh", content_).close();
};

TEST_P(EveryFormat, IsRead) {
  const InitramfsArchive archive(GetParam().pack(archive_), "initrd");
  EXPECT_THAT(archive.read("/bin/sh"), Optional(std::string_view(content_)));
  ASSERT_EQ(archive.segments().size(), 1u);
  EXPECT_EQ(archive.segments()[0].packing, GetParam().name);
  EXPECT_EQ(archive.segments()[0].readable_on, GetParam().readable_on);
}

TEST_P(EveryFormat, EndsWhereTheNextSegmentBegins) {
  const auto packed = GetParam().pack(archive_);
  for (const auto &next : formats) {
    SCOPED_TRACE(next.name);
    // Padding to 4 is what boot loaders add; nothing at all is between segments of different tools.
    for (const bool padded : {true, false}) {
      if (!padded && (GetParam().pack == &lz4_legacy || std::string(next.name) == "cpio")) continue;
      auto image = packed;
      if (padded) pad(image);
      if (padded && GetParam().pack == &lz4_legacy) image.append(4, '\0');
      const auto offset = image.size();
      image += next.pack(Cpio().file("second", "x").close());
      const InitramfsArchive archive(image, "initrd");
      ASSERT_EQ(archive.segments().size(), 2u);
      EXPECT_EQ(archive.segments()[0].size, packed.size());
      EXPECT_EQ(archive.segments()[1].offset, offset);
      EXPECT_TRUE(archive.find("/bin/sh"));
      EXPECT_TRUE(archive.find("/second"));
    }
  }
}

TEST_P(EveryFormat, TruncatedIsCorrupt) {
  const auto packed = GetParam().pack(archive_);
  for (const auto size : {packed.size() / 2, packed.size() - 30, std::size_t{12}}) {
    SCOPED_TRACE(size);
    try {
      const InitramfsArchive archive(packed.substr(0, size), "initrd");
      FAIL();
    } catch (const Error &error) {
      EXPECT_EQ(error.code(), Code::corrupt);
      EXPECT_EQ(error.object(), "initrd");
      EXPECT_THAT(error.what(), HasSubstr("at byte"));
    }
  }
}

TEST_P(EveryFormat, FlippedBytesNeverCrash) {
  const auto packed = GetParam().pack(archive_);
  for (std::size_t i = 0; i < packed.size(); i += packed.size() / 31 + 1) {
    auto damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    try {
      const InitramfsArchive archive(damaged, "initrd");
    } catch (const Error &error) {
      EXPECT_TRUE(error.code() == Code::corrupt || error.code() == Code::unsupported);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat, testing::ValuesIn(formats));

TEST(InitramfsArchive, MicrocodeThenCompressedRest) {
  auto image = Cpio().file("kernel/x86/microcode/GenuineIntel.bin", noise(1000)).close();
  image.resize(4096);
  const auto rest = compressed(archive_write_add_filter_zstd, Cpio().file("init", "#!").close());
  const InitramfsArchive archive(image + rest, "initrd");
  EXPECT_EQ(archive.describe(), "cpio at 0, zstd at 4096");
  EXPECT_THAT(archive.read("/init"), Optional(std::string_view("#!")));
}

TEST(InitramfsArchive, TwoArchivesInOneCompressedSegment) {
  const auto both =
      Cpio().file("a", "1").close() + std::string(512, '\0') + Cpio().file("b", "2").close();
  const InitramfsArchive archive(compressed(archive_write_add_filter_gzip, both), "initrd");
  EXPECT_TRUE(archive.find("/a") && archive.find("/b"));
}

TEST(InitramfsArchive, LaterArchiveWins) {
  const InitramfsArchive archive(Cpio().file("a", "old").close() + Cpio().file("a", "new").close(),
                                 "initrd");
  EXPECT_THAT(archive.read("/a"), Optional(std::string_view("new")));
}

TEST(InitramfsArchive, AppendedBytesAreAsIfThereFromTheBeginning) {
  const auto image = Cpio().file("a", "1").close(), tail = Cpio().file("b", "2").close();
  InitramfsArchive archive(image, "initrd");
  archive.append(tail);
  EXPECT_THAT(archive.read("/a"), Optional(std::string_view("1")));
  EXPECT_THAT(archive.read("/b"), Optional(std::string_view("2")));
  EXPECT_TRUE(archive.is_same_image(image + tail));
  EXPECT_FALSE(archive.is_same_image(image));
  EXPECT_FALSE(archive.is_same_image(tail + image));
}

TEST(InitramfsArchive, LinksStayInside) {
  const InitramfsArchive archive(Cpio()
                                     .link("lib", "usr/lib")
                                     .file("usr/lib/x", "x")
                                     .link("up", "../../../usr/lib/x")
                                     .link("loop", "loop")
                                     .close(),
                                 "initrd");
  EXPECT_EQ(archive.resolve("/lib/new"), "/usr/lib/new");
  EXPECT_THAT(archive.read("/lib/x"), Optional(std::string_view("x")));
  EXPECT_THAT(archive.read("/up"), Optional(std::string_view("x")));
  EXPECT_FALSE(archive.find("/loop"));
  EXPECT_FALSE(archive.read("/lib"));
}

TEST(InitramfsArchive, HardLinksShareTheContentOfTheLast) {
  const InitramfsArchive archive(Cpio()
                                     .entry("a", 0100644, "", 3, 7)
                                     .entry("b", 0100644, "", 3, 7)
                                     .entry("c", 0100644, "data", 3, 7)
                                     .close(),
                                 "initrd");
  EXPECT_THAT(archive.read("/a"), Optional(std::string_view("data")));
  EXPECT_THAT(archive.read("/b"), Optional(std::string_view("data")));
}

TEST(InitramfsArchive, NamesThatLeadOutsideAreDropped) {
  const InitramfsArchive archive(
      Cpio().file("../escape", "x").file("/absolute", "x").file("./a/../../b", "x").close(),
      "initrd");
  std::vector<std::string> paths;
  for (const auto &[path, entry] : archive.entries()) paths.push_back(path);
  EXPECT_THAT(paths, ElementsAre("/absolute"));
}

std::string failure_of(const std::string &image) {
  try {
    const InitramfsArchive archive(image, "initrd");
    return "none";
  } catch (const Error &error) {
    return error.failure();
  }
}

TEST(InitramfsArchive, ErrorsSayWhereAndWhy) {
  const auto good = Cpio().file("a", "1").close();
  EXPECT_THAT(failure_of(""), HasSubstr("empty"));
  EXPECT_THAT(failure_of(std::string(512, '\0')), HasSubstr("empty"));
  EXPECT_THAT(failure_of("garbage!"), HasSubstr("neither a cpio archive nor a compressed one"));
  EXPECT_THAT(failure_of(good + "garbage!"), HasSubstr("at byte " + std::to_string(good.size())));
  EXPECT_THAT(failure_of(Cpio().file("a", "1").open()), HasSubstr("without a trailer"));
  EXPECT_THAT(failure_of("\x89LZO rest"), HasSubstr("lzop"));
  // The kernel does not look for a plain archive at other offsets either.
  EXPECT_THAT(failure_of(good + std::string(2, '\0') + good), HasSubstr("neither"));
  auto huge_name = good;
  huge_name.replace(94, 8, "7FFFFFFF");
  EXPECT_THAT(failure_of(huge_name), HasSubstr("impossible length"));
  auto huge_file = good;
  huge_file.replace(54, 8, "FFFFFFFF");
  EXPECT_THAT(failure_of(huge_file), HasSubstr("middle of a file"));
  auto no_number = good;
  no_number[20] = 'g';
  EXPECT_THAT(failure_of(no_number), HasSubstr("number"));
}

TEST(InitramfsArchive, CompressedGarbageIsNamed) {
  const auto message = failure_of(compressed(archive_write_add_filter_gzip, "no archive"));
  EXPECT_THAT(message, HasSubstr("gzip segment"));
  EXPECT_THAT(message, HasSubstr("no cpio header"));
}

TEST(Unpack, StopsAtTheBudget) {
  const std::string zeros(3 << 20, '\0');
  for (const auto &format : formats) {
    SCOPED_TRACE(format.name);
    if (std::string(format.name) == "cpio" || format.pack == &lz4_legacy) continue;
    const auto packed = format.pack(zeros);
    try {
      unpack(packing_of(packed), packed, 1 << 20);
      FAIL();
    } catch (const UnpackFailure &failure) {
      EXPECT_EQ(failure.code, Code::unsupported);
      EXPECT_THAT(failure.reason, HasSubstr("larger than 1 MiB"));
    }
  }
  const auto packed = lz4_legacy(std::string(8 << 20, '\0'));
  EXPECT_THROW(unpack(Packing::lz4_legacy, packed, 1 << 20), UnpackFailure);
}

}  // namespace
