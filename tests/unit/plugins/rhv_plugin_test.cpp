// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The built plugin rhv on export storage domains in a directory. As root, with owners and mounts for
// real; NFS alone is stood in for by a mount(8) that binds, since few test machines serve NFS.
// tests/e2e/rhv.sh converts a guest.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <fstream>
#include <pugixml.hpp>

#include "output_plugin.hpp"

namespace v2v::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string domain_uuid = "12345678-1234-1234-1234-123456789abc";
constexpr unsigned vdsm = 36;

bool root() {
  return geteuid() == 0;
}

void give_to(const fs::path &path, unsigned user) {
  ASSERT_EQ(lchown(path.c_str(), user, user), 0);
  if (!fs::is_directory(path)) return;
  for (const auto &entry : fs::recursive_directory_iterator(path))
    ASSERT_EQ(lchown(entry.path().c_str(), user, user), 0);
}

struct stat look(const fs::path &path) {
  struct stat entry {};
  EXPECT_EQ(lstat(path.c_str(), &entry), 0) << path;
  return entry;
}

class Rhv : public OutputPlugin {
 protected:
  Rhv() : storage_(scratch_ / "storage"), domain_(storage_ / domain_uuid) {
    make_domain(domain_uuid);
    write_file(storage_ / "__DIRECT_IO_TEST__", "");
    write_file(domain_ / "images/of-another/volume", "kept");
    // So that vdsm can get there.
    fs::permissions(scratch_.path(), fs::perms(0755));
    if (root()) give_to(storage_, vdsm);
    load("rhv");
  }
  void make_domain(const std::string &uuid) const {
    fs::create_directories(storage_ / uuid / "images");
    fs::create_directories(storage_ / uuid / "master/vms");
  }
  v2v_status open_storage() {
    OutputRequest asked;
    asked.storage = storage_;
    return open(asked);
  }
  /// Everything up to, and not including, commit.
  void fill_domain(const Metadata &guest) {
    ASSERT_EQ(open_storage(), V2V_OK) << host_.error;
    ASSERT_EQ(precheck(guest), V2V_OK) << host_.error;
    ASSERT_EQ(prepare(guest), V2V_OK) << host_.error;
  }
  std::string refusal(v2v_status expected) {
    EXPECT_EQ(open_storage(), V2V_OK);
    EXPECT_EQ(precheck(two_disks()), expected) << host_.error;
    close();
    return host_.error;
  }
  std::vector<std::string> everything() const {
    std::vector<std::string> found;
    for (const auto &entry : fs::recursive_directory_iterator(storage_))
      found.push_back(fs::relative(entry.path(), storage_));
    std::sort(found.begin(), found.end());
    return found;
  }
  fs::path machine() const {
    const auto names = names_in(domain_ / "master/vms");
    EXPECT_THAT(names, SizeIs(1));
    return domain_ / "master/vms" / names.at(0);
  }

  const fs::path storage_, domain_;
};

TEST_F(Rhv, LaysOutWhatTheEngineImports) {
  const auto guest = two_disks();
  fill_domain(guest);
  EXPECT_THAT(names_in(domain_ / "master/vms"), IsEmpty());
  for (unsigned i = 0; i < 2; ++i) {
    EXPECT_EQ(targets_[i]->mode, V2V_TARGET_HOST_WRITES);
    EXPECT_EQ(targets_[i]->reads_as_zero, V2V_YES);
    EXPECT_EQ(fs::file_size(targets_[i]->location->path), 1u << 20);
  }
  std::ofstream(targets_[1]->location->path, std::ios::in) << std::string(8192, 'x');
  ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
  if (root()) {
    EXPECT_THAT(host_.logged, IsEmpty());
  }

  const auto uuid = machine().filename().string();
  pugi::xml_document ovf;
  ASSERT_TRUE(ovf.load_file((machine() / (uuid + ".ovf")).c_str()));
  EXPECT_EQ(ovf.select_nodes("//Section/@ovf:id").size(), 1u);
  EXPECT_EQ(ovf.select_node("//Section/@ovf:id").attribute().value(), uuid);
  EXPECT_EQ(ovf.select_node("//rasd:StorageId").node().text().get(), domain_uuid);
  const auto files = ovf.select_nodes("//References/File");
  ASSERT_EQ(files.size(), 2u);
  for (unsigned i = 0; i < 2; ++i) {
    const auto file = files[i].node();
    const fs::path volume = domain_ / "images" / file.attribute("ovf:href").value();
    EXPECT_EQ(volume, targets_[i]->location->path);
    EXPECT_EQ(file.attribute("ovf:size").as_ullong(), look(volume).st_blocks * 512ull);
    const auto meta = read_file(volume.string() + ".meta");
    EXPECT_THAT(meta, HasSubstr("DOMAIN=" + domain_uuid + "\nVOLTYPE=LEAF\n"));
    EXPECT_THAT(meta, HasSubstr("\nIMAGE=" + volume.parent_path().filename().string() + "\n"));
    EXPECT_THAT(meta, HasSubstr("\nSIZE=2048\nFORMAT=RAW\nTYPE=SPARSE\n"));
    EXPECT_THAT(names_in(volume.parent_path()), SizeIs(2));
    EXPECT_EQ(look(volume).st_mode, S_IFREG | 0666u);
    EXPECT_EQ(look(volume.string() + ".meta").st_mode, S_IFREG | 0644u);
    EXPECT_EQ(look(volume.parent_path()).st_mode, S_IFDIR | 0755u);
  }
  EXPECT_EQ(look(machine()).st_mode, S_IFDIR | 0755u);
  EXPECT_EQ(look(machine() / (uuid + ".ovf")).st_mode, S_IFREG | 0644u);
}

TEST_F(Rhv, AllIsVdsmsWhenRootMakesIt) {
  if (!root()) GTEST_SKIP() << "needs root";
  const auto before = umask(077);
  auto guest = two_disks();
  guest.disks[1].format = "qcow2";
  fill_domain(guest);
  ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
  umask(before);
  for (const auto &entry : fs::recursive_directory_iterator(storage_)) {
    EXPECT_EQ(look(entry.path()).st_uid, vdsm) << entry.path();
    EXPECT_EQ(look(entry.path()).st_gid, vdsm) << entry.path();
  }
  EXPECT_EQ(look(targets_[1]->location->path).st_mode, S_IFREG | 0666u);
  EXPECT_EQ(look(machine()).st_mode, S_IFDIR | 0755u);
  EXPECT_EQ(shell("qemu-img info -f qcow2 " + std::string(targets_[1]->location->path) +
                  " | grep -q 'compat: 1.1'")
                .status,
            0);
  // The thread is root's again.
  write_file(scratch_ / "after", "");
  EXPECT_EQ(look(scratch_ / "after").st_uid, 0u);
}

TEST_F(Rhv, RootIsRefusedWhereVdsmIs) {
  if (!root()) GTEST_SKIP() << "needs root";
  for (const char *place : {"images", "master/vms"}) {
    give_to(storage_, vdsm);
    give_to(domain_ / place, 0);
    EXPECT_THAT(refusal(V2V_E_ACCESS), HasSubstr("run chown -R 36:36")) << place;
    abort();
  }
}

TEST_F(Rhv, SomebodyElseIsWarned) {
  if (!root()) GTEST_SKIP() << "needs root, to become somebody else";
  give_to(storage_, 65534);
  ASSERT_EQ(setegid(65534), 0);
  ASSERT_EQ(seteuid(65534), 0);
  EXPECT_EQ(open_storage(), V2V_OK);
  EXPECT_EQ(precheck(two_disks()), V2V_OK) << host_.error;
  EXPECT_EQ(precheck(two_disks()), V2V_OK) << host_.error;
  EXPECT_EQ(prepare(two_disks()), V2V_OK) << host_.error;
  EXPECT_EQ(commit(two_disks()), V2V_OK) << host_.error;
  EXPECT_EQ(seteuid(0), 0);
  EXPECT_EQ(setegid(0), 0);
  EXPECT_THAT(host_.logged, ElementsAre(AllOf(HasSubstr("belong to 65534:65534 and not to 36:36"),
                                              HasSubstr("run it again as root"))));
  EXPECT_EQ(look(machine()).st_uid, 65534u);
}

TEST_F(Rhv, LeavesNothingWhenAborted) {
  const auto before = everything();
  const auto guest = two_disks();
  fill_domain(guest);
  EXPECT_NE(everything(), before);
  close();
  abort();
  EXPECT_EQ(everything(), before);

  host_.records.clear();
  fill_domain(guest);
  ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
  close();
  EXPECT_NE(everything(), before);
  abort();
  abort();
  EXPECT_EQ(everything(), before);
}

TEST_F(Rhv, EveryNoteComesBeforeWhatItNames) {
  const auto before = everything();
  std::vector<std::string> unnamed;
  const auto check = [&] {
    for (const auto &path : everything()) {
      const bool old = std::count(before.begin(), before.end(), path) != 0;
      const bool named =
          std::any_of(host_.records.begin(), host_.records.end(), [&](const std::string &note) {
            return note.find("/" + path + "\"") != std::string::npos;
          });
      if (!old && !named) unnamed.push_back(path);
    }
  };
  host_.on_note = check;
  fill_domain(two_disks());
  check();
  ASSERT_EQ(commit(two_disks()), V2V_OK);
  check();
  EXPECT_THAT(unnamed, IsEmpty());
}

TEST_F(Rhv, WhatIsNoExportDomainIsRefused) {
  const std::string second = "22345678-1234-1234-1234-123456789abc";
  make_domain(second);
  EXPECT_THAT(refusal(V2V_E_UNSUPPORTED), HasSubstr("2 storage domains"));
  fs::remove_all(storage_ / second);
  fs::rename(domain_ / "master/vms", domain_ / "master/none");
  EXPECT_THAT(refusal(V2V_E_NOT_FOUND), HasSubstr("attach it to a data center"));
  fs::rename(domain_ / "master/none", domain_ / "master/vms");
  fs::rename(domain_ / "images", domain_ / "none");
  EXPECT_THAT(refusal(V2V_E_NOT_FOUND), HasSubstr("no directory images"));
  fs::remove_all(domain_);
  EXPECT_THAT(refusal(V2V_E_NOT_FOUND), HasSubstr("there is no storage domain"));
  fs::remove_all(storage_);
  EXPECT_THAT(refusal(V2V_E_NOT_FOUND), HasSubstr(storage_.string()));
}

TEST_F(Rhv, OptionsThatMakeNoSenseAreRefused) {
  EXPECT_EQ(open({}), V2V_E_USAGE);
  EXPECT_THAT(host_.error, HasSubstr("-os"));
  for (const char *storage : {"-o:/x", ":/x", "/a\nb"}) {
    OutputRequest wrong;
    wrong.storage = storage;
    EXPECT_EQ(open(wrong), V2V_E_USAGE) << storage;
  }
  OutputRequest wrong;
  wrong.storage = storage_;
  wrong.connection = "x";
  EXPECT_EQ(open(wrong), V2V_E_USAGE);
  EXPECT_THAT(host_.error, HasSubstr("-oc option cannot be used in this output mode"));
  wrong.connection.clear();
  wrong.format = "vmdk";
  EXPECT_EQ(open(wrong), V2V_E_USAGE);
}

TEST_F(Rhv, TakesTwentyThreeDisks) {
  const auto guest = debian_guest(23);
  fill_domain(guest);
  const v2v_output_description *description = nullptr;
  const v2v_describe_request describe = {sizeof describe, 0};
  ASSERT_EQ(output_->describe(instance_, &describe, &description), V2V_OK);
  EXPECT_EQ(description->max_disks, 23u);
  EXPECT_EQ(description->keep_serial_console, V2V_NO);
  EXPECT_EQ(description->size_granularity, 512u);
  ASSERT_EQ(commit(guest), V2V_OK) << host_.error;
  EXPECT_THAT(names_in(domain_ / "images"), SizeIs(24));
}

TEST_F(Rhv, ReservesSpaceAndSaysSo) {
  auto asked = OutputRequest();
  asked.storage = storage_;
  asked.allocation = Allocation::preallocated;
  ASSERT_EQ(open(asked), V2V_OK);
  ASSERT_EQ(precheck(two_disks()), V2V_OK) << host_.error;
  ASSERT_EQ(prepare(two_disks()), V2V_OK) << host_.error;
  EXPECT_GE(look(targets_[0]->location->path).st_blocks * 512, 1 << 20);
  EXPECT_EQ(targets_[0]->preallocated, V2V_YES);
  ASSERT_EQ(commit(two_disks()), V2V_OK) << host_.error;
  EXPECT_THAT(read_file(std::string(targets_[0]->location->path) + ".meta"),
              HasSubstr("TYPE=PREALLOCATED"));
  auto huge = two_disks();
  huge.disks[0].virtual_size = std::uint64_t{1} << 60;
  EXPECT_EQ(precheck(huge), V2V_E_NO_SPACE);
}

/// A file system of its own for the domain.
class RhvVolume : public Rhv {
 protected:
  void SetUp() override {
    if (!root()) GTEST_SKIP() << "needs root, to mount";
    fs::remove_all(storage_);
    fs::create_directories(storage_);
    if (::mount("none", storage_.c_str(), "tmpfs", 0, "size=256k,mode=755") != 0)
      GTEST_SKIP() << "cannot mount here";
    mounted_ = true;
    make_domain(domain_uuid);
    give_to(storage_, vdsm);
  }
  void TearDown() override {
    Rhv::TearDown();
    if (!mounted_) return;
    EXPECT_EQ(umount2(storage_.c_str(), MNT_DETACH), 0);
  }
  bool mounted_ = false;
};

TEST_F(RhvVolume, ReadOnlyIsRefused) {
  ASSERT_EQ(::mount("none", storage_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
  EXPECT_THAT(refusal(V2V_E_ACCESS), HasSubstr("mount it writable"));
}

TEST_F(RhvVolume, FullIsRefused) {
  std::ofstream(storage_ / "filling") << std::string(1 << 20, 'x');
  EXPECT_THAT(refusal(V2V_E_NO_SPACE), HasSubstr("free some space"));
}

TEST_F(RhvVolume, FullAtTheEndLeavesNothing) {
  const auto before = everything();
  const auto guest = two_disks();
  fill_domain(guest);
  std::ofstream(targets_[0]->location->path) << std::string(1 << 20, 'x');
  EXPECT_EQ(commit(guest), V2V_E_NO_SPACE) << host_.error;
  EXPECT_THAT(names_in(domain_ / "master/vms"),
              testing::Not(Contains(testing::Not(HasSubstr(".v2v-")))));
  close();
  abort();
  EXPECT_EQ(everything(), before);
}

/// mount(8) by a script that binds the directory instead of asking an NFS server.
class RhvMount : public Rhv {
 protected:
  void SetUp() override {
    if (!root()) GTEST_SKIP() << "needs root, to mount";
    path_ = std::getenv("PATH");
    const auto bin = scratch_ / "bin";
    write_file(bin / "mount", "#!/bin/sh\nprintf '%s|' \"$@\" >>" + (scratch_ / "asked").string() +
                                  "\nexport PATH='" + path_ + "'\nexec mount --bind " +
                                  storage_.string() + " \"$2\"\n");
    fs::permissions(bin / "mount", fs::perms(0755));
    setenv("PATH", (bin.string() + ":" + path_).c_str(), 1);
    setenv("TMPDIR", (scratch_ / "tmp dir").c_str(), 1);
    fs::create_directory(scratch_ / "tmp dir");
  }
  void TearDown() override {
    Rhv::TearDown();
    if (path_.empty()) return;
    setenv("PATH", path_.c_str(), 1);
    unsetenv("TMPDIR");
    (void)shell("umount '" + (scratch_ / "tmp dir").string() + "'/* 2>/dev/null");
  }
  v2v_status open_export() {
    OutputRequest asked;
    asked.storage = "server:/export/of:/rhv";
    return open(asked);
  }
  std::vector<std::string> mounts() const { return names_in(scratch_ / "tmp dir"); }
  std::string path_;
};

TEST_F(RhvMount, MountsAndUnmounts) {
  ASSERT_EQ(open_export(), V2V_OK);
  EXPECT_THAT(mounts(), IsEmpty());
  ASSERT_EQ(precheck(two_disks()), V2V_OK) << host_.error;
  ASSERT_EQ(precheck(two_disks()), V2V_OK) << host_.error;
  ASSERT_THAT(mounts(), SizeIs(1));
  const auto at = scratch_ / "tmp dir" / mounts()[0];
  EXPECT_EQ(read_file(scratch_ / "asked"), "server:/export/of:/rhv|" + at.string() + "|");
  EXPECT_THAT(host_.records.at(0), AllOf(HasSubstr("\"mount\""), HasSubstr(at.string())));
  ASSERT_EQ(prepare(two_disks()), V2V_OK) << host_.error;
  EXPECT_THAT(targets_[0]->location->path, HasSubstr(at.string()));
  EXPECT_THAT(targets_[0]->display_name, HasSubstr("server:/export/of:/rhv/" + domain_uuid));
  ASSERT_EQ(commit(two_disks()), V2V_OK) << host_.error;
  EXPECT_THAT(mounts(), IsEmpty());
  EXPECT_THAT(names_in(machine()), SizeIs(1));
}

TEST_F(RhvMount, AbortUnmountsLast) {
  const auto before = everything();
  ASSERT_EQ(open_export(), V2V_OK);
  ASSERT_EQ(prepare(two_disks()), V2V_OK) << host_.error;
  close();
  ASSERT_THAT(mounts(), SizeIs(1));
  abort();
  EXPECT_THAT(mounts(), IsEmpty());
  EXPECT_EQ(everything(), before);
}

TEST_F(RhvMount, AbortMountsAnewAfterARestart) {
  const auto before = everything();
  ASSERT_EQ(open_export(), V2V_OK);
  ASSERT_EQ(prepare(two_disks()), V2V_OK) << host_.error;
  close();
  const auto at = scratch_ / "tmp dir" / mounts().at(0);
  ASSERT_EQ(umount2(at.c_str(), 0), 0);
  fs::remove(at);
  EXPECT_NE(everything(), before);
  abort();
  EXPECT_EQ(everything(), before);
  EXPECT_THAT(mounts(), IsEmpty());
}

TEST_F(RhvMount, AFailureToMountIsTold) {
  write_file(scratch_ / "bin/mount", "#!/bin/sh\necho 'mount.nfs: no such host' >&2; exit 32\n");
  ASSERT_EQ(open_export(), V2V_OK);
  EXPECT_EQ(precheck(two_disks()), V2V_E_ACCESS);
  EXPECT_THAT(host_.error, AllOf(HasSubstr("server:/export/of:/rhv: cannot mount"),
                                 HasSubstr("mount.nfs: no such host"), HasSubstr("nfs-common")));
  EXPECT_THAT(mounts(), IsEmpty());
  close();
  abort();
}

}  // namespace
}  // namespace v2v::test
