// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See unpack.hpp. Every format is one loop over the same growing buffer.
#include "unpack.hpp"

#include <bzlib.h>
#include <fmt/format.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

namespace v2v::linux {
namespace {

constexpr std::uint64_t max_dictionary = 256u << 20;  ///< bytes
constexpr int max_window_log = 27;                    ///< 128 MiB, the most that zstd itself makes
constexpr std::size_t first_guess = 4u << 20;

[[noreturn]] void corrupt(const std::string &reason) {
  throw UnpackFailure{Code::corrupt, reason};
}
[[noreturn]] void truncated() {
  corrupt("it ends in the middle");
}

/// Content that grows up to the budget.
class Content {
 public:
  explicit Content(std::size_t budget) : budget_(budget) {}

  /// Makes room; never returns without any.
  void grow() {
    if (used_ < bytes_.size()) return;
    if (used_ >= budget_)
      throw UnpackFailure{Code::unsupported,
                          fmt::format("it is larger than {} MiB when unpacked", budget_ >> 20)};
    bytes_.resize(std::min(budget_, std::max(first_guess, used_ * 2)));
  }
  char *free() { return bytes_.data() + used_; }
  std::size_t room() const { return bytes_.size() - used_; }
  /// For libraries that count in 32 bits.
  unsigned room32() const { return static_cast<unsigned>(std::min<std::size_t>(room(), 1u << 30)); }
  void used(std::size_t bytes) { used_ += bytes; }
  Bytes take() {
    bytes_.resize(used_);
    return std::move(bytes_);
  }

 private:
  Bytes bytes_;
  std::size_t used_ = 0;
  const std::size_t budget_;
};

unsigned size32(std::string_view data) {
  return static_cast<unsigned>(std::min<std::size_t>(data.size(), 1u << 30));
}

std::size_t unpack_gzip(std::string_view data, Content &content) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) corrupt("zlib cannot start");
  const std::unique_ptr<z_stream, int (*)(z_stream *)> end(&stream, &inflateEnd);
  std::size_t consumed = 0;
  for (int status = Z_OK; status != Z_STREAM_END;) {
    content.grow();
    const auto rest = data.substr(consumed);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(rest.data()));
    const auto offered = stream.avail_in = size32(rest);
    stream.next_out = reinterpret_cast<Bytef *>(content.free());
    const auto room = stream.avail_out = content.room32();
    status = inflate(&stream, Z_NO_FLUSH);
    consumed += offered - stream.avail_in;
    content.used(room - stream.avail_out);
    if (status == Z_BUF_ERROR && consumed == data.size()) truncated();
    if (status != Z_OK && status != Z_STREAM_END)
      corrupt(stream.msg ? stream.msg : "not a gzip stream");
  }
  return consumed;
}

std::size_t unpack_bzip2(std::string_view data, Content &content) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) corrupt("libbz2 cannot start");
  const std::unique_ptr<bz_stream, int (*)(bz_stream *)> end(&stream, &BZ2_bzDecompressEnd);
  std::size_t consumed = 0;
  for (int status = BZ_OK; status != BZ_STREAM_END;) {
    content.grow();
    const auto rest = data.substr(consumed);
    stream.next_in = const_cast<char *>(rest.data());
    const auto offered = stream.avail_in = size32(rest);
    stream.next_out = content.free();
    const auto room = stream.avail_out = content.room32();
    status = BZ2_bzDecompress(&stream);
    consumed += offered - stream.avail_in;
    content.used(room - stream.avail_out);
    if (status != BZ_OK && status != BZ_STREAM_END)
      corrupt(fmt::format("libbz2 reports error {}", status));
    if (status == BZ_OK && consumed == data.size() && stream.avail_out == room) truncated();
  }
  return consumed;
}

std::size_t unpack_lzma(Packing packing, std::string_view data, Content &content) {
  lzma_stream stream = LZMA_STREAM_INIT;
  const std::unique_ptr<lzma_stream, void (*)(lzma_stream *)> end(&stream, &lzma_end);
  const auto started = packing == Packing::xz ? lzma_stream_decoder(&stream, max_dictionary, 0)
                                              : lzma_alone_decoder(&stream, max_dictionary);
  if (started != LZMA_OK) corrupt("liblzma cannot start");
  stream.next_in = reinterpret_cast<const std::uint8_t *>(data.data());
  stream.avail_in = data.size();
  for (lzma_ret status = LZMA_OK; status != LZMA_STREAM_END;) {
    content.grow();
    stream.next_out = reinterpret_cast<std::uint8_t *>(content.free());
    const auto room = stream.avail_out = content.room();
    status = lzma_code(&stream, LZMA_RUN);
    content.used(room - stream.avail_out);
    if (status == LZMA_BUF_ERROR) truncated();
    if (status == LZMA_MEMLIMIT_ERROR)
      throw UnpackFailure{Code::unsupported, "its dictionary is larger than 256 MiB"};
    if (status != LZMA_OK && status != LZMA_STREAM_END)
      corrupt(fmt::format("liblzma reports error {}", static_cast<int>(status)));
  }
  return data.size() - stream.avail_in;
}

std::size_t unpack_zstd(std::string_view data, Content &content) {
  const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream *)> stream(ZSTD_createDStream(),
                                                                              &ZSTD_freeDStream);
  if (!stream) corrupt("libzstd cannot start");
  ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, max_window_log);
  ZSTD_inBuffer in{data.data(), data.size(), 0};
  for (std::size_t status = 1; status != 0;) {
    content.grow();
    ZSTD_outBuffer out{content.free(), content.room(), 0};
    const auto before = in.pos;
    status = ZSTD_decompressStream(stream.get(), &out, &in);
    content.used(out.pos);
    if (ZSTD_isError(status)) corrupt(ZSTD_getErrorName(status));
    if (status != 0 && in.pos == before && out.pos == 0 && in.pos == in.size) truncated();
  }
  return in.pos;
}

std::size_t unpack_lz4_frame(std::string_view data, Content &content) {
  LZ4F_dctx *context = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
    corrupt("liblz4 cannot start");
  const std::unique_ptr<LZ4F_dctx, std::size_t (*)(LZ4F_dctx *)> end(
      context, &LZ4F_freeDecompressionContext);
  std::size_t consumed = 0;
  for (std::size_t status = 1; status != 0;) {
    content.grow();
    std::size_t out = content.room(), in = data.size() - consumed;
    status = LZ4F_decompress(context, content.free(), &out, data.data() + consumed, &in, nullptr);
    if (LZ4F_isError(status)) corrupt(LZ4F_getErrorName(status));
    consumed += in;
    content.used(out);
    if (status != 0 && in == 0 && out == 0) truncated();
  }
  return consumed;
}

/// The format of "lz4 -l", the only one of lz4 that the kernel reads: a magic number, then blocks
/// of 8 MiB, each preceded by the size it is packed to. It has no end mark; it ends with the file,
/// at zeros, or at what cannot be a block's size.
std::size_t unpack_lz4_legacy(std::string_view data, Content &content) {
  constexpr std::size_t block = 8u << 20;
  const auto largest = static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(block)));
  std::size_t consumed = 4;
  const auto word = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i)
      value |= static_cast<std::uint32_t>(static_cast<unsigned char>(data[at + i])) << (8 * i);
    return value;
  };
  while (data.size() - consumed >= 4) {
    const std::size_t size = word(consumed);
    if (packing_of(data.substr(consumed)) == Packing::lz4_legacy) {
      consumed += 4;  // joined archives: the kernel reads on as well
      continue;
    }
    if (size == 0 || size > largest) break;
    if (data.size() - consumed - 4 < size) truncated();
    std::string text(block, '\0');
    const int got = LZ4_decompress_safe(data.data() + consumed + 4, text.data(),
                                        static_cast<int>(size), static_cast<int>(block));
    if (got < 0) corrupt(fmt::format("damaged lz4 block {} bytes into it", consumed));
    for (std::size_t done = 0; done < static_cast<std::size_t>(got);) {
      content.grow();
      const auto part = std::min(content.room(), static_cast<std::size_t>(got) - done);
      std::copy_n(text.data() + done, part, content.free());
      content.used(part);
      done += part;
    }
    consumed += 4 + size;
  }
  return consumed;
}

/// Bytes of the input that belong to the stream.
std::size_t unpack_into(Packing packing, std::string_view data, Content &content) {
  switch (packing) {
    case Packing::gzip:
      return unpack_gzip(data, content);
    case Packing::bzip2:
      return unpack_bzip2(data, content);
    case Packing::lzma:
    case Packing::xz:
      return unpack_lzma(packing, data, content);
    case Packing::zstd:
      return unpack_zstd(data, content);
    case Packing::lz4_frame:
      return unpack_lz4_frame(data, content);
    case Packing::lz4_legacy:
      return unpack_lz4_legacy(data, content);
    case Packing::lzop:
    case Packing::none:
      break;
  }
  throw UnpackFailure{Code::unsupported,
                      fmt::format("{} cannot be unpacked here", packing_name(packing))};
}

}  // namespace

void Bytes::resize(std::size_t size) {
  if (size > capacity_) {
    std::unique_ptr<char[]> larger(new char[size]);
    std::copy_n(memory_.get(), size_, larger.get());
    memory_ = std::move(larger);
    capacity_ = size;
  }
  size_ = size;
}

Packing packing_of(std::string_view data) {
  using namespace std::string_view_literals;
  const auto begins = [&](std::string_view magic) { return data.substr(0, magic.size()) == magic; };
  if (begins("\x1f\x8b"sv)) return Packing::gzip;
  if (begins("BZh"sv)) return Packing::bzip2;
  if (begins("\x5d\x00\x00"sv)) return Packing::lzma;
  if (begins("\xfd"
             "7zXZ\x00"sv))
    return Packing::xz;
  if (begins("\x89LZO"sv)) return Packing::lzop;
  if (begins("\x02\x21\x4c\x18"sv)) return Packing::lz4_legacy;
  if (begins("\x04\x22\x4d\x18"sv)) return Packing::lz4_frame;
  if (begins("\x28\xb5\x2f\xfd"sv)) return Packing::zstd;
  return Packing::none;
}

const char *packing_name(Packing packing) {
  switch (packing) {
    case Packing::none:
      return "cpio";
    case Packing::gzip:
      return "gzip";
    case Packing::bzip2:
      return "bzip2";
    case Packing::lzma:
      return "lzma";
    case Packing::xz:
      return "xz";
    case Packing::lzop:
      return "lzop";
    case Packing::lz4_legacy:
      return "lz4 (legacy)";
    case Packing::lz4_frame:
      return "lz4";
    case Packing::zstd:
      return "zstd";
  }
  return "unknown";
}

Unpacked unpack(Packing packing, std::string_view data, std::size_t budget) {
  Content content(budget);
  const auto consumed = unpack_into(packing, data, content);
  return {content.take(), consumed};
}

}  // namespace v2v::linux
