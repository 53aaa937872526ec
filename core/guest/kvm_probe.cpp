// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/kvm_probe.hpp>

#include <core/run/command.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>

namespace v2v::core {
namespace fs = std::filesystem;
namespace {

// A boot sector that ends the machine through qemu's isa-debug-exit device at port 0xf4:
//   mov al, 0x10;  out 0xf4, al;  cli;  hlt;  jmp back to hlt
// qemu then exits with (0x10 << 1) | 1.
constexpr std::array<std::uint8_t, 8> boot_code = {0xb0, 0x10, 0xe6, 0xf4, 0xfa, 0xf4, 0xeb, 0xfd};
constexpr int exit_status_of_boot_code = 33;
constexpr std::size_t most_reason = 500;  // bytes

std::string boot_sector() {
  std::string sector(512, '\0');
  std::copy(boot_code.begin(), boot_code.end(), sector.begin());
  sector[510] = '\x55';
  sector[511] = '\xaa';
  return sector;
}

std::string on_one_line(std::string text) {
  text.erase(text.find_last_not_of('\n') + 1);
  std::replace(text.begin(), text.end(), '\n', ';');
  return text::printable(text, most_reason);
}

struct Answer {
  enum { works, fails, not_tried } what;
  std::string reason = {};  ///< of all but `works`
};

Answer boot(const std::string &qemu, const Cancellation &cancellation,
            std::chrono::milliseconds limit) {
  // Not read-only, because qemu gives no such thing to an IDE disk.
  const auto disk = process::memory_file(boot_sector());
  Command command{{qemu, "-no-user-config", "-nodefaults", "-display", "none", "-machine",
                   "pc,accel=kvm", "-m", "32", "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
                   // As libguestfs has it: a nested KVM may run only a simple processor.
                   "-cpu", "max", "-blockdev",
                   "driver=raw,node-name=disk,file.driver=file,file.filename=/proc/self/fd/3",
                   "-device", "ide-hd,drive=disk"}};
  command.descriptors = {disk.get()};
  command.timeout = limit;
  command.check_cancelled = [&cancellation] { cancellation.check(); };
  try {
    const auto result = command.run();
    if (result.status == exit_status_of_boot_code) return {Answer::works};
    // What it refuses in order may be mended by the next run.
    return {result.status > 128 ? Answer::fails : Answer::not_tried,
            fmt::format("qemu ended with status {}: {}", result.status, on_one_line(result.error))};
  } catch (const Error &error) {
    if (error.code() == Code::cancelled) throw;
    if (error.code() == Code::io) return {Answer::fails, "a guest hangs"};
    return {Answer::not_tried, error.what()};
  }
}

std::string boot_id() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

std::optional<bool> remembered(const fs::path &memory) {
  std::string id, answer;
  std::ifstream(memory) >> id >> answer;
  if (id.empty() || id != boot_id()) return std::nullopt;
  return answer == "works";
}

// Not being able to remember costs the next run a few seconds, no more.
void remember(const fs::path &memory, bool works) {
  std::error_code ignored;
  fs::create_directories(memory.parent_path(), ignored);
  std::ofstream(memory) << boot_id() << (works ? " works" : " fails") << "\n";
}

}  // namespace

bool kvm_works(const std::string &qemu, const fs::path &memory, Reporter &reporter,
               const Cancellation &cancellation, std::chrono::milliseconds limit) {
  if (::access("/dev/kvm", R_OK | W_OK) != 0) {
    reporter.debug("no usable /dev/kvm: the appliance runs under emulation (TCG)");
    return false;
  }
#if !defined(__x86_64__)
  return true;  // the boot sector is for x86; libguestfs decides
#endif
  if (const auto answer = remembered(memory)) {
    reporter.debug(*answer ? "KVM works, as found out earlier"
                           : "KVM does not work, as found out earlier: using emulation (TCG)");
    return *answer;
  }
  const auto answer = boot(qemu, cancellation, limit);
  if (answer.what == Answer::works) remember(memory, true);
  if (answer.what == Answer::fails) kvm_failed(answer.reason, memory, reporter);
  if (answer.what == Answer::not_tried)
    reporter.debug("KVM cannot be tried, so the appliance runs under emulation (TCG): " +
                   answer.reason);
  return answer.what == Answer::works;
}

void kvm_failed(const std::string &reason, const fs::path &memory, Reporter &reporter) {
  remember(memory, false);
  reporter.info(fmt::format(
      "/dev/kvm is there, but does not work ({}). The appliance runs under emulation (TCG), which "
      "is slower. This is remembered until the next boot.",
      reason));
}

fs::path kvm_memory_file() {
  if (::geteuid() == 0) return "/run/v2v/kvm";
  if (const char *runtime = std::getenv("XDG_RUNTIME_DIR"); runtime && *runtime)
    return fs::path(runtime) / "v2v" / "kvm";
  if (const char *cache = std::getenv("XDG_CACHE_HOME"); cache && *cache)
    return fs::path(cache) / "v2v" / "kvm";
  const char *home = std::getenv("HOME");
  return fs::path(home ? home : "/nonexistent") / ".cache" / "v2v" / "kvm";
}

}  // namespace v2v::core
