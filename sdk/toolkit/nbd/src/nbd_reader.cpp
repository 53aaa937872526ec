// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/nbd/nbd_reader.hpp>

#include "nbd_wait.hpp"

#include <libnbd.h>

#include <algorithm>

namespace v2v::nbd {

using namespace std::chrono_literals;

NbdReader::NbdReader(const std::filesystem::path &socket, std::string name,
                     std::function<void()> check_cancelled)
    : nbd_(::nbd_create()), name_(std::move(name)), check_cancelled_(std::move(check_cancelled)) {
  if (!nbd_) throw Error(Code::io, "cannot connect: no memory", name_);
  try {
    if (::nbd_aio_connect_unix(nbd_, socket.c_str()) < 0) fail();
    wait([this] { return ::nbd_aio_is_connecting(nbd_) == 0; });
    if (::nbd_aio_is_ready(nbd_) != 1) fail();
    const auto bytes = ::nbd_get_size(nbd_);
    if (bytes < 0) fail();
    size_ = static_cast<std::uint64_t>(bytes);
  } catch (...) {
    ::nbd_close(nbd_);
    throw;
  }
}

NbdReader::~NbdReader() {
  ::nbd_close(nbd_);
}

std::string NbdReader::read_up_to(std::uint64_t at, std::uint64_t count) {
  if (at >= size_) return {};
  std::string data(std::min(count, size_ - at), '\0');
  const auto cookie =
      ::nbd_aio_pread(nbd_, data.data(), data.size(), at, nbd_completion_callback{}, 0);
  if (cookie < 0) fail();
  int done = 0;
  wait([&] {
    done = ::nbd_aio_command_completed(nbd_, static_cast<std::uint64_t>(cookie));
    return done != 0;
  });
  if (done < 0) fail();
  return data;
}

template <class Done>
void NbdReader::wait(Done done) {
  wait_until(nbd_, name_, {60s, 200}, check_cancelled_, done);
}

void NbdReader::fail() const {
  fail_to_read(name_);
}

}  // namespace v2v::nbd
