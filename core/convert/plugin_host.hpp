// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The host as one plugin instance sees it during a conversion: the v2v_host table, and what the
// plugin said through it. Lives as long as the instance. The table's functions are for any thread.
#pragma once

#include <core/plugin/load.hpp>
#include <core/run/cancellation.hpp>
#include <core/run/journal.hpp>
#include <core/run/reporter.hpp>

#include <atomic>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace v2v::core {

/// What all instances of one conversion share.
struct PluginEnvironment {
  Reporter &reporter;
  const Cancellation &cancellation;
  Journal &journal;
  std::filesystem::path run_directory;
  std::function<std::optional<std::string>(const std::string &prompt)> ask_secret;
};

class PluginHost {
 public:
  /// @param options  where secret() finds the files that hold secrets
  PluginHost(const LoadedPlugin &plugin, PluginEnvironment &environment, Options options);
  PluginHost(const PluginHost &) = delete;
  PluginHost &operator=(const PluginHost &) = delete;

  const v2v_host *table() const { return &table_; }

  /// Runs one call of the plugin, noted in the journal for the case that it crashes.
  /// @param name  the member of the table, "prepare"
  /// @param disk  which disk the call is about, from 0, if it is about one
  /// @throws Error with what the plugin told set_error during this call, if the status is not V2V_OK
  void call(const std::string &name, const std::function<v2v_status()> &body,
            std::optional<unsigned> disk = {});

  /// Notes and runs a call that has no status.
  void call_void(const std::string &name, const std::function<void()> &body,
                 std::optional<unsigned> disk = {});

  /// How many disks there are, for the progress that the plugin reports. Before any thread.
  void disks(std::size_t count) { disks_ = static_cast<unsigned>(count); }
  /// From now on the plugin is told that the conversion is to end. Any thread.
  void stop() { stopped_ = true; }
  bool stopping() const { return stopped_ || environment_.cancellation.requested(); }

  /// What the plugin told set_error in the last call of this thread, if anything.
  std::optional<Error> complaint();

 private:
  // The members of the table. Nothing may be thrown through a plugin, and a null that a plugin hands
  // over by mistake is not to cost a conversion.
  static PluginHost &self(const v2v_host *host) noexcept;
  static void log(const v2v_host *host, std::int32_t level, const char *message) noexcept;
  static void progress(const v2v_host *host, std::uint32_t disk, std::uint64_t done,
                       std::uint64_t total) noexcept;
  static std::int32_t cancelled(const v2v_host *host) noexcept;
  static void set_error(const v2v_host *host, const v2v_error *error) noexcept;
  static const char *run_directory(const v2v_host *host) noexcept;
  static v2v_status secret(const v2v_host *host, const v2v_secret_request *request,
                           const char **value) noexcept;
  static v2v_status journal(const v2v_host *host, const char *record) noexcept;
  static void step(const v2v_host *host, const char *text) noexcept;
  static const void *get_extension(const v2v_host *host, const char *id) noexcept;
  static void change(const v2v_host *host, const v2v_change *change) noexcept;

  void begin_phase(const char *phase, std::optional<unsigned> disk);
  void forget_error();
  Error error_of(const std::string &name, v2v_status status);
  std::optional<std::string> find_secret(const std::string &name, const std::string &prompt) const;

  const LoadedPlugin &plugin_;
  PluginEnvironment &environment_;
  Options options_;
  v2v_host table_{};
  std::mutex mutex_;
  std::map<std::thread::id, Error> errors_;
  std::deque<std::string> secrets_;
  const char *phase_ = "copy";  ///< what progress is about, guarded as well
  std::map<std::uint32_t, const char *>
      disk_phases_;     ///< the same for disks with calls of their own
  unsigned disks_ = 0;  ///< 0: not known yet
  std::atomic<bool> stopped_ = false;
};

}  // namespace v2v::core
