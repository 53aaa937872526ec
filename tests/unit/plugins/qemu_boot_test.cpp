// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The script really starts a guest: QEMU under TCG boots a disk that is only a boot sector, which
// prints a letter and its disk's name on the serial line and powers off.
#include <gmock/gmock.h>

#include "firmware.hpp"
#include "output_fixture.hpp"
#include "script.hpp"

namespace v2v::test {
namespace {

using testing::HasSubstr;

/// 16-bit code that writes `message` to COM1 and then powers off through ACPI's PM1a control
/// register, which q35 and i440fx have at 0x604.
std::string boot_sector(const std::string &message) {
  std::string code = {'\x31', '\xc0',          // xor ax, ax
                      '\x8e', '\xd8',          // mov ds, ax
                      '\xbe', '\x40', '\x7c',  // mov si, 0x7c40
                      '\xba', '\xfd', '\x03',  // next: mov dx, 0x3fd
                      '\xec',                  // wait: in al, dx
                      '\xa8', '\x20',          // test al, 0x20
                      '\x74', '\xfb',          // jz wait
                      '\xac',                  // lodsb
                      '\x84', '\xc0',          // test al, al
                      '\x74', '\x06',          // jz off
                      '\xba', '\xf8', '\x03',  // mov dx, 0x3f8
                      '\xee',                  // out dx, al
                      '\xeb', '\xed',          // jmp next
                      '\xba', '\x04', '\x06',  // off: mov dx, 0x604
                      '\xb8', '\x00', '\x20',  // mov ax, 0x2000
                      '\xef',                  // out dx, ax
                      '\xf4'};                 // hlt
  code.resize(0x40);
  code += message;
  code.resize(510);
  return code + "\x55\xaa";
}

class QemuBoot : public testing::Test {
 protected:
  void SetUp() override {
    if (shell("command -v qemu-system-x86_64").status != 0) GTEST_SKIP() << "no QEMU";
  }

  /// What the serial line says. Disk i says "disk i".
  std::string boot(const Metadata &guest) {
    const std::string directory = scratch_.path();
    const auto disks = file_disks(guest, directory);
    for (std::size_t i = 0; i < disks.size(); ++i) {
      write_file(disks[i].path, boot_sector("disk " + std::to_string(i) + "\n"));
      std::filesystem::resize_file(disks[i].path, 1 << 20);
    }
    const auto file = scratch_ / "guest.sh";
    write_file(file, output_qemu::qemu_script(guest, disks,
                                              {directory + "/vars.fd", directory + "/tpm"}, {}));
    const auto ran = shell("/bin/sh '" + file.string() + "' -machine accel=tcg </dev/null", 90);
    return std::to_string(ran.status) + ": " + ran.output;
  }

  TemporaryDirectory scratch_;
};

TEST_F(QemuBoot, FromEveryBusOnBothMachines) {
  for (const auto machine : {Machine::q35, Machine::i440fx})
    for (const auto bus : {BlockBus::virtio_blk, BlockBus::virtio_scsi, BlockBus::ide}) {
      auto guest = debian_guest(2);
      guest.name = "a, 'b' $c";
      use_bus(guest, bus);
      guest.caps.machine = machine;
      guest.inspection.boot_disk = 1;
      EXPECT_THAT(boot(guest), HasSubstr("disk 1\n"))
          << static_cast<int>(machine) << static_cast<int>(bus);
    }
}

TEST_F(QemuBoot, TwelveDisksFromTheLast) {
  for (const auto bus : {BlockBus::virtio_blk, BlockBus::virtio_scsi, BlockBus::ide}) {
    auto guest = debian_guest(12);
    use_bus(guest, bus);
    guest.inspection.boot_disk = 11;
    EXPECT_THAT(boot(guest), HasSubstr("disk 11\n")) << static_cast<int>(bus);
  }
}

TEST_F(QemuBoot, FortyVirtioDisks) {
  auto guest = debian_guest(40);
  EXPECT_THAT(boot(guest), HasSubstr("disk 0\n"));
}

TEST_F(QemuBoot, WithEveryDevice) {
  for (const auto machine : {Machine::q35, Machine::i440fx}) {
    auto guest = debian_guest();
    guest.caps.machine = machine;
    auto &caps = guest.caps;
    caps.virtio_rng = caps.virtio_balloon = caps.isa_pvpanic = caps.virtio_socket = true;
    guest.source.genid = "8f2b8a5e-6c65-4c4f-9d2a-0b7c6d7e8f90";
    guest.source.vcpus = 2;
    guest.source.removables = {{Removable::Type::cdrom, Controller::ide, 1u},
                               {Removable::Type::floppy, Controller::unknown, std::nullopt},
                               {Removable::Type::cdrom, Controller::scsi, std::nullopt}};
    guest.buses.ide = {{}, {Slot::Type::removable, 0}};
    guest.buses.floppy = {{Slot::Type::removable, 1}};
    guest.buses.scsi = {{Slot::Type::removable, 2}};
    guest.source.nics.push_back({Nic::Type::bridge, "", "br0", "", {}});
    for (const char *sound : {"ac97", "es1370", "ich6", "ich9", "sb16", "usb", "pcspk"}) {
      guest.source.sound = sound;
      EXPECT_THAT(boot(guest), HasSubstr("disk 0\n")) << sound;
    }
  }
}

TEST_F(QemuBoot, WithATpm) {
  if (shell("command -v swtpm").status != 0) GTEST_SKIP() << "no swtpm";
  auto guest = debian_guest();
  guest.source.tpm = true;
  EXPECT_THAT(boot(guest), HasSubstr("disk 0\n"));
  EXPECT_TRUE(std::filesystem::exists(scratch_ / "tpm"));
}

// There is nothing to boot for UEFI: that its firmware says so on the serial line shows that it
// ran.
TEST_F(QemuBoot, UefiFirmwareStarts) {
  for (const bool secure_boot : {false, true}) {
    if (!output_qemu::firmware_here(output_qemu::firmware_pairs("x86_64", secure_boot)))
      GTEST_SKIP() << "no OVMF";
    auto guest = debian_guest();
    guest.firmware = Firmware::uefi;
    guest.source.secure_boot = secure_boot;
    const std::string directory = scratch_.path();
    const auto file = scratch_ / "guest.sh";
    write_file(scratch_ / "debian12-sda", std::string(1 << 20, '\0'));
    write_file(file, output_qemu::qemu_script(guest, file_disks(guest, directory),
                                              {directory + "/vars.fd", directory + "/tpm"}, {}));
    // The firmware goes on to wait for a key; the first words about booting are enough.
    const auto ran = shell("(timeout 100 /bin/sh '" + file.string() +
                               "' -machine accel=tcg -serial file:" + directory +
                               "/serial </dev/null) & \n"
                               "for i in $(seq 180); do grep -aq BdsDxe " +
                               directory + "/serial && break; sleep 0.5; done\nkill $!\ncat " +
                               directory + "/serial",
                           110);
    EXPECT_THAT(ran.output, HasSubstr("BdsDxe")) << secure_boot;
    EXPECT_EQ(std::filesystem::exists(scratch_ / "vars.fd"), true);
    std::filesystem::remove(scratch_ / "vars.fd");
    std::filesystem::remove(scratch_ / "serial");
  }
}

}  // namespace
}  // namespace v2v::test
