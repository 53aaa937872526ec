// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The KubeVirt manifest against files in data/, and every one of them against KubeVirt's API. After a
// wanted change, V2V_UPDATE_GOLDEN=1 writes the files anew.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "kubevirt_schema.hpp"
#include "manifest.hpp"
#include "names.hpp"
#include "output_fixture.hpp"

namespace v2v::test {
namespace {

using output_kubevirt::fit_name;
using output_kubevirt::fit_network;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string in_domain = "spec.template.spec.domain.";

class Manifest : public testing::Test {
 protected:
  std::string of(const Metadata &guest) {
    warnings_.clear();
    return output_kubevirt::manifest(
        guest, file_disks(guest), [this](const std::string &text) { warnings_.push_back(text); });
  }
  /// The values at `path`, of a manifest that the API takes.
  std::vector<std::string> values(const Metadata &guest, const std::string &path) {
    const auto leaves = leaves_of(of(guest));
    EXPECT_THAT(faults_of(leaves), IsEmpty());
    std::vector<std::string> found;
    for (const auto &leaf : leaves)
      if (leaf.path == path) found.push_back(leaf.value);
    return found;
  }
  void expect_golden(const std::string &name, const Metadata &guest) {
    const auto file = std::filesystem::path(V2V_TEST_DATA) / (name + ".yaml");
    const auto text = of(guest);
    if (std::getenv("V2V_UPDATE_GOLDEN")) write_file(file, text);
    EXPECT_EQ(text, read_file(file)) << file;
    EXPECT_THAT(faults_of(leaves_of(text)), IsEmpty());
  }

  std::vector<std::string> warnings_;
};

Metadata windows_guest() {
  auto guest = debian_guest(2);
  guest.name = guest.source.name = "Fenster 2/Küche";
  guest.firmware = Firmware::uefi;
  guest.source.secure_boot = guest.source.tpm = true;
  guest.source.genid = "8f2b8a5e-6c65-4c4f-9d2a-0b7c6d7e8f90";
  guest.source.hypervisor = "vmware";
  guest.source.vcpus = 8;
  guest.source.cpu_sockets = guest.source.cpu_cores = guest.source.cpu_threads = 2;
  guest.source.cpu_model = "Haswell";
  guest.source.sound = "ich9";
  guest.source.nics.push_back({Nic::Type::network, "00:11:22:33:44:56", "default", "e1000", {}});
  guest.source.nics.push_back({Nic::Type::bridge, "", "br0", "e1000", {}});
  guest.inspection.type = guest.inspection.distro = "windows";
  guest.inspection.osinfo = "win2k22";
  guest.inspection.boot_disk = 1;
  guest.caps.rtc_utc = false;
  guest.caps.virtio_rng = guest.caps.virtio_balloon = true;
  return guest;
}

TEST_F(Manifest, Debian) {
  expect_golden("kubevirt-debian", debian_guest());
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(Manifest, WindowsWithEverything) {
  expect_golden("kubevirt-windows", windows_guest());
  EXPECT_THAT(warnings_, testing::UnorderedElementsAre(
                             HasSubstr("local time"),
                             HasSubstr("card 2 needs the NetworkAttachmentDefinition \"default\""),
                             HasSubstr("card 3 needs the NetworkAttachmentDefinition \"br0\"")));
}

TEST_F(Manifest, TheCheckFindsFaults) {
  auto leaves = leaves_of(of(debian_guest()));
  leaves.push_back({in_domain + "resources.clock.utc", "{}"});
  leaves.push_back({in_domain + "cpu.threads", "2", true});
  leaves.push_back({in_domain + "devices.disks[].name", "disk-0"});
  leaves.push_back({"spec.template.spec.networks[].pod", "{}"});
  EXPECT_THAT(
      faults_of(leaves),
      ElementsAre(HasSubstr("resources.clock.utc: the API has no such field"),
                  HasSubstr("cpu.threads: 2 is not possible"), HasSubstr("more than one card"),
                  HasSubstr("a name is there twice"), HasSubstr("have other names")));
  EXPECT_ANY_THROW(leaves_of("a: 1\n---\nb: 1\n"));
  EXPECT_ANY_THROW(leaves_of("a: 1\na: 2\n"));
}

TEST_F(Manifest, HostileNamesStayText) {
  auto guest = debian_guest();
  for (const std::string name :
       {"a: b", "- a", "&a *a !a", "a'\"\\", "a\n---\nkind: Pod", "1e3", "true", "null", "a #b",
        "{a: [b]}", "u\xe2\x80\xa8Ü", "a\x7f\x01", "%TAG"}) {
    guest.name = name;
    EXPECT_THAT(values(guest, "metadata.name"), ElementsAre(fit_name(name)));
    const auto kept = values(guest, "metadata.annotations.v2v/original-name");
    if (fit_name(name) == name)
      EXPECT_THAT(kept, IsEmpty());
    else
      EXPECT_THAT(kept, ElementsAre(name));
    // '/' aside the name is in the name of the file as it is.
    EXPECT_THAT(values(guest, "spec.template.spec.volumes[].hostDisk.path"),
                ElementsAre("/var/tmp/" + name + "-sda"));
  }
  guest = debian_guest();
  guest.source.nics[0].network = "a: b\n\"";
  guest.source.hypervisor = guest.inspection.osinfo = "x y";
  guest.source.cpu_model = "a: b";
  guest.source.sound = "\x1b[2J";
  guest.source.nics[0].mac = "zz";
  EXPECT_THAT(values(guest, "spec.template.spec.networks[].multus.networkName"),
              ElementsAre("a-b"));
  EXPECT_THAT(of(guest), Not(HasSubstr("labels")));
  EXPECT_THAT(of(guest), Not(HasSubstr("macAddress")));
  EXPECT_THAT(warnings_, Not(Contains(HasSubstr("\x1b"))));
}

TEST(ManifestNames, AreFitForKubernetes) {
  EXPECT_EQ(fit_name("debian12"), "debian12");
  EXPECT_EQ(fit_name("a.b-c"), "a.b-c");
  EXPECT_EQ(fit_name("RHEL 7 (old)"), "rhel-7-old");
  EXPECT_EQ(fit_name("-.a-.-b.-"), "a.b");
  EXPECT_EQ(fit_name("a..b"), "a.b");
  EXPECT_EQ(fit_name("Küche"), "k-che");
  EXPECT_EQ(fit_name("日本 _/"), "");
  EXPECT_EQ(fit_name(std::string(62, 'a') + ".b"), std::string(62, 'a'));
  EXPECT_EQ(fit_network("Ns/VM Network"), "ns/vm-network");
  EXPECT_EQ(fit_network("/x"), "x");
}

TEST_F(Manifest, ANameOfNothingIsRefused) {
  auto guest = debian_guest();
  guest.name = "日本";
  const auto error = error_of([&] { of(guest); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::usage);
  EXPECT_THAT(error->remedy(), HasSubstr("-on"));
  guest = debian_guest();
  EXPECT_EQ(error_of([&] {
              output_kubevirt::manifest(
                  guest, {{machine::DiskSource::Kind::file, "/\xff", {}, "raw"}}, {});
            })->code(),
            Code::unsupported);
}

TEST_F(Manifest, EveryBusHasAName) {
  auto guest = debian_guest(3);
  guest.inspection.boot_disk = 2;
  const auto buses = [&] { return values(guest, in_domain + "devices.disks[].disk.bus"); };
  EXPECT_THAT(buses(), ElementsAre("virtio", "virtio", "virtio"));
  EXPECT_THAT(values(guest, in_domain + "devices.disks[].bootOrder"), ElementsAre("2", "3", "1"));
  use_bus(guest, BlockBus::virtio_scsi);
  EXPECT_THAT(buses(), ElementsAre("scsi", "scsi", "scsi"));
  use_bus(guest, BlockBus::ide);
  EXPECT_THAT(buses(), ElementsAre("sata", "sata", "sata"));
  EXPECT_THAT(warnings_, IsEmpty());
  guest.caps.machine = v2v::Machine::i440fx;
  EXPECT_THAT(buses(), ElementsAre("sata", "sata", "sata"));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("no IDE"), HasSubstr("emulatedMachines")));
}

TEST_F(Manifest, WhatKubeVirtLacksIsToldOnce) {
  auto guest = debian_guest();
  guest.source.removables = {{Removable::Type::cdrom, Controller::ide, 0u},
                             {Removable::Type::floppy, Controller::unknown, {}}};
  guest.buses.ide = {{Slot::Type::removable, 0}};
  guest.buses.floppy = {{Slot::Type::removable, 1}};
  guest.source.sound = "sb16";
  EXPECT_THAT(values(guest, in_domain + "devices.disks[].name"), ElementsAre("disk-0"));
  EXPECT_THAT(warnings_,
              ElementsAre(HasSubstr("drives without a medium"), HasSubstr("sound card \"sb16\"")));
}

TEST_F(Manifest, WithoutACardThereIsNone) {
  auto guest = debian_guest();
  guest.source.nics.clear();
  EXPECT_THAT(values(guest, in_domain + "devices.autoattachPodInterface"), ElementsAre("false"));
  EXPECT_THAT(values(guest, "spec.template.spec.networks[].name"), IsEmpty());
}

TEST_F(Manifest, MemoryIsRoundedUp) {
  auto guest = debian_guest();
  guest.source.memory = (std::uint64_t{512} << 20) + 1;
  EXPECT_THAT(values(guest, in_domain + "memory.guest"), ElementsAre("513Mi"));
}

TEST_F(Manifest, UefiWithoutSecureBootSaysSo) {
  auto guest = debian_guest();
  guest.firmware = Firmware::uefi;
  EXPECT_THAT(values(guest, in_domain + "firmware.bootloader.efi.secureBoot"),
              ElementsAre("false"));
  EXPECT_THAT(values(guest, in_domain + "features.smm.enabled"), IsEmpty());
  guest.caps.arch = "aarch64";
  guest.caps.machine = v2v::Machine::virt;
  EXPECT_THAT(values(guest, "spec.template.spec.architecture"), ElementsAre("arm64"));
  EXPECT_THAT(values(guest, in_domain + "features.apic"), IsEmpty());
}

}  // namespace
}  // namespace v2v::test
