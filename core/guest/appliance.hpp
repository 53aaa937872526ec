// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The libguestfs appliance over the overlays. Owns the handle; its destructor ends the appliance.
// One thread at a time.
#pragma once

#include <core/guest/overlay_watch.hpp>
#include <core/run/cancellation.hpp>
#include <core/run/reporter.hpp>

#include <guestfs.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace v2v::core {

class Appliance {
 public:
  struct Settings {
    std::filesystem::path run_directory;
    unsigned memory = 0;   ///< MiB; 0: twice libguestfs's own
    unsigned cpus = 0;     ///< 0: up to 8 of those this process may use
    bool network = false;  ///< qemu's own, which only goes out
    bool trace = false;    ///< libguestfs's calls and the appliance's console on standard error
  };

  Appliance(const Settings &settings, Reporter &reporter, const Cancellation &cancellation);

  /// Before launch: a qcow2 overlay, seen as the next disk.
  /// @param source  what lies below it, for errors
  void add_overlay(const std::filesystem::path &overlay, const std::string &source);
  /// The same for a guest's own disk, to be changed at once: an image that names no others.
  void add_own_disk(const std::filesystem::path &disk, const std::string &format);
  /// Starts it. Where the user has set no libguestfs variable, it runs without libvirt, and under
  /// TCG on a machine whose KVM does not start guests.
  void launch();
  /// Ends it in order: everything is written to the overlays.
  void close();
  /// Why it ended by itself, if it did: the calls that then fail can only say that it is gone.
  std::optional<Error> failure() const;

  guestfs_h *handle() const { return handle_.get(); }
  /// Calls made to the appliance so far; each costs 1 ms with KVM and 80 ms without.
  std::uint64_t calls() const { return *calls_; }

 private:
  struct Close {
    void operator()(guestfs_h *handle) const { guestfs_close(handle); }
  };

  struct Drive {
    std::filesystem::path path;
    std::string format;
    const char *cachemode;
    std::string source;  ///< what lies below it, for errors
  };

  void make_handle();
  std::vector<std::string> sources() const;
  void add_drive(const Drive &drive);
  /// @return whether the appliance is to run under KVM
  bool choose_accelerator();
  void emulate();
  /// @return false: it did not come up within the limit, or failed
  bool start(std::chrono::milliseconds limit);
  /// Under emulation, has the next start use the unpacked kernel, unless one has failed before.
  void choose_kernel();
  void count_calls();

  Settings settings_;
  Reporter &reporter_;
  const Cancellation &cancellation_;
  std::vector<Drive> drives_;
  std::filesystem::path unpacked_kernel_;  ///< empty: the appliance's own
  std::unique_ptr<std::uint64_t> calls_;
  std::unique_ptr<guestfs_h, Close> handle_;
  std::unique_ptr<OverlayWatch> watch_;
};

}  // namespace v2v::core
