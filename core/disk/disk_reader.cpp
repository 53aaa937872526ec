// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/disk_reader.hpp>

#include <algorithm>

namespace v2v::core {

const Change *DiskReader::change_at_or_after(std::uint64_t at) const {
  const auto &changes = disk_->changes().changes;
  const auto found = std::upper_bound(changes.begin(), changes.end(), at,
                                      [](std::uint64_t place, const Change &change) {
                                        return place < change.start + change.length;
                                      });
  return found == changes.end() ? nullptr : &*found;
}

Stretch DiskReader::stretch(std::uint64_t at, std::uint64_t end,
                            const Cancellation &cancellation) const {
  const auto *change = change_at_or_after(at);
  if (change && change->start <= at)
    return {std::min(end, change->start + change->length), !change->zero};
  return disk_->base().stretch(at, change ? std::min(end, change->start) : end, cancellation);
}

void DiskReader::read(std::uint64_t at, std::span<std::byte> bytes, Scratch &scratch,
                      const Cancellation &cancellation) const {
  while (!bytes.empty()) {
    const auto *change = change_at_or_after(at);
    const bool changed = change && change->start <= at;
    const auto [end, data] = stretch(at, at + bytes.size(), cancellation);
    const auto part = bytes.first(end - at);
    if (!data)
      std::fill(part.begin(), part.end(), std::byte{0});
    else if (changed)
      disk_->top().read_at(change->place + (at - change->start), part, scratch, cancellation);
    else
      disk_->base().read_at(at, part, scratch, cancellation);
    at += part.size();
    bytes = bytes.subspan(part.size());
  }
}

}  // namespace v2v::core
