// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A host for tests that call a plugin directly, and a reporter that remembers what was said.
#pragma once

#include "../unit/temporary_directory.hpp"

#include <v2v/plugin.h>
#include <core/run/reporter.hpp>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace v2v::test {

/// Remembers all that is said.
class Memory : public core::Reporter {
 public:
  void step(const std::string &text) override { steps.push_back(text); }
  void info(const std::string &text) override { infos.push_back(text); }
  void warning(const std::string &text) override { warnings.push_back(text); }
  void error(const Error &) override {}
  void debug(const std::string &) override {}
  void progress(const core::Progress &) override {}
  void change(const core::GuestChange &change) override {
    changes.push_back(change.object + ": " + change.change + ": " + change.reason);
  }

  std::vector<std::string> steps, infos, warnings, changes;
};

/// A v2v_host whose calls end up in its members.
class FakeHost {
 public:
  FakeHost() {
    table_ = {sizeof(v2v_host),
              V2V_ABI_MINOR,
              "test",
              this,
              [](const v2v_host *, std::int32_t, const char *) {},
              [](const v2v_host *, std::uint32_t, std::uint64_t, std::uint64_t) {},
              [](const v2v_host *) -> std::int32_t { return 0; },
              [](const v2v_host *host, const v2v_error *given) { me(host).remember(*given); },
              [](const v2v_host *) -> const char * { return "/nonexistent"; },
              [](const v2v_host *, const v2v_secret_request *, const char **value) -> v2v_status {
                *value = nullptr;
                return V2V_OK;
              },
              [](const v2v_host *host, const char *record) -> v2v_status {
                me(host).journal.emplace_back(record);
                return V2V_OK;
              },
              [](const v2v_host *, const char *) -> const void * { return nullptr; }};
  }
  FakeHost(const FakeHost &) = delete;
  FakeHost &operator=(const FakeHost &) = delete;

  const v2v_host *get() const { return &table_; }

  std::optional<Error> error;  ///< the last one given
  std::vector<std::string> journal;

 private:
  static FakeHost &me(const v2v_host *host) { return *static_cast<FakeHost *>(host->context); }
  void remember(const v2v_error &given) {
    const auto text = [](const char *value) { return std::string(value ? value : ""); };
    error.emplace(static_cast<Code>(given.code), text(given.what), text(given.object),
                  text(given.remedy));
  }

  v2v_host table_{};
};

}  // namespace v2v::test
