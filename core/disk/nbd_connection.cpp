// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/nbd_connection.hpp>

#include <core/disk/qemu_location.hpp>

#include <fmt/format.h>
#include <libnbd.h>

#include <algorithm>
#include <bit>

namespace v2v::core {
namespace {

constexpr int wait_milliseconds = 100;  ///< until the user's wish is looked for again
/// Of one question for extents: a request's length has 32 bits, and is to be a multiple of any block.
constexpr std::uint64_t most_asked = std::uint64_t{1} << 31;
/// libnbd's own macro for this is C.
constexpr nbd_completion_callback uncalled = {nullptr, nullptr, nullptr};
constexpr std::uint64_t memory_of_a_read = 1 << 20;
/// The most that the protocol allows a server to ask for.
constexpr std::uint64_t most_block = 64 * 1024;
constexpr std::uint32_t reads_as_zero = LIBNBD_STATE_ZERO;

/// Of one question, as libnbd hands it to the callback.
struct Answer {
  std::uint64_t at, end;
  std::vector<NbdConnection::Extent> extents = {};
};

std::uint64_t round_down(std::uint64_t value, std::uint64_t block) {
  return value - value % block;
}
std::uint64_t round_up(std::uint64_t value, std::uint64_t block) {
  return round_down(value + block - 1, block);
}

int take_extents(void *user_data, const char *context, std::uint64_t, std::uint32_t *entries,
                 std::size_t count, int *) {
  if (std::string_view(context) != LIBNBD_CONTEXT_BASE_ALLOCATION) return 0;
  auto &answer = *static_cast<Answer *>(user_data);
  auto at = answer.extents.empty() ? answer.at : answer.extents.back().end;
  for (std::size_t i = 0; i + 1 < count && at < answer.end; i += 2) {
    // An answer may reach beyond what was asked; an extent without length would never end.
    at = std::min<std::uint64_t>(at + entries[i], answer.end);
    if (entries[i] == 0) break;
    answer.extents.push_back({at, (entries[i + 1] & reads_as_zero) == 0});
  }
  return 0;
}

}  // namespace

bool NbdConnection::fits(const Location &location) {
  return location.type == Location::Type::uri && location.format == "raw" && location.offset == 0 &&
         location.length == 0 &&
         (location.path.starts_with("nbd://") || location.path.starts_with("nbd+unix://"));
}

NbdConnection::NbdConnection(const Location &location, const Cancellation &cancellation,
                             std::chrono::milliseconds patience)
    : name_(display_name(location)), patience_(patience), handle_(nbd_create(), nbd_close) {
  auto *nbd = handle_.get();
  if (!nbd) throw std::bad_alloc();
  if (nbd_set_uri_allow_transports(nbd, LIBNBD_ALLOW_TRANSPORT_TCP | LIBNBD_ALLOW_TRANSPORT_UNIX) !=
          0 ||
      nbd_set_uri_allow_tls(nbd, LIBNBD_TLS_DISABLE) != 0 ||
      nbd_add_meta_context(nbd, LIBNBD_CONTEXT_BASE_ALLOCATION) != 0 ||
      nbd_aio_connect_uri(nbd, location.path.c_str()) != 0)
    fail("cannot connect");
  const auto begun = Clock::now();
  while (nbd_aio_is_connecting(nbd) == 1) wait(cancellation, begun);
  if (nbd_aio_is_ready(nbd) != 1) fail("cannot connect");
  keep_to_block_sizes();
}

void NbdConnection::keep_to_block_sizes() {
  // Where the server does not say, libnbd answers 0.
  const auto least = nbd_get_block_size(handle_.get(), LIBNBD_SIZE_MINIMUM);
  const auto most = nbd_get_block_size(handle_.get(), LIBNBD_SIZE_MAXIMUM);
  if (least > 0) block_ = static_cast<std::uint64_t>(least);
  most_read_ = memory_of_a_read;
  if (most > 0) most_read_ = std::min(most_read_, std::bit_floor(static_cast<std::uint64_t>(most)));
  if (!std::has_single_bit(block_) || block_ > most_block || most_read_ < block_)
    throw Error(
        Code::unsupported,
        fmt::format("the server wants reads of at least {} and at most {} bytes", least, most),
        name_, "serve the disk with other block sizes, with nbdkit --filter=blocksize");
}

void NbdConnection::wait(const Cancellation &cancellation, Clock::time_point since) const {
  cancellation.check();
  if (nbd_poll(handle_.get(), wait_milliseconds) < 0) fail("the connection broke");
  if (Clock::now() - since > patience_)
    throw Error(Code::io,
                fmt::format("the server has said nothing for {} s",
                            std::chrono::duration_cast<std::chrono::seconds>(patience_).count()),
                name_, "see whether the server still runs, and what it says");
}

void NbdConnection::fail(const std::string &what) const {
  const char *reason = nbd_get_error();
  throw Error(Code::io,
              fmt::format("{}: {}", what, reason ? reason : "the server closed the connection"),
              name_, "see whether the server still runs, and what it says");
}

std::uint64_t NbdConnection::size() const {
  const auto size = nbd_get_size(handle_.get());
  if (size < 0) fail("the server does not say how large the disk is");
  return static_cast<std::uint64_t>(size);
}

bool NbdConnection::can_have_others() const {
  return nbd_can_multi_conn(handle_.get()) == 1;
}

std::vector<NbdConnection::Extent> NbdConnection::extents(std::uint64_t at, std::uint64_t end,
                                                          const Cancellation &cancellation) const {
  auto *nbd = handle_.get();
  if (nbd_can_meta_context(nbd, LIBNBD_CONTEXT_BASE_ALLOCATION) != 1) return {{end, true}};
  Answer answer{round_down(at, block_), std::min(size(), round_up(end, block_))};
  answer.end = std::min(answer.end, answer.at + most_asked);
  const nbd_extent_callback callback = {take_extents, &answer, nullptr};
  const auto cookie =
      nbd_aio_block_status(nbd, answer.end - answer.at, answer.at, callback, uncalled, 0);
  if (cookie < 0) fail("cannot ask what is where on the disk");
  for (const auto begun = Clock::now();;) {
    const int state = nbd_aio_command_completed(nbd, static_cast<std::uint64_t>(cookie));
    if (state < 0) fail("cannot learn what is where on the disk");
    if (state == 1) break;
    wait(cancellation, begun);
  }
  // Only what was asked for, and so no end before its beginning.
  std::vector<Extent> extents;
  for (const auto &extent : answer.extents)
    if (extent.end > at && (extents.empty() || extents.back().end < end))
      extents.push_back({std::min(extent.end, end), extent.data});
  if (extents.empty()) return {{std::min(answer.end, end), true}};
  return extents;
}

void NbdConnection::read(std::span<const Part> parts, std::span<std::byte> memory, const Done &done,
                         const Cancellation &cancellation) const {
  struct Slot {
    std::span<std::byte> room;
    std::uint64_t cookie = 0;  ///< 0: not under way
    Part part = {};            ///< that is wanted
    Part asked = {};           ///< the same in whole blocks
  };
  std::vector<Slot> slots;
  for (auto rest = memory; rest.size() >= most_read_; rest = rest.subspan(most_read_))
    slots.push_back({rest.first(most_read_)});
  auto rest = parts.begin();
  std::uint64_t begun = 0;  // bytes of the first of the rest
  // The next request. They end at multiples of their size: so a block of zeroes is seen as a whole, and
  // whole blocks of the server have room.
  const auto next = [&] {
    const auto at = rest->at + begun;
    const auto length = std::min(most_read_ - at % most_read_, rest->length - begun);
    begun += length;
    if (begun == rest->length) {
      ++rest;
      begun = 0;
    }
    return Part{at, length};
  };
  std::size_t flying = 0;
  for (auto since = Clock::now(); rest != parts.end() || flying != 0;) {
    bool moved = false;
    for (auto &slot : slots) {
      if (slot.cookie != 0) {
        if (!completed(slot.cookie, slot.part)) continue;
        slot.cookie = 0;
        --flying;
        moved = true;
        done(slot.part.at, slot.room.subspan(slot.part.at - slot.asked.at, slot.part.length));
      }
      if (rest == parts.end()) continue;
      slot.part = next();
      slot.asked.at = round_down(slot.part.at, block_);
      slot.asked.length =
          std::min(size(), round_up(slot.part.at + slot.part.length, block_)) - slot.asked.at;
      slot.cookie = begin(slot.room.first(slot.asked.length), slot.asked.at);
      ++flying;
      moved = true;
    }
    if (moved)
      since = Clock::now();
    else
      wait(cancellation, since);
  }
}

std::uint64_t NbdConnection::begin(std::span<std::byte> room, std::uint64_t at) const {
  const auto cookie = nbd_aio_pread(handle_.get(), room.data(), room.size(), at, uncalled, 0);
  if (cookie < 0) fail(fmt::format("cannot read {} bytes at byte {}", room.size(), at));
  return static_cast<std::uint64_t>(cookie);
}

bool NbdConnection::completed(std::uint64_t cookie, const Part &part) const {
  const int state = nbd_aio_command_completed(handle_.get(), cookie);
  if (state < 0) fail(fmt::format("cannot read {} bytes at byte {}", part.length, part.at));
  return state == 1;
}

}  // namespace v2v::core
