// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/nbd_connection.hpp>

#include <core/disk/qemu_location.hpp>

#include <fmt/format.h>
#include <libnbd.h>

#include <algorithm>

namespace v2v::core {
namespace {

constexpr int wait_milliseconds = 100;  ///< until the user's wish is looked for again
/// Of one question for extents: a request's length has 32 bits, and is to be a multiple of any block.
constexpr std::uint64_t most_asked = std::uint64_t{1} << 31;
/// libnbd's own macro for this is C.
constexpr nbd_completion_callback uncalled = {nullptr, nullptr, nullptr};
constexpr std::uint32_t reads_as_zero = LIBNBD_STATE_ZERO;

/// Of one question, as libnbd hands it to the callback.
struct Answer {
  std::uint64_t at, end;
  std::vector<NbdConnection::Extent> extents = {};
};

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

NbdConnection::NbdConnection(const Location &location, const Cancellation &cancellation)
    : name_(display_name(location)), handle_(nbd_create(), nbd_close) {
  auto *nbd = handle_.get();
  if (!nbd) throw std::bad_alloc();
  if (nbd_set_uri_allow_transports(nbd, LIBNBD_ALLOW_TRANSPORT_TCP | LIBNBD_ALLOW_TRANSPORT_UNIX) !=
          0 ||
      nbd_set_uri_allow_tls(nbd, LIBNBD_TLS_DISABLE) != 0 ||
      nbd_add_meta_context(nbd, LIBNBD_CONTEXT_BASE_ALLOCATION) != 0 ||
      nbd_aio_connect_uri(nbd, location.path.c_str()) != 0)
    fail("cannot connect");
  while (nbd_aio_is_connecting(nbd) == 1) wait(cancellation);
  if (nbd_aio_is_ready(nbd) != 1) fail("cannot connect");
}

void NbdConnection::wait(const Cancellation &cancellation) const {
  cancellation.check();
  if (nbd_poll(handle_.get(), wait_milliseconds) < 0) fail("the connection broke");
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
  Answer answer{at, std::min(end, at + most_asked)};
  const nbd_extent_callback callback = {take_extents, &answer, nullptr};
  const auto cookie = nbd_aio_block_status(nbd, answer.end - at, at, callback, uncalled, 0);
  if (cookie < 0) fail("cannot ask what is where on the disk");
  for (;;) {
    const int state = nbd_aio_command_completed(nbd, static_cast<std::uint64_t>(cookie));
    if (state < 0) fail("cannot learn what is where on the disk");
    if (state == 1) break;
    wait(cancellation);
  }
  if (answer.extents.empty()) return {{answer.end, true}};
  return answer.extents;
}

void NbdConnection::read(std::span<const Read> reads, std::span<std::byte> memory, const Done &done,
                         const Cancellation &cancellation) const {
  struct Slot {
    std::span<std::byte> room;
    std::uint64_t at = 0, cookie = 0;  ///< cookie 0: not under way
    std::size_t length = 0;
  };
  std::vector<Slot> slots;
  for (auto rest = memory; rest.size() >= most_read; rest = rest.subspan(most_read))
    slots.push_back({rest.first(most_read)});
  auto *nbd = handle_.get();
  const auto refuse = [&](const Slot &slot) {
    fail(fmt::format("cannot read {} bytes at byte {}", slot.length, slot.at));
  };
  for (std::size_t next = 0, flying = 0; next < reads.size() || flying != 0;) {
    bool moved = false;
    for (auto &slot : slots) {
      if (slot.cookie != 0) {
        const int state = nbd_aio_command_completed(nbd, slot.cookie);
        if (state < 0) refuse(slot);
        if (state == 0) continue;
        slot.cookie = 0;
        --flying;
        moved = true;
        done(slot.at, slot.room.first(slot.length));
      }
      if (next == reads.size()) continue;
      slot.at = reads[next].at;
      slot.length = reads[next++].length;
      const auto cookie = nbd_aio_pread(nbd, slot.room.data(), slot.length, slot.at, uncalled, 0);
      if (cookie < 0) refuse(slot);
      slot.cookie = static_cast<std::uint64_t>(cookie);
      ++flying;
      moved = true;
    }
    if (!moved) wait(cancellation);
  }
}

}  // namespace v2v::core
