// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/error.hpp>
#include <v2v/images/image_reader.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace v2v::images {
namespace {

constexpr std::uint64_t largest_read = std::uint64_t(64) << 20;

}  // namespace

std::string_view Bytes::text(std::size_t at, std::size_t count) const {
  if (at > data_.size() || count > data_.size() - at)
    throw std::out_of_range("header field outside the bytes that were read");
  return std::string_view(data_).substr(at, count);
}

std::uint64_t Bytes::little(std::size_t at, std::size_t count) const {
  const auto field = text(at, count);
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(field[i]);
  return value;
}

std::uint64_t Bytes::big(std::size_t at, std::size_t count) const {
  std::uint64_t value = 0;
  for (const char byte : text(at, count)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

ImageReader::ImageReader(int fd, std::string name, std::uint64_t offset, std::uint64_t length)
    : fd_(fd), name_(std::move(name)), offset_(offset), size_(length) {
  const auto end = ::lseek(fd, 0, SEEK_END);
  if (end < 0)
    throw Error(Code::io, fmt::format("cannot find out its size: {}", std::strerror(errno)), name_);
  const auto file_size = static_cast<std::uint64_t>(end);
  if (offset > file_size || length > file_size - offset)
    throw Error(Code::corrupt,
                fmt::format("the disk at byte {} is {} bytes long, but the file has only {} bytes",
                            offset, length, file_size),
                name_, "copy or download the file again");
  if (length == 0) size_ = file_size - offset;
}

Bytes ImageReader::read(std::uint64_t at, std::uint64_t count) const {
  if (!holds(at, count))
    throw Error(
        Code::corrupt,
        fmt::format("the image is cut off: {} bytes at {} are missing, the file has {} bytes",
                    count, at, size_),
        name_, "copy or download the file again");
  if (count > largest_read)
    throw Error(Code::corrupt, fmt::format("its header names a table of {} bytes", count), name_);
  std::string data(count, '\0');
  for (std::size_t done = 0; done < data.size();) {
    const auto got = ::pread(fd_, data.data() + done, data.size() - done,
                             static_cast<off_t>(offset_ + at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      throw Error(Code::io,
                  fmt::format("cannot read {} bytes at {}: {}", count, at,
                              got < 0 ? std::strerror(errno) : "the file became shorter"),
                  name_);
    done += static_cast<std::size_t>(got);
  }
  return Bytes(std::move(data));
}

Bytes ImageReader::read_up_to(std::uint64_t at, std::uint64_t count) const {
  return at >= size_ ? Bytes({}) : read(at, std::min(count, size_ - at));
}

}  // namespace v2v::images
