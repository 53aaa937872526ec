// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/layer_vmdk.hpp>

#include <core/copy/layer_sink.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr std::uint64_t most_stored = 1 << 20;  ///< bytes of the image in a batch, and one grain
/// What follows in the image is mostly the next batches.
constexpr std::uint64_t read_ahead = 4 * most_stored;
constexpr std::size_t most_grains = 128;

bool is_visible(const Changes &above, const Piece &piece) {
  bool visible = false;
  for_unchanged(above, piece.start, piece.length,
                [&](std::uint64_t, std::uint64_t) { visible = true; });
  return visible;
}

class VmdkWalk : public LayerWalk {
 public:
  explicit VmdkWalk(const VmdkStream &stream) : stream_(stream), cursor_(stream) {}

  Batch next(const Changes &above, const Cancellation &cancellation) override {
    Batch batch;
    while (batch.empty()) {
      if (!grains_ || at_ == grains_->size()) {
        grains_ = &cursor_.next(cancellation);
        at_ = 0;
        if (grains_->empty()) break;
      }
      fill(batch, above);
    }
    return batch;
  }

 private:
  /// Grains without a gap between them, so that one read gets all.
  void fill(Batch &batch, const Changes &above) {
    for (; at_ < grains_->size() && batch.size() < most_grains; ++at_) {
      const auto piece = piece_of(at_);
      if (!is_visible(above, piece)) continue;
      if (!batch.empty()) {
        const auto end = batch.back().place + batch.back().stored;
        if (piece.place != end || end - batch.front().place >= most_stored) break;
      }
      batch.push_back(piece);
    }
  }

  Piece piece_of(std::size_t index) const {
    const auto &grain = (*grains_)[index];
    auto end = std::min(grain.place + stream_.longest_stored(), stream_.reader().size());
    if (index + 1 < grains_->size()) end = std::min(end, (*grains_)[index + 1].place);
    return {grain.start, stream_.length(grain), grain.place, end - grain.place};
  }

  const VmdkStream &stream_;
  GrainCursor cursor_;
  const std::vector<Grain> *grains_ = nullptr;
  std::size_t at_ = 0;
};

}  // namespace

std::string VmdkLayer::how() const {
  return fmt::format("the source is a VMDK of {}grains of {} KiB",
                     stream_.header().compressed ? "compressed " : "",
                     stream_.header().grain_size / 1024);
}

std::unique_ptr<LayerWalk> VmdkLayer::walk() const {
  return std::make_unique<VmdkWalk>(stream_);
}

void VmdkLayer::copy(const Batch &batch, Scratch &scratch, const LayerSink &sink) const {
  const auto from = batch.front().place;
  const auto size = batch.back().place + batch.back().stored - from;
  if (scratch.stored.size() < size) scratch.stored.resize(size);
  if (scratch.data.size() < stream_.header().grain_size)
    scratch.data.resize(stream_.header().grain_size);
  const auto stored = std::span(scratch.stored).first(size);
  stream_.will_read(from + size, read_ahead);
  stream_.read(stored, from);
  for (const auto &piece : batch)
    sink.write(piece.start, stream_.decode({piece.start, piece.place},
                                           stored.subspan(piece.place - from, piece.stored),
                                           scratch.data, scratch.inflater));
}

Stretch VmdkLayer::stretch(std::uint64_t at, std::uint64_t end,
                           const Cancellation &cancellation) const {
  const auto first = stream_.find(at);
  auto next = first.end;
  while (next < end) {
    cancellation.check();
    const auto found = stream_.find(next);
    if (found.grain.has_value() != first.grain.has_value()) break;
    next = found.end;
  }
  return {std::min(next, end), first.grain.has_value()};
}

void VmdkLayer::read_at(std::uint64_t at, std::span<std::byte> bytes, Scratch &scratch,
                        const Cancellation &) const {
  const auto grain_size = stream_.header().grain_size;
  if (scratch.stored.size() < stream_.longest_stored())
    scratch.stored.resize(stream_.longest_stored());
  if (scratch.data.size() < grain_size) scratch.data.resize(grain_size);
  while (!bytes.empty()) {
    const auto found = stream_.find(at);
    const auto skip = at % grain_size;
    const auto part = bytes.first(std::min<std::uint64_t>(bytes.size(), found.end - at));
    if (found.grain) {
      const auto stored = std::span(scratch.stored)
                              .first(std::min(stream_.longest_stored(),
                                              stream_.reader().size() - found.grain->place));
      stream_.read(stored, found.grain->place);
      const auto data = stream_.decode(*found.grain, stored, scratch.data, scratch.inflater);
      std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(skip), part.size(), part.begin());
    } else {
      std::fill(part.begin(), part.end(), std::byte{0});
    }
    at += part.size();
    bytes = bytes.subspan(part.size());
  }
}

}  // namespace v2v::core
