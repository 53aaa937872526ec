// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Layers whose bytes lie open in a file: a raw source, or what an overlay changed.
#pragma once

#include <core/disk/layer.hpp>
#include <core/run/file_descriptor.hpp>

#include <span>

namespace v2v::core {

class FileLayer : public Layer {
 public:
  void copy(const Batch &batch, Scratch &scratch, const LayerSink &sink) const override;

 protected:
  FileLayer(FileDescriptor file, std::string name)
      : file_(std::move(file)), name_(std::move(name)) {}
  int fd() const { return file_.get(); }
  const std::string &name() const { return name_; }

 private:
  virtual void read(std::span<std::byte> bytes, std::uint64_t place) const = 0;

  FileDescriptor file_;
  std::string name_;
};

/// A raw disk: a file, a block device, or a part of one. Its holes are not read.
class RawLayer : public FileLayer {
 public:
  /// @throws Error(corrupt) if the part is not inside the file; as open_for_reading
  static std::unique_ptr<RawLayer> open(const Location &location);

  std::string how() const override;
  std::unique_ptr<LayerWalk> walk() const override;
  Stretch stretch(std::uint64_t at, std::uint64_t end,
                  const Cancellation &cancellation) const override;
  void read_at(std::uint64_t at, std::span<std::byte> bytes, Scratch &scratch,
               const Cancellation &cancellation) const override;

 private:
  RawLayer(FileDescriptor file, std::string name, std::uint64_t offset, std::uint64_t size)
      : FileLayer(std::move(file), std::move(name)), offset_(offset), size_(size) {}

  void read(std::span<std::byte> bytes, std::uint64_t place) const override;

  std::uint64_t offset_, size_;
};

/// The data among changes, in the overlay's file.
class ChangesLayer : public FileLayer {
 public:
  /// @param changes  must outlive it
  ChangesLayer(const Location &overlay, const Changes &changes);

  std::string how() const override;
  std::unique_ptr<LayerWalk> walk() const override;
  Stretch stretch(std::uint64_t at, std::uint64_t end,
                  const Cancellation &cancellation) const override;
  void read_at(std::uint64_t at, std::span<std::byte> bytes, Scratch &scratch,
               const Cancellation &cancellation) const override;

 private:
  void read(std::span<std::byte> bytes, std::uint64_t place) const override;

  const Changes &changes_;
};

}  // namespace v2v::core
