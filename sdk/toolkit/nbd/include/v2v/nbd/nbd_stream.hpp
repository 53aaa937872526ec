// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What an NBD server serves, from its first byte to its last, for an upload that wants it in order. A
// thread of its own reads ahead with several requests under way, into a ring of buffers; where the
// server tells of zeroes, they are not read. The memory it takes is that ring.
//
// Made, read and ended by one thread; its own thread ends with it.
#pragma once

#include <v2v/error.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct nbd_handle;

namespace v2v::nbd {

class NbdStream {
 public:
  /// Connects.
  /// @param uri              nbd+unix:///?socket=… or another one of libnbd's
  /// @param name             what messages call it
  /// @param check_cancelled  called several times a second while the reader waits; may throw
  /// @throws Error(io) if the server refuses or does not answer in time
  NbdStream(const std::string &uri, std::string name, std::function<void()> check_cancelled);
  ~NbdStream();
  NbdStream(const NbdStream &) = delete;
  NbdStream &operator=(const NbdStream &) = delete;

  std::uint64_t size() const { return size_; }
  /// The next bytes: at least one, unless the end is reached or `room` is 0.
  /// @throws Error(io) if the server fails or does not answer in time
  std::size_t read(char *buffer, std::size_t room);
  /// Passes over up to `most` bytes that the server says are zero. What follows may be more of them.
  /// @return how many; 0 if the next one has to be read, or the end is reached
  /// @throws as read()
  std::uint64_t skip_zeroes(std::uint64_t most);

 private:
  struct Piece {
    std::uint64_t length = 0;
    bool zero = false, ready = false;
    std::int64_t cookie = -1;  ///< of the request under way
    std::vector<char> data;
  };
  struct Extent {
    std::uint64_t end = 0;
    bool zero = false;
  };

  const Piece &first_piece(std::unique_lock<std::mutex> &lock);
  void pass(std::uint64_t count);
  void read_ahead() noexcept;
  std::unique_ptr<Piece> next_piece();
  void add_piece();
  Extent extent_at(std::uint64_t at);
  void ask_extents(std::uint64_t at);
  void ask(Piece &piece);
  void collect();
  template <class Done>
  void wait(Done done);
  [[noreturn]] void fail() const;

  nbd_handle *nbd_;
  const std::string name_;
  const std::function<void()> check_cancelled_;
  std::uint64_t size_ = 0;

  // The thread's own.
  std::uint64_t asked_ = 0;  ///< where the next piece begins
  bool tells_extents_ = false;
  std::deque<Extent> extents_;     ///< what the server has told, from `asked_` on
  std::uint64_t extents_end_ = 0;  ///< of the last one
  std::vector<Piece *> under_way_;

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Piece>> ring_;
  bool ending_ = false;
  std::exception_ptr failure_;

  // The reader's own.
  std::uint64_t delivered_ = 0;
  std::size_t taken_ = 0;  ///< bytes it has of the first piece

  std::thread thread_;
};

}  // namespace v2v::nbd
