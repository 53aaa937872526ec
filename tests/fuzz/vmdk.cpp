// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A VMDK from anywhere: opened, walked, its grains inflated, as the copy does it.
#include <core/disk/vmdk_stream.hpp>
#include <v2v/error.hpp>
#include <v2v/images/image.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace {

using namespace v2v;

/// Grains of one input: an image of some KiB has no more.
constexpr unsigned most_grains = 2000;

void read_grains(const core::VmdkStream &stream) {
  static const core::Inflater inflater;
  const core::Cancellation never;
  core::GrainCursor cursor(stream);
  std::vector<std::byte> scratch(stream.header().grain_size);
  unsigned count = 0;
  for (const auto *grains = &cursor.next(never); !grains->empty(); grains = &cursor.next(never))
    for (const auto &grain : *grains) {
      if (++count > most_grains) return;
      if (grain.start >= stream.size()) std::abort();
      std::vector<std::byte> stored(
          std::min(stream.longest_stored(), stream.reader().size() - grain.place));
      stream.read(stored, grain.place);
      const auto data = stream.decode(grain, stored, scratch, inflater);
      if (data.size() != stream.length(grain)) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  static const int fd = ::memfd_create("vmdk", MFD_CLOEXEC);
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, data, size, 0) != static_cast<ssize_t>(size))
    return 0;
  Location location;
  location.type = Location::Type::fd;
  location.fd = fd;
  location.format = "vmdk";
  try {
    images::read_header(images::ImageReader(fd, "vmdk"), "vmdk");
  } catch (const Error &) {
  }
  try {
    if (const auto stream = core::VmdkStream::open(location)) read_grains(*stream);
  } catch (const Error &) {
  }
  return 0;
}
