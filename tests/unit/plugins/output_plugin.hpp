// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A built output plugin through the C ABI, as the host uses it, with a host that notes what it says.
#pragma once

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <v2v/exchange_target.hpp>

#include <functional>
#include <mutex>

#include "output_fixture.hpp"

namespace v2v::test {

/// A host that notes what plugins say.
class FakeHost {
 public:
  FakeHost() {
    table.size = sizeof table;
    table.abi_minor = V2V_ABI_MINOR;
    table.version = "0.0.0";
    table.context = this;
    table.log = [](const v2v_host *host, int32_t, const char *text) {
      const std::lock_guard lock(self(host).mutex_);
      self(host).logged.push_back(text);
    };
    table.progress = [](const v2v_host *, uint32_t, uint64_t, uint64_t) {};
    table.cancelled = [](const v2v_host *) -> int32_t { return 0; };
    table.set_error = [](const v2v_host *host, const v2v_error *failure) {
      self(host).error =
          Error(static_cast<Code>(failure->code), failure->what,
                failure->object ? failure->object : "", failure->remedy ? failure->remedy : "")
              .what();
    };
    table.run_directory = [](const v2v_host *) { return "/nonexistent"; };
    table.secret = [](const v2v_host *, const v2v_secret_request *,
                      const char **value) -> v2v_status {
      *value = nullptr;
      return V2V_OK;
    };
    table.journal = [](const v2v_host *host, const char *record) -> v2v_status {
      if (self(host).on_note) self(host).on_note();
      const std::lock_guard lock(self(host).mutex_);
      self(host).records.push_back(record);
      return V2V_OK;
    };
    table.get_extension = [](const v2v_host *, const char *) -> const void * { return nullptr; };
  }

  v2v_host table{};
  std::vector<std::string> logged, records;
  std::string error;
  std::function<void()> on_note;  ///< before a record is added

 private:
  std::mutex mutex_;  ///< log and journal may be called from any thread
  static FakeHost &self(const v2v_host *host) { return *static_cast<FakeHost *>(host->context); }
};

class OutputPlugin : public testing::Test {
 protected:
  void load(const std::string &name) {
    // Elsewhere lies one that was built against the installed SDK.
    const char *elsewhere = getenv("V2V_TEST_PLUGIN_DIR");
    const std::string directory = elsewhere ? elsewhere : V2V_TEST_PLUGINS;
    const std::string file = directory + "/v2v-output-" + name + ".so";
    void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << dlerror();
    const auto entry = reinterpret_cast<v2v_plugin_entry>(dlsym(library, "v2v_plugin_entry_v1"));
    ASSERT_NE(entry, nullptr);
    plugin_ = entry(&host_.table);
    ASSERT_NE(plugin_, nullptr);
    EXPECT_STREQ(plugin_->name, name.c_str());
    output_ = plugin_->output;
  }
  v2v_status open(const OutputRequest &request) {
    return output_->open(&host_.table, to_c(lender_, request), &instance_);
  }
  void TearDown() override { close(); }
  void close() {
    if (instance_) output_->close(instance_);
    instance_ = nullptr;
  }
  void abort() {
    const v2v_abort_request request = {sizeof request, 0, lender_.texts(host_.records)};
    ASSERT_EQ(output_->abort(&host_.table, &request), V2V_OK);
  }
  v2v_status precheck(const Metadata &guest) {
    const v2v_precheck_request request = {sizeof request, 0, to_c(lender_, guest)};
    return output_->precheck(instance_, &request);
  }
  v2v_status prepare(const Metadata &guest) {
    const v2v_prepare_request request = {sizeof request, 0, to_c(lender_, guest)};
    return output_->prepare(instance_, &request, &targets_);
  }
  v2v_status commit(const Metadata &guest) {
    const v2v_commit_request request = {sizeof request, 0, to_c(lender_, guest)};
    return output_->commit(instance_, &request);
  }
  v2v_status read(unsigned disk, const std::string &uri, const Metadata &guest) {
    v2v_read_request request{};
    request.size = sizeof request;
    request.disk = disk;
    request.uri = uri.c_str();
    request.metadata = to_c(lender_, guest);
    return output_->read(instance_, &request);
  }
  v2v_status take(unsigned disk, const Location &image, const Metadata &guest) {
    const v2v_take_request request = {sizeof request, disk, to_c(lender_, image),
                                      to_c(lender_, guest)};
    return output_->take(instance_, &request);
  }
  OutputRequest request() const {
    OutputRequest made;
    made.storage = scratch_.path();
    return made;
  }
  /// Everything up to, and not including, commit.
  void fill(const Metadata &guest) {
    ASSERT_EQ(open(request()), V2V_OK) << host_.error;
    ASSERT_EQ(precheck(guest), V2V_OK) << host_.error;
    ASSERT_EQ(prepare(guest), V2V_OK) << host_.error;
  }

  TemporaryDirectory scratch_;
  FakeHost host_;
  Lender lender_;
  const v2v_plugin *plugin_ = nullptr;
  const v2v_output *output_ = nullptr;
  void *instance_ = nullptr;
  const v2v_target *const *targets_ = nullptr;
};

/// A Debian guest with two disks of 1 MiB.
inline Metadata two_disks() {
  auto guest = debian_guest(2);
  for (auto &disk : guest.source.disks) disk.location = {Location::Type::file, "/x", "raw"};
  return guest;
}

}  // namespace v2v::test
