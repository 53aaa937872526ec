// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/appliance.hpp>

#include <core/guest/appliance_kernel.hpp>
#include <core/guest/cpus.hpp>
#include <core/guest/guestfs.hpp>
#include <core/guest/kvm_probe.hpp>
#include <core/guest/launch_watchdog.hpp>

#include <fmt/format.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>

namespace v2v::core {
namespace {

/// A machine under KVM is up in seconds; one that is not by then hangs.
constexpr std::chrono::seconds kvm_limit{60};
/// Emulated it takes seconds as well, and a minute or two on a machine with much else to do. Now and
/// then qemu's emulation of several processors stops for good.
constexpr std::chrono::minutes emulated_limit{4};
/// Only so that nothing waits for ever.
constexpr std::chrono::minutes last_limit{20};

constexpr unsigned most_cpus = 8;

// Another backend than "direct", or an accelerator, is the user's own choice.
bool user_chose_accelerator() {
  const char *backend = std::getenv("LIBGUESTFS_BACKEND");
  const char *settings = std::getenv("LIBGUESTFS_BACKEND_SETTINGS");
  return (backend && std::string_view(backend) != "direct") ||
         (settings && std::string_view(settings).find("force_") != std::string_view::npos);
}

// libguestfs answers these itself, from what it has set or found out before; an internal call is a
// part of the one that was made, and these two are made of a download.
bool goes_to_appliance(std::string_view call) {
  for (const std::string_view prefix : {"inspect_get_", "set_", "get_", "config", "add_drive",
                                        "max_disks", "version", "internal_", "read_file", "cat"})
    if (call.substr(0, prefix.size()) == prefix) return false;
  return true;
}

// qemu's options end at a comma, and the kernel knows only so long names of sockets.
bool can_name(const std::filesystem::path &socket) {
  return socket.native().size() < sizeof sockaddr_un().sun_path &&
         socket.native().find(',') == std::string::npos;
}

}  // namespace

Appliance::Appliance(const Settings &settings, Reporter &reporter, const Cancellation &cancellation)
    : settings_(settings),
      reporter_(reporter),
      cancellation_(cancellation),
      calls_(std::make_unique<std::uint64_t>(0)) {
  make_handle();
}

void Appliance::make_handle() {
  handle_.reset(guestfs_create());
  if (!handle_) throw Error(Code::internal, "cannot create a libguestfs handle");
  auto *g = handle();
  guestfs_set_error_handler(g, nullptr, nullptr);
  guestfs_set_identifier(g, "v2v");
  // So that what a killed appliance leaves lies in the run directory, and a Ctrl-C on the terminal
  // reaches only the supervisor.
  if (!std::getenv("LIBGUESTFS_TMPDIR")) guestfs_set_tmpdir(g, settings_.run_directory.c_str());
  guestfs_set_pgroup(g, 1);
  if (settings_.memory)
    guestfs_set_memsize(g, static_cast<int>(settings_.memory));
  else if (!std::getenv("LIBGUESTFS_MEMSIZE"))
    guestfs_set_memsize(g, 2 * guestfs_get_memsize(g));
  guestfs_set_smp(
      g, static_cast<int>(settings_.cpus ? settings_.cpus : std::min(available_cpus(), most_cpus)));
  if (settings_.network) guestfs_set_network(g, 1);
  if (settings_.trace) {
    guestfs_set_verbose(g, 1);
    guestfs_set_trace(g, 1);
  }
  count_calls();
}

void Appliance::add_overlay(const std::filesystem::path &overlay, const std::string &source) {
  // The overlay is worth nothing after a crash, so nothing waits for the disk.
  add_drive(drives_.emplace_back(Drive{overlay, "qcow2", "unsafe", source}));
}

void Appliance::add_own_disk(const std::filesystem::path &disk, const std::string &format) {
  add_drive(drives_.emplace_back(Drive{disk, format, "writeback", disk.string()}));
}

void Appliance::add_drive(const Drive &drive) {
  struct guestfs_add_drive_opts_argv options {};
  options.bitmask = GUESTFS_ADD_DRIVE_OPTS_FORMAT_BITMASK |
                    GUESTFS_ADD_DRIVE_OPTS_CACHEMODE_BITMASK |
                    GUESTFS_ADD_DRIVE_OPTS_DISCARD_BITMASK;
  options.format = drive.format.c_str();
  options.cachemode = drive.cachemode;
  options.discard = "besteffort";
  if (guestfs_add_drive_opts_argv(handle(), drive.path.c_str(), &options) != 0)
    throw_guestfs(handle(), "cannot add the disk to the appliance", drive.path.string());
}

void Appliance::launch() {
  const bool chosen_by_user = user_chose_accelerator();
  const bool try_kvm = !chosen_by_user && choose_accelerator();
  choose_kernel();
  if (start(try_kvm ? kvm_limit : emulated_limit)) return;
  cancellation_.check();
  if (try_kvm)
    kvm_failed("the appliance did not come up", kvm_memory_file(), reporter_);
  else
    reporter_.debug("the appliance did not come up: trying once more, with one CPU");
  // A handle that failed has forgotten its drives.
  make_handle();
  for (const auto &drive : drives_) add_drive(drive);
  if (!chosen_by_user) emulate();
  if (!try_kvm) guestfs_set_smp(handle(), 1);
  if (start(last_limit)) {
    if (!unpacked_kernel_.empty()) refuse_unpacked_kernel(unpacked_kernel_);
    return;
  }
  cancellation_.check();
  throw_guestfs(handle(), "the libguestfs appliance did not start", {},
                "run libguestfs-test-tool to find out why, or v2v again with -v -x");
}

std::vector<std::string> Appliance::sources() const {
  std::vector<std::string> all;
  for (const auto &drive : drives_) all.push_back(drive.source);
  return all;
}

bool Appliance::start(std::chrono::milliseconds limit) {
  const auto qmp = settings_.run_directory / "qmp";
  const bool watched = take_text(guestfs_get_backend(handle())) == "direct" && can_name(qmp);
  if (watched) {
    // Any write that fails stops the appliance. qemu's default hands some of them to the guest, and
    // what it does not write through at once would be lost without a word. A read that fails was tried
    // often enough by whatever serves the disk; the guest would try each place again.
    guestfs_config(handle(), "-global", "scsi-hd.werror=stop");
    guestfs_config(handle(), "-global", "scsi-hd.rerror=stop");
    guestfs_config(handle(), "-qmp", ("unix:" + qmp.string() + ",server=on,wait=off").c_str());
  }
  const LaunchWatchdog watchdog(limit, cancellation_);
  if (guestfs_launch(handle()) != 0) return false;
  if (watched)
    if (auto connection = OverlayWatch::connect(qmp))
      watch_ = std::make_unique<OverlayWatch>(std::move(connection), guestfs_get_pid(handle()),
                                              settings_.run_directory, sources());
  return true;
}

std::optional<Error> Appliance::failure() const {
  return watch_ ? watch_->failure() : std::nullopt;
}

bool Appliance::choose_accelerator() {
  if (kvm_works(take_text(guestfs_get_hv(handle())), kvm_memory_file(), reporter_, cancellation_)) {
    guestfs_set_backend(handle(), "direct");
    return true;
  }
  emulate();
  return false;
}

void Appliance::emulate() {
  guestfs_set_backend(handle(), "direct");
  guestfs_set_backend_setting(handle(), "force_tcg", "1");
}

void Appliance::choose_kernel() {
  auto *g = handle();
  // An appliance from elsewhere has another kernel.
  if (std::getenv("LIBGUESTFS_PATH") || take_text(guestfs_get_backend(g)) != "direct" ||
      take_text(guestfs_get_backend_setting(g, "force_tcg")).empty())
    return;
  const std::filesystem::path cache = take_text(guestfs_get_cachedir(g));
  const auto kernel =
      unpacked_kernel(cache / fmt::format(".guestfs-{}", ::geteuid()) / "appliance.d");
  if (!kernel || kernel->native().find(',') != std::string::npos) return;
  // libguestfs's own -kernel stands before it, so this one counts. If this start makes the appliance
  // anew with another kernel, this one finds no modules, fails at once, and the second start is plain.
  if (guestfs_config(g, "-machine", ("kernel=" + kernel->string()).c_str()) == 0)
    unpacked_kernel_ = *kernel;
}

void Appliance::close() {
  // shutdown, not close, tells whether the last writes arrived.
  if (guestfs_shutdown(handle()) != 0)
    throw_guestfs(handle(), "the appliance could not write its changes to the overlay",
                  settings_.run_directory.string(), "see whether its file system is full");
  handle_.reset();
}

void Appliance::count_calls() {
  guestfs_set_event_callback(
      handle(),
      [](guestfs_h *, void *opaque, std::uint64_t, int, int, const char *name, std::size_t size,
         const std::uint64_t *, std::size_t) {
        if (goes_to_appliance({name, size})) ++*static_cast<std::uint64_t *>(opaque);
      },
      GUESTFS_EVENT_ENTER, 0, calls_.get());
}

}  // namespace v2v::core
