// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/layer_file.hpp>

#include <core/copy/layer_sink.hpp>
#include <core/disk/file_io.hpp>
#include <core/disk/qemu_location.hpp>

#include <v2v/images/image_reader.hpp>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr std::uint64_t file_batch_bytes = 8 << 20;
constexpr std::size_t most_file_pieces = 128;
/// Of one read. Small enough to be in the processor's cache when it is written.
constexpr std::uint64_t read_bytes = 256 * 1024;

class RawWalk : public LayerWalk {
 public:
  RawWalk(int fd, const std::string &name, std::uint64_t offset, std::uint64_t size)
      : fd_(fd), name_(name), offset_(offset), end_(offset + size), at_(offset) {}

  Batch next(const Changes &, const Cancellation &cancellation) override {
    cancellation.check();
    const auto data = next_data(fd_, at_, end_);
    const auto length = std::min(data.end - data.begin, file_batch_bytes);
    at_ = data.begin + length;
    if (length == 0) {
      // A file that has been cut off would look as if zeroes followed.
      const auto size = ::lseek(fd_, 0, SEEK_END);
      if (size < 0 || static_cast<std::uint64_t>(size) < end_)
        throw Error(Code::io, "the file became shorter while it was read", name_);
      return {};
    }
    return {{data.begin - offset_, length, data.begin, length}};
  }

 private:
  int fd_;
  const std::string &name_;
  std::uint64_t offset_, end_, at_;
};

class ChangesWalk : public LayerWalk {
 public:
  explicit ChangesWalk(const Changes &changes) : changes_(changes.changes) {}

  Batch next(const Changes &, const Cancellation &) override {
    Batch batch;
    std::uint64_t bytes = 0;
    while (index_ < changes_.size() && bytes < file_batch_bytes &&
           batch.size() < most_file_pieces) {
      const auto &change = changes_[index_];
      const auto length =
          change.zero ? 0 : std::min(change.length - done_, file_batch_bytes - bytes);
      if (length != 0)
        batch.push_back({change.start + done_, length, change.place + done_, length});
      bytes += length;
      done_ += length;
      if (change.zero || done_ == change.length) {
        ++index_;
        done_ = 0;
      }
    }
    return batch;
  }

 private:
  const std::vector<Change> &changes_;
  std::size_t index_ = 0;
  std::uint64_t done_ = 0;  ///< bytes of that change
};

}  // namespace

void FileLayer::copy(const Batch &batch, Scratch &scratch, const LayerSink &sink) const {
  if (scratch.stored.size() < read_bytes) scratch.stored.resize(read_bytes);
  const auto copy_visible = [&](const Piece &piece, std::uint64_t start, std::uint64_t length) {
    const auto place = piece.place + (start - piece.start);
    if (sink.clone(start, length, fd(), place)) return;
    will_read(fd(), place, length);
    for (std::uint64_t done = 0; done < length;) {
      // The reads end where blocks end, so that a block of zeroes is seen as a whole.
      const auto step = std::min(read_bytes - (start + done) % read_bytes, length - done);
      const auto bytes = std::span(scratch.stored).first(step);
      read(bytes, place + done);
      sink.write(start + done, bytes);
      done += step;
    }
  };
  for (const auto &piece : batch)
    sink.for_visible(piece.start, piece.length, [&](std::uint64_t start, std::uint64_t length) {
      copy_visible(piece, start, length);
    });
}

std::unique_ptr<RawLayer> RawLayer::open(const Location &location) {
  auto file = open_for_reading(location);
  const auto name = display_name(location);
  const images::ImageReader reader(file.get(), name, location.offset, location.length);
  return std::unique_ptr<RawLayer>(
      new RawLayer(std::move(file), name, location.offset, reader.size()));
}

std::string RawLayer::how() const {
  return "the source is a raw file or device";
}

std::unique_ptr<LayerWalk> RawLayer::walk() const {
  return std::make_unique<RawWalk>(fd(), name(), offset_, size_);
}

Stretch RawLayer::stretch(std::uint64_t at, std::uint64_t end, const Cancellation &) const {
  const auto data = next_data(fd(), offset_ + at, offset_ + end);
  if (data.empty()) return {end, false};
  return data.begin == offset_ + at ? Stretch{data.end - offset_, true}
                                    : Stretch{data.begin - offset_, false};
}

void RawLayer::read_at(std::uint64_t at, std::span<std::byte> bytes, Scratch &,
                       const Cancellation &) const {
  read(bytes, offset_ + at);
}

void RawLayer::read(std::span<std::byte> bytes, std::uint64_t place) const {
  read_fully(fd(), bytes, place, name());
}

ChangesLayer::ChangesLayer(const Location &overlay, const Changes &changes)
    : FileLayer(open_for_reading(overlay), display_name(overlay)), changes_(changes) {}

std::string ChangesLayer::how() const {
  return "changes read from the overlay";
}

std::unique_ptr<LayerWalk> ChangesLayer::walk() const {
  return std::make_unique<ChangesWalk>(changes_);
}

// Its file is one stretch: what is where on the disk is in the changes.
Stretch ChangesLayer::stretch(std::uint64_t, std::uint64_t end, const Cancellation &) const {
  return {end, true};
}

void ChangesLayer::read_at(std::uint64_t at, std::span<std::byte> bytes, Scratch &,
                           const Cancellation &) const {
  read(bytes, at);
}

void ChangesLayer::read(std::span<std::byte> bytes, std::uint64_t place) const {
  read_or_zero(fd(), bytes, place, name());
}

}  // namespace v2v::core
