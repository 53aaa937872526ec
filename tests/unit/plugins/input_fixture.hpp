// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A host for an input: it keeps warnings, has a run directory, and answers secrets from the
// options.
#pragma once

#include "../core/disk/disk_fixture.hpp"

#include <v2v/input.hpp>

#include <map>

namespace v2v::test {

class InputTest : public DiskTest {
 protected:
  InputTest() {
    table_.size = sizeof table_;
    table_.context = this;
    table_.log = [](const v2v_host *host, std::int32_t level, const char *message) {
      if (level == V2V_LOG_WARNING) self(host).warnings_.emplace_back(message);
      if (level == V2V_LOG_INFO) self(host).infos_.emplace_back(message);
    };
    table_.progress = [](const v2v_host *, std::uint32_t, std::uint64_t, std::uint64_t) {};
    table_.cancelled = [](const v2v_host *) { return 0; };
    table_.run_directory = [](const v2v_host *host) {
      return self(host).run_directory_.path().c_str();
    };
    table_.secret = [](const v2v_host *host, const v2v_secret_request *,
                       const char **value) -> v2v_status {
      *value = self(host).secret_.empty() ? nullptr : self(host).secret_.c_str();
      return V2V_OK;
    };
  }
  static InputTest &self(const v2v_host *host) { return *static_cast<InputTest *>(host->context); }

  const TemporaryDirectory run_directory_;
  v2v_host table_ = {};
  InputRequest request_;
  std::string secret_;
  std::vector<std::string> warnings_, infos_;
};

}  // namespace v2v::test
