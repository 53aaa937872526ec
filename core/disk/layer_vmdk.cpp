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
constexpr std::size_t most_pieces = 128;

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
    for (; at_ < grains_->size() && batch.size() < most_pieces; ++at_) {
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

}  // namespace v2v::core
