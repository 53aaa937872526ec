// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A file descriptor that is closed with its owner; -1 is none. Private to the toolkit.
#pragma once

#include <unistd.h>

namespace v2v::toolkit {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  int get() const { return fd_; }
  void close() {
    if (fd_ != -1) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

}  // namespace v2v::toolkit
