// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Every reading and edit there is, on a hive of any content: what tests and the fuzzer do with hostile
// ones. Each is tried although another was refused; a v2v::Error is a good answer, anything else is not.
#pragma once

#include <v2v/windows/boot_driver.hpp>
#include <v2v/windows/boot_store.hpp>
#include <v2v/windows/clock.hpp>
#include <v2v/windows/crash_control.hpp>
#include <v2v/windows/device_path.hpp>
#include <v2v/windows/foreign_drivers.hpp>
#include <v2v/windows/foreign_tools.hpp>
#include <v2v/windows/hive_compare.hpp>
#include <v2v/windows/identity.hpp>
#include <v2v/windows/network_settings.hpp>
#include <v2v/windows/policy.hpp>

namespace v2v::windows {

/// How many of the steps were refused with an Error; throws what else comes out of them.
class AllEdits {
 public:
  explicit AllEdits(text::Log log = {}) : log_(std::move(log)) {}

  unsigned errors = 0;

  void on_windows_hive(const std::string &file) {
    attempt([&] { read(Hive(file, "hive", Hive::Access::read)); });
    attempt([&] {
      Hive hive(file, "hive", Hive::Access::write);
      write(hive);
      attempt([&] { hive.commit(); });
    });
    attempt([&] {
      const Hive hive(file, "hive", Hive::Access::read);
      verify_boot_driver(hive, control_set_, "viostor", "amd64");
      read(hive);
    });
  }

  void on_boot_store(const std::string &file) {
    attempt([&] {
      Hive hive(file, "BCD", Hive::Access::write);
      if (allow_graphics(hive)) hive.commit();
    });
    attempt([&] {
      const Hive hive(file, "BCD", Hive::Access::read);
      differences(hive, hive);
    });
  }

 private:
  template <class Step>
  void attempt(Step step) {
    try {
      step();
    } catch (const Error &) {
      ++errors;
    }
  }

  void read(const Hive &hive) {
    attempt([&] { control_set_ = current_control_set(hive); });
    attempt([&] { build_number(hive); });
    attempt([&] { clock_is_utc(hive, control_set_, log_); });
    attempt([&] { has_group_policy(hive); });
    attempt([&] { antivirus(hive); });
    attempt([&] { foreign_tools(hive, log_); });
    attempt([&] { match_adapters(old_adapters(hive, control_set_, log_), {}, log_); });
    attempt([&] { unplanned(differences(hive, hive), {control_set_}); });
  }

  void write(Hive &hive) {
    attempt([&] { disable_foreign_drivers(hive, control_set_); });
    attempt([&] { stay_at_stop_errors(hive, control_set_); });
    attempt([&] { register_boot_driver(hive, control_set_, "viostor", "amd64"); });
    attempt([&] { add_driver_directory(hive, log_); });
  }

  const text::Log log_;
  std::string control_set_ = "ControlSet001";
};

}  // namespace v2v::windows
