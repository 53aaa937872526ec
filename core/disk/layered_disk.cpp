// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/layered_disk.hpp>

#include <core/disk/layer_file.hpp>
#include <core/disk/layer_nbd.hpp>
#include <core/disk/layer_vmdk.hpp>

namespace v2v::core {
namespace {

constexpr std::uint64_t cluster = 64 * 1024;

std::unique_ptr<const Layer> open_base(const Location &base, const Cancellation &cancellation) {
  if (NbdConnection::fits(base)) return std::make_unique<NbdLayer>(base, cancellation);
  if (base.type == Location::Type::uri) return nullptr;
  if (base.format == "raw") return RawLayer::open(base);
  if (auto stream = VmdkStream::open(base)) return std::make_unique<VmdkLayer>(std::move(*stream));
  return nullptr;
}

}  // namespace

LayeredDisk::LayeredDisk(const Location &overlay, std::unique_ptr<const Layer> base,
                         Changes changes, const Cancellation &cancellation)
    : base_(std::move(base)),
      changes_(std::move(changes)),
      top_(std::make_unique<ChangesLayer>(overlay, changes_)) {
  for (const auto &change : changes_.changes)
    if (!change.zero) count(change.start, change.length);
  const auto walk = base_->walk();
  for (auto batch = walk->next(changes_, cancellation); !batch.empty();
       batch = walk->next(changes_, cancellation))
    for (const auto &piece : batch)
      for_unchanged(changes_, piece.start, piece.length,
                    [&](std::uint64_t start, std::uint64_t length) { count(start, length); });
}

void LayeredDisk::count(std::uint64_t start, std::uint64_t length) {
  const auto first = start / cluster, end = (start + length + cluster - 1) / cluster;
  data_ += length;
  clusters_ += end - first - (first + 1 == next_cluster_ ? 1 : 0);
  next_cluster_ = end;
}

std::shared_ptr<const LayeredDisk> LayeredDisk::open(const Location &overlay, const Location &base,
                                                     const Cancellation &cancellation) {
  auto source = open_base(base, cancellation);
  if (!source) return nullptr;
  auto changes = map_changes(overlay, cancellation);
  if (!changes) return nullptr;
  return std::shared_ptr<const LayeredDisk>(
      new LayeredDisk(overlay, std::move(source), std::move(*changes), cancellation));
}

}  // namespace v2v::core
