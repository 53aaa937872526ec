// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A VMDK of grains as a layer: grains that lie side by side in the image are read together, front
// to back, and inflated by as many threads as there are.
#pragma once

#include <core/disk/layer.hpp>

namespace v2v::core {

class VmdkLayer : public Layer {
 public:
  explicit VmdkLayer(VmdkStream stream) : stream_(std::move(stream)) {}

  std::string how() const override;
  std::unique_ptr<LayerWalk> walk() const override;
  void copy(const Batch &batch, Scratch &scratch, const LayerSink &sink) const override;
  Stretch stretch(std::uint64_t at, std::uint64_t end,
                  const Cancellation &cancellation) const override;
  void read_at(std::uint64_t at, std::span<std::byte> bytes, Scratch &scratch,
               const Cancellation &cancellation) const override;

 private:
  VmdkStream stream_;
};

}  // namespace v2v::core
