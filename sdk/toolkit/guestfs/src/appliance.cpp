// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/guestfs/appliance.hpp>

#include <v2v/process/file_descriptor.hpp>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <string_view>
#include <thread>

namespace v2v::guestfs {
namespace {

ssize_t read_some(int fd, char *buffer, std::size_t size) {
  ssize_t got = 0;
  do got = ::read(fd, buffer, size);
  while (got == -1 && errno == EINTR);
  return got;
}

/// Reads on without keeping anything, so that the writer neither blocks nor gets SIGPIPE.
void drain(int fd) {
  std::array<char, 1 << 16> buffer;
  while (read_some(fd, buffer.data(), buffer.size()) > 0) {
  }
}

/// Starts a thread that gets no signal: handlers stay with the thread that has them.
template <class Body>
std::thread quiet_thread(Body body) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(body));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

Code code_of(int error) {
  switch (error) {
    case ENOENT:
      return Code::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return Code::access;
    case ENOSPC:
    case EDQUOT:
      return Code::no_space;
    case ENOTSUP:
      return Code::unsupported;
    default:
      return Code::io;
  }
}

const char *remedy_for(Code code) {
  if (code == Code::no_space) return "make room in the guest and convert it again";
  if (code == Code::access)
    return "see whether the file is immutable (lsattr) or its file system read-only in the guest, "
           "and convert it again";
  return "";
}

}  // namespace

void Appliance::fail(const std::string &what, const std::string &path) const {
  const char *reason = guestfs_last_error(handle_);
  const int error = guestfs_last_errno(handle_);
  const auto code = code_of(error);
  throw Error(code, reason ? what + ": " + reason : what, path, remedy_for(code));
}

bool Appliance::last_is_absent() const {
  const int error = guestfs_last_errno(handle_);
  return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

bool Appliance::last_is_not_permitted() const {
  if (guestfs_last_errno(handle_) == EPERM) return true;
  // rm, cp and mkdir run as programs in the appliance, and all that comes back is what they say.
  const char *reason = guestfs_last_error(handle_);
  return reason &&
         std::string_view(reason).find("Operation not permitted") != std::string_view::npos;
}

bool Appliance::receive(const std::string &what, const std::string &path,
                        const std::function<int(guestfs_h *, const char *file)> &body,
                        const std::function<bool(int fd)> &take) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(Code::io, "cannot make a pipe", path);
  process::FileDescriptor reading(ends[0]), writing(ends[1]);
  bool taken = false;
  std::exception_ptr thrown;
  auto reader = quiet_thread([&] {
    try {
      taken = take(reading.get());
    } catch (...) {
      thrown = std::current_exception();
    }
    if (!taken) guestfs_user_cancel(handle_);
    drain(reading.get());
  });
  const auto file = "/proc/self/fd/" + std::to_string(writing.get());
  const int status = call([&](guestfs_h *handle) { return body(handle, file.c_str()); });
  writing.reset();
  reader.join();
  if (thrown) std::rethrow_exception(thrown);
  if (status == -1 && taken) fail(what, path);
  // A reader that gave up because the download broke off is not the cause.
  if (status == -1 && guestfs_last_errno(handle_) != EINTR) fail(what, path);
  return taken;
}

std::optional<std::string> Appliance::receive_text(
    const std::string &what, const std::string &path, std::size_t limit,
    const std::function<int(guestfs_h *, const char *file)> &body) {
  std::string text;
  const bool whole = receive(what, path, body, [&](int fd) {
    std::array<char, 1 << 16> buffer;
    ssize_t got = 0;
    while ((got = read_some(fd, buffer.data(), buffer.size())) > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
      if (text.size() > limit) return false;
    }
    return got == 0;
  });
  if (!whole) return std::nullopt;
  return text;
}

}  // namespace v2v::guestfs
