// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The built plugins local, qemu, kubevirt and null through the C ABI, as the host uses them.
#include <dlfcn.h>
#include <gmock/gmock.h>

#include <v2v/exchange_target.hpp>

#include "output_fixture.hpp"

namespace v2v::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A host that notes what plugins say.
class FakeHost {
 public:
  FakeHost() {
    table.size = sizeof table;
    table.abi_minor = V2V_ABI_MINOR;
    table.version = "0.0.0";
    table.context = this;
    table.log = [](const v2v_host *host, int32_t, const char *text) {
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
      self(host).records.push_back(record);
      return V2V_OK;
    };
    table.get_extension = [](const v2v_host *, const char *) -> const void * { return nullptr; };
  }

  v2v_host table{};
  std::vector<std::string> logged, records;
  std::string error;

 private:
  static FakeHost &self(const v2v_host *host) { return *static_cast<FakeHost *>(host->context); }
};

class OutputPlugin : public testing::Test {
 protected:
  void load(const std::string &name) {
    const std::string file = std::string(V2V_TEST_PLUGINS) + "/v2v-output-" + name + ".so";
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
  void TearDown() override {
    if (instance_) output_->close(instance_);
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

Metadata two_disks() {
  auto guest = debian_guest(2);
  for (auto &disk : guest.source.disks) disk.location = {Location::Type::file, "/x", "raw"};
  return guest;
}

TEST_F(OutputPlugin, LocalShowsItsResultAtCommit) {
  load("local");
  const auto guest = two_disks();
  fill(guest);
  write_file(targets_[1]->location->path, "second disk");
  EXPECT_THAT(names_in(scratch_.path()), testing::SizeIs(1));
  ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
  EXPECT_THAT(names_in(scratch_.path()),
              ElementsAre("debian12-sda", "debian12-sdb", "debian12.xml"));
  EXPECT_EQ(read_file(scratch_ / "debian12-sdb"), "second disk");
  EXPECT_THAT(read_file(scratch_ / "debian12.xml"),
              HasSubstr("<source file='" + (scratch_ / "debian12-sdb").string() + "'/>"));
  const v2v_output_description *description = nullptr;
  const v2v_describe_request describe = {sizeof describe, 0};
  ASSERT_EQ(output_->describe(instance_, &describe, &description), V2V_OK);
  EXPECT_EQ(description->destination, "-o local -os " + scratch_.path().string());
  EXPECT_EQ(description->keep_serial_console, V2V_YES);
}

TEST_F(OutputPlugin, LocalOutputsLeaveNothingWhenAborted) {
  for (const char *name : {"local", "qemu", "kubevirt"}) {
    load(name);
    const auto guest = two_disks();
    fill(guest);
    output_->close(instance_);
    instance_ = nullptr;
    abort();
    EXPECT_THAT(names_in(scratch_.path()), IsEmpty());

    fill(guest);
    ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
    output_->close(instance_);
    instance_ = nullptr;
    abort();
    abort();
    EXPECT_THAT(names_in(scratch_.path()), IsEmpty());
  }
}

TEST_F(OutputPlugin, KubeVirtShowsItsResultAtCommit) {
  load("kubevirt");
  auto guest = two_disks();
  guest.name = "Debian 12";
  fill(guest);
  write_file(targets_[1]->location->path, "second disk");
  ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
  EXPECT_THAT(names_in(scratch_.path()),
              ElementsAre("Debian 12-sda", "Debian 12-sdb", "Debian 12.yaml"));
  EXPECT_EQ(read_file(scratch_ / "Debian 12-sdb"), "second disk");
  EXPECT_THAT(read_file(scratch_ / "Debian 12.yaml"),
              HasSubstr("path: \"" + (scratch_ / "Debian 12-sdb").string() + "\""));
  EXPECT_THAT(host_.logged, testing::Contains("in Kubernetes the guest is called debian-12"));
}

TEST_F(OutputPlugin, KubeVirtRefusesAtPrecheckANameThatCannotBeMadeFit) {
  load("kubevirt");
  auto guest = two_disks();
  guest.name = "日本";
  ASSERT_EQ(open(request()), V2V_OK);
  EXPECT_EQ(precheck(guest), V2V_E_USAGE);
  EXPECT_THAT(host_.error, HasSubstr("-on"));
}

TEST_F(OutputPlugin, QemuWritesAScriptThatCanBeRun) {
  load("qemu");
  const auto guest = two_disks();
  fill(guest);
  ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
  EXPECT_THAT(names_in(scratch_.path()),
              ElementsAre("debian12-sda", "debian12-sdb", "debian12.sh"));
  const auto script = (scratch_ / "debian12.sh").string();
  EXPECT_EQ(shell("test -x " + script + " && sh -n " + script).status, 0);
}

TEST_F(OutputPlugin, QemuBootRunsTheScriptAfterwards) {
  load("qemu");
  const auto bin = scratch_ / "bin";
  std::filesystem::create_directory(bin);
  write_file(bin / "qemu-system-x86_64",
             "#!/bin/sh\necho \"$2 $3 $4\"; : >" + bin.string() + "/started\n");
  std::filesystem::permissions(bin / "qemu-system-x86_64", std::filesystem::perms::owner_all);
  const std::string path = std::getenv("PATH");
  setenv("PATH", (bin.string() + ":" + path).c_str(), 1);
  const auto guest = two_disks();
  OutputRequest boot = request();
  boot.options.add("qemu-boot", "true");
  ASSERT_EQ(open(boot), V2V_OK);
  ASSERT_EQ(prepare(guest), V2V_OK);
  const auto committed = commit(guest);
  setenv("PATH", path.c_str(), 1);
  ASSERT_EQ(committed, V2V_OK) << host_.error;
  EXPECT_EQ(shell("until [ -e " + bin.string() + "/started ]; do sleep 0.05; done", 30).status, 0);
  EXPECT_EQ(read_file(scratch_ / "debian12.log"), "-nodefaults -name guest=debian12\n");
}

TEST_F(OutputPlugin, LocalRefusesAtPrecheckWhatXmlCannotSay) {
  load("local");
  auto guest = two_disks();
  guest.source.nics[0].network = "a\x01";
  ASSERT_EQ(open(request()), V2V_OK);
  EXPECT_EQ(precheck(guest), V2V_E_UNSUPPORTED);
  guest.name = "a\nb";
  EXPECT_EQ(precheck(guest), V2V_E_USAGE);
}

TEST_F(OutputPlugin, NullDiscards) {
  load("null");
  const auto guest = two_disks();
  ASSERT_EQ(open({}), V2V_OK);
  ASSERT_EQ(prepare(guest), V2V_OK);
  ASSERT_NE(targets_[1], nullptr);
  EXPECT_EQ(targets_[0]->mode, V2V_TARGET_DISCARD);
  EXPECT_EQ(targets_[1]->mode, V2V_TARGET_DISCARD);
  EXPECT_EQ(targets_[2], nullptr);
  EXPECT_EQ(commit(guest), V2V_OK);
}

TEST_F(OutputPlugin, NullRefusesWhatItCannotUse) {
  load("null");
  const auto error_for = [&](const std::function<void(OutputRequest &)> &change) {
    OutputRequest wrong;
    change(wrong);
    EXPECT_EQ(open(wrong), V2V_E_USAGE);
    return host_.error;
  };
  const std::string phrase = " option cannot be used in this output mode";
  EXPECT_THAT(error_for([](auto &r) { r.format = "qcow2"; }), HasSubstr("-o null: -of" + phrase));
  EXPECT_THAT(error_for([](auto &r) { r.storage = "/x"; }), HasSubstr("-os" + phrase));
  EXPECT_THAT(error_for([](auto &r) { r.connection = "/x"; }), HasSubstr("-oc" + phrase));
  EXPECT_THAT(error_for([](auto &r) { r.allocation = Allocation::preallocated; }),
              HasSubstr("-oa preallocated" + phrase));
  OutputRequest raw;
  raw.format = "raw";
  raw.allocation = Allocation::sparse;
  EXPECT_EQ(open(raw), V2V_OK);
}

}  // namespace
}  // namespace v2v::test
