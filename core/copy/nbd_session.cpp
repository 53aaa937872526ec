// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/copy/nbd_session.hpp>

#include <endian.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace v2v::core {
namespace {

// Named as in the protocol's document, without their NBD_.
constexpr std::uint64_t magic = 0x4e42444d41474943, i_have_opt = 0x49484156454f5054,
                        reply_magic = 0x3e889045565a9;
constexpr std::uint32_t request_magic = 0x25609513, simple_reply_magic = 0x67446698,
                        structured_reply_magic = 0x668e33ef;
constexpr std::uint16_t flag_fixed_newstyle = 1, flag_no_zeroes = 2;
constexpr std::uint16_t flag_has_flags = 1, flag_read_only = 2, flag_can_multi_conn = 0x100;
constexpr std::uint16_t export_flags = flag_has_flags | flag_read_only | flag_can_multi_conn;
constexpr std::uint32_t opt_export_name = 1, opt_abort = 2, opt_list = 3, opt_info = 6, opt_go = 7,
                        opt_structured_reply = 8, opt_list_meta_context = 9,
                        opt_set_meta_context = 10;
constexpr std::uint32_t rep_ack = 1, rep_server = 2, rep_info = 3, rep_meta_context = 4;
constexpr std::uint32_t rep_err_unsup = 0x80000001, rep_err_invalid = 0x80000003,
                        rep_err_unknown = 0x80000006;
constexpr std::uint16_t info_export = 0, info_block_size = 3;
constexpr std::uint16_t cmd_read = 0, cmd_write = 1, cmd_disc = 2, cmd_flush = 3, cmd_trim = 4,
                        cmd_write_zeroes = 6, cmd_block_status = 7, cmd_flag_req_one = 8;
constexpr std::uint16_t reply_flag_done = 1;
constexpr std::uint16_t reply_none = 0, reply_offset_data = 1, reply_block_status = 5,
                        reply_error_chunk = 0x8001;
constexpr std::uint32_t state_data = 0, state_hole_and_zero = 3;
constexpr std::uint32_t error_perm = 1, error_io = 5, error_invalid = 22;

constexpr const char *allocation = "base:allocation";
constexpr std::uint32_t allocation_id = 1;
constexpr std::uint32_t most_option_bytes = 64 * 1024;  // a name has 4 KiB at most
constexpr std::uint32_t most_request_bytes = 32 << 20;  // what the document calls usual
constexpr std::uint32_t preferred_request_bytes = 1 << 20;
constexpr std::size_t most_extents = 4096;  // in one answer

std::uint16_t to_wire(std::uint16_t number) {
  return htobe16(number);
}
std::uint32_t to_wire(std::uint32_t number) {
  return htobe32(number);
}
std::uint64_t to_wire(std::uint64_t number) {
  return htobe64(number);
}

using Message = std::vector<std::byte>;

template <class Integer>
void put(Message &bytes, Integer number) {
  const auto wire = to_wire(number);
  const auto *begin = reinterpret_cast<const std::byte *>(&wire);
  bytes.insert(bytes.end(), begin, begin + sizeof wire);
}

void put(Message &bytes, std::string_view text) {
  const auto *begin = reinterpret_cast<const std::byte *>(text.data());
  bytes.insert(bytes.end(), begin, begin + text.size());
}

}  // namespace

struct NbdSession::Option {
  std::uint32_t number;
  std::string data;

  /// The 32 bits at a place; nothing: the data ends before.
  std::optional<std::uint32_t> number_at(std::size_t at) const {
    std::uint32_t wire = 0;
    if (data.size() < sizeof wire || at > data.size() - sizeof wire) return std::nullopt;
    std::memcpy(&wire, data.data() + at, sizeof wire);
    return be32toh(wire);
  }
  /// A text with its length before it.
  std::optional<std::string> text_at(std::size_t at) const {
    const auto length = number_at(at);
    if (!length || *length > data.size() - at - 4) return std::nullopt;
    return data.substr(at + 4, *length);
  }
};

struct NbdSession::Request {
  std::uint16_t flags, type;
  std::uint64_t handle, offset;
  std::uint32_t length;
};

void NbdSession::receive(void *bytes, std::size_t size) {
  auto *at = static_cast<char *>(bytes);
  while (size != 0) {
    const auto got = ::recv(socket_, at, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw Gone();
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

void NbdSession::send(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) throw Gone();
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

template <class Integer>
Integer NbdSession::receive_number() {
  Integer wire = 0;
  receive(&wire, sizeof wire);
  return to_wire(wire);
}

void NbdSession::serve() {
  try {
    if (!negotiate()) return;
    for (;;) {
      if (receive_number<std::uint32_t>() != request_magic) return;
      Request request = {};
      request.flags = receive_number<std::uint16_t>();
      request.type = receive_number<std::uint16_t>();
      request.handle = receive_number<std::uint64_t>();
      request.offset = receive_number<std::uint64_t>();
      request.length = receive_number<std::uint32_t>();
      // What follows a write cannot be skipped with certainty; nobody writes to a read-only export.
      if (request.type == cmd_disc || request.type == cmd_write) return;
      answer(request);
    }
  } catch (const Gone &) {  // as clients end
  }
}

// ---- Handshake --------------------------------------------------------------------------------

bool NbdSession::negotiate() {
  Message hello;
  put(hello, magic);
  put(hello, i_have_opt);
  put(hello, static_cast<std::uint16_t>(flag_fixed_newstyle | flag_no_zeroes));
  send(hello);
  short_reply_ = (receive_number<std::uint32_t>() & flag_no_zeroes) != 0;
  for (;;) {
    if (receive_number<std::uint64_t>() != i_have_opt) return false;
    Option option;
    option.number = receive_number<std::uint32_t>();
    const auto length = receive_number<std::uint32_t>();
    if (length > most_option_bytes) return false;
    option.data.resize(length);
    receive(option.data.data(), length);
    if (option.number == opt_abort) {
      reply_option(option.number, rep_ack);
      return false;
    }
    if (answer(option)) return true;
  }
}

// True if the handshake ends with it.
bool NbdSession::answer(const Option &option) {
  switch (option.number) {
    case opt_export_name: {
      if (!option.data.empty()) throw Gone();  // there is no other way to refuse
      Message reply;
      put(reply, disk_.size());
      put(reply, export_flags);
      if (!short_reply_) reply.resize(reply.size() + 124);
      send(reply);
      return true;
    }
    case opt_list: {
      Message name;
      put(name, std::uint32_t{0});
      reply_option(option.number, rep_server, name);
      reply_option(option.number, rep_ack);
      return false;
    }
    case opt_info:
    case opt_go: {
      const auto name = option.text_at(0);
      if (!name || !name->empty()) {
        reply_option(option.number, name ? rep_err_unknown : rep_err_invalid);
        return false;
      }
      answer_info(option);
      return option.number == opt_go;
    }
    case opt_structured_reply:
      structured_ = true;
      reply_option(option.number, rep_ack);
      return false;
    case opt_list_meta_context:
    case opt_set_meta_context:
      answer_contexts(option);
      return false;
    default:
      reply_option(option.number, rep_err_unsup);
      return false;
  }
}

void NbdSession::answer_info(const Option &option) {
  Message info;
  put(info, info_export);
  put(info, disk_.size());
  put(info, export_flags);
  reply_option(option.number, rep_info, info);
  Message sizes;
  put(sizes, info_block_size);
  for (const std::uint32_t size : {std::uint32_t{1}, preferred_request_bytes, most_request_bytes})
    put(sizes, size);
  reply_option(option.number, rep_info, sizes);
  reply_option(option.number, rep_ack);
}

void NbdSession::answer_contexts(const Option &option) {
  const auto name = option.text_at(0);
  const auto count = name ? option.number_at(4 + name->size()) : std::nullopt;
  if (!count || !structured_) return reply_option(option.number, rep_err_invalid);
  const bool set = option.number == opt_set_meta_context;
  // A list without queries asks for everything there is.
  bool asked = *count == 0 && !set;
  auto at = 8 + name->size();
  for (std::uint32_t i = 0; i < *count; ++i) {
    const auto query = option.text_at(at);
    if (!query) return reply_option(option.number, rep_err_invalid);
    asked = asked || *query == allocation || (!set && *query == "base:");
    at += 4 + query->size();
  }
  if (set) contexts_ = asked;
  if (asked) {
    Message context;
    put(context, set ? allocation_id : std::uint32_t{0});
    put(context, std::string_view(allocation));
    reply_option(option.number, rep_meta_context, context);
  }
  reply_option(option.number, rep_ack);
}

void NbdSession::reply_option(std::uint32_t option, std::uint32_t type,
                              std::span<const std::byte> data) {
  Message reply;
  put(reply, reply_magic);
  put(reply, option);
  put(reply, type);
  put(reply, static_cast<std::uint32_t>(data.size()));
  reply.insert(reply.end(), data.begin(), data.end());
  send(reply);
}

// ---- Requests ---------------------------------------------------------------------------------

void NbdSession::answer(const Request &request) {
  switch (request.type) {
    case cmd_read:
    case cmd_block_status:
      break;
    case cmd_flush:
      return reply_error(request, 0);
    case cmd_trim:
    case cmd_write_zeroes:
      return reply_error(request, error_perm);
    default:
      return reply_error(request, error_invalid);
  }
  if (request.length == 0 || request.offset > disk_.size() ||
      request.length > disk_.size() - request.offset)
    return reply_error(request, error_invalid);
  try {
    request.type == cmd_read ? answer_read(request) : answer_status(request);
  } catch (const Error &error) {
    if (ending_.requested()) throw Gone();
    failed_(error);
    reply_error(request, error_io);
  }
}

void NbdSession::answer_read(const Request &request) {
  if (request.length > most_request_bytes) return reply_error(request, error_invalid);
  Message reply;
  if (structured_) {
    reply = chunk(request, reply_offset_data, sizeof request.offset + request.length);
    put(reply, request.offset);
  } else {
    put(reply, simple_reply_magic);
    put(reply, std::uint32_t{0});
    put(reply, request.handle);
  }
  const auto head = reply.size();
  reply.resize(head + request.length);
  disk_.read(request.offset, std::span(reply).subspan(head), scratch_, ending_);
  send(reply);
}

void NbdSession::answer_status(const Request &request) {
  if (!contexts_) return reply_error(request, error_invalid);
  const auto most = (request.flags & cmd_flag_req_one) != 0 ? 1 : most_extents;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> extents;  // length, state
  const auto end = request.offset + request.length;
  for (auto at = request.offset; at < end;) {
    const auto found = disk_.stretch(at, end, ending_);
    const auto state = found.data ? state_data : state_hole_and_zero;
    const auto length = static_cast<std::uint32_t>(found.end - at);
    if (!extents.empty() && extents.back().second == state)
      extents.back().first += length;
    else if (extents.size() == most)
      break;
    else
      extents.emplace_back(length, state);
    at = found.end;
  }
  auto reply = chunk(request, reply_block_status, 4 + 8 * extents.size());
  put(reply, allocation_id);
  for (const auto &[length, state] : extents) {
    put(reply, length);
    put(reply, state);
  }
  send(reply);
}

void NbdSession::reply_error(const Request &request, std::uint32_t error) {
  Message reply;
  if (structured_ && error != 0) {
    reply = chunk(request, reply_error_chunk, 6);
    put(reply, error);
    put(reply, std::uint16_t{0});  // bytes of a message
  } else if (structured_) {
    reply = chunk(request, reply_none, 0);
  } else {
    put(reply, simple_reply_magic);
    put(reply, error);
    put(reply, request.handle);
  }
  send(reply);
}

// The head of a reply's only chunk.
std::vector<std::byte> NbdSession::chunk(const Request &request, std::uint16_t type,
                                         std::size_t size) const {
  Message head;
  put(head, structured_reply_magic);
  put(head, reply_flag_done);
  put(head, type);
  put(head, request.handle);
  put(head, static_cast<std::uint32_t>(size));
  return head;
}

}  // namespace v2v::core
