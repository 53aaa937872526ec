// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Notices that somebody else writes to the source while it is converted: then the overlay, and what
// was already copied, no longer fit together. qemu's locks keep other qemus away and nobody else.
#pragma once

#include <v2v/values.hpp>

#include <sys/stat.h>

#include <vector>

namespace v2v::core {

class SourceWatch {
 public:
  SourceWatch() = default;
  /// Remembers every disk that is a regular file; of devices and servers nothing can be told.
  explicit SourceWatch(const Source &source);
  /// @throws Error(corrupt) if one of them was changed, replaced or removed since
  void check() const;

 private:
  struct Seen {
    Location location;
    struct stat state;
  };
  std::vector<Seen> files_;
};

}  // namespace v2v::core
