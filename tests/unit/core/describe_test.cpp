// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/describe.hpp>

#include <gtest/gtest.h>

namespace v2v::core {
namespace {

TEST(Describe, AnErrorAboutAServedDiskHasItsNameAndNotTheSocket) {
  Disk served, file;
  served.id = "scsi0:0 guest.vmdk";
  served.location.type = Location::Type::uri;
  served.location.path = "nbd+unix:///?socket=/run/x.sock";
  file.id = "sda";
  file.location.path = "/src/file.raw";
  const std::vector<Disk> disks = {file, served};
  const auto named = about_disk(Error(Code::io, "it broke", served.location.path, "look"), disks);
  EXPECT_EQ(named.code(), Code::io);
  EXPECT_EQ(named.failure(), "it broke");
  EXPECT_EQ(named.object(), "scsi0:0 guest.vmdk");
  EXPECT_EQ(named.remedy(), "look");
  // A person knows where a file is.
  EXPECT_EQ(about_disk(Error(Code::io, "it broke", "/src/file.raw"), disks).object(),
            "/src/file.raw");
  EXPECT_EQ(about_disk(Error(Code::io, "it broke", "other"), disks).object(), "other");
}

TEST(Describe, ASourceWithAllThereIs) {
  Source source;
  source.name = "web01";
  source.hypervisor = "vmware";
  source.memory = std::uint64_t{2} << 30;
  source.vcpus = 4;
  source.cpu_sockets = 2, source.cpu_cores = 2, source.cpu_threads = 1;
  source.cpu_model = "Westmere";
  source.firmware = Firmware::uefi;
  source.secure_boot = source.tpm = true;
  source.disks.resize(1);
  source.disks[0].controller = Controller::scsi;
  source.disks[0].location.path = "/src/web01.vmdk";
  source.disks[0].location.format = "vmdk";
  source.removables = {{Removable::Type::cdrom, Controller::ide, 1u}};
  source.nics = {{Nic::Type::bridge, "52:54:00:00:00:01", "VM Network", "vmxnet3", {}}};
  source.display = Display{Display::Type::vnc, 5900, "", "hunter2", ""};
  source.sound = "ich9";
  EXPECT_EQ(describe_source(source),
            "Source:\n"
            "  name: web01, from vmware\n"
            "  memory: 2048 MiB\n"
            "  vCPUs: 4, 2 sockets of 2 cores of 1 threads, Westmere\n"
            "  firmware: UEFI, Secure Boot, TPM\n"
            "  disk 1: /src/web01.vmdk (vmdk, SCSI)\n"
            "  removable drive 1: CD-ROM (IDE, slot 1)\n"
            "  NIC: MAC 52:54:00:00:00:01, bridge VM Network, model vmxnet3\n"
            "  display: VNC\n"
            "  sound: ich9");
}

TEST(Describe, ASourceOfWhichLittleIsKnown) {
  Source source;
  source.name = "disk";
  source.nics.resize(1);
  EXPECT_EQ(describe_source(source),
            "Source:\n"
            "  name: disk\n"
            "  memory: 0 MiB\n"
            "  vCPUs: 1\n"
            "  firmware: not known\n"
            "  NIC: MAC not known, network default, model not known");
}

}  // namespace
}  // namespace v2v::core
