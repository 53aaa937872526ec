// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/overlay_watch.hpp>

#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>

namespace v2v::core {
namespace {

/// nbdkit's answer once it has tried often enough.
constexpr const char *gave_up = "what serves it has tried several times in vain";

}  // namespace

OverlayWatch::OverlayWatch(FileDescriptor qmp, pid_t qemu, std::filesystem::path overlays,
                           std::vector<std::string> sources)
    : qmp_(std::move(qmp)),
      qemu_(static_cast<int>(::syscall(SYS_pidfd_open, qemu, 0))),
      overlays_(std::move(overlays)),
      sources_(std::move(sources)),
      thread_([this] { run(); }) {}

OverlayWatch::~OverlayWatch() {
  ::shutdown(qmp_.get(), SHUT_RDWR);  // wakes the thread
  thread_.join();
}

FileDescriptor OverlayWatch::connect(const std::filesystem::path &socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.native().size() >= sizeof address.sun_path) return {};
  socket.native().copy(address.sun_path, sizeof address.sun_path);
  FileDescriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto *generic = reinterpret_cast<const sockaddr *>(&address);
  if (fd && ::connect(fd.get(), generic, sizeof address) != 0) fd.reset();
  return fd;
}

std::optional<Error> OverlayWatch::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void OverlayWatch::run() {
  // Nothing is told before the capabilities are agreed on.
  say(R"({"execute":"qmp_capabilities"})");
  std::string pending;
  char piece[4096];
  for (;;) {
    const auto count = ::read(qmp_.get(), piece, sizeof piece);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    pending.append(piece, static_cast<std::size_t>(count));
    for (auto end = pending.find('\n'); end != pending.npos; end = pending.find('\n')) {
      take(pending.substr(0, end));
      pending.erase(0, end + 1);
    }
  }
}

void OverlayWatch::take(const std::string &line) {
  const auto message = nlohmann::json::parse(line, nullptr, false);
  if (!message.is_object() || !message.contains("data") || !message["data"].is_object()) return;
  const auto &data = message["data"];
  if (message.value("event", "") != "BLOCK_IO_ERROR" || data.value("action", "") != "stop") return;
  const auto reason = data.value("reason", "unknown error");
  {
    const std::lock_guard lock(mutex_);
    if (data.value("operation", "") == "read")
      failure_.emplace(
          Code::io,
          fmt::format("the disk cannot be read: {}",
                      reason == std::strerror(ESHUTDOWN) ? gave_up : reason),

          source(data.value("device", "")),
          "see whether what serves it still runs and can be reached, or the kernel log "
          "(dmesg)");
    else if (data.value("nospace", false))
      failure_.emplace(
          Code::no_space, "no space is left for the changes that the conversion makes to the disks",
          overlays_.string(), "free some space, or set VIRT_V2V_TMPDIR to another directory");
    else
      failure_.emplace(
          Code::io,
          fmt::format("the changes that the conversion makes cannot be written: {}", reason),
          overlays_.string(),
          "see the kernel log (dmesg), or set VIRT_V2V_TMPDIR to another directory");
  }
  kill();
}

// Asked to quit, it would wait for all reads that are under way, of a server that does not answer, too.
void OverlayWatch::kill() {
  if (qemu_) (void)::syscall(SYS_pidfd_send_signal, qemu_.get(), SIGKILL, nullptr, 0);
}

/// libguestfs calls the disks hd0, hd1 …
const std::string &OverlayWatch::source(const std::string &device) const {
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (device == fmt::format("hd{}", i)) return sources_[i];
  return overlays_.native();
}

void OverlayWatch::say(const std::string &command) {
  const auto text = command + "\n";
  // A qemu that has ended hears nothing; the next read tells.
  (void)::send(qmp_.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

}  // namespace v2v::core
