// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Runs the scripts with a QEMU that only prints its arguments, one per line.
#include <gmock/gmock.h>

#include <sstream>

#include "detached.hpp"
#include "devices.hpp"
#include "firmware.hpp"
#include "output_fixture.hpp"
#include "quoting.hpp"
#include "script.hpp"

namespace v2v::test {
namespace {

using output_qemu::qemu_script;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

class QemuScript : public testing::Test {
 protected:
  QemuScript() {
    std::filesystem::create_directory(bin());
    fake("qemu-system-x86_64",
         "case \"$*\" in *help*) echo \"$FAKE_HELP\"; exit;; esac\n"
         "for a in \"$@\"; do printf '%s\\n' \"$a\"; done");
  }

  std::filesystem::path bin() const { return scratch_ / "bin"; }

  void fake(const std::string &program, const std::string &body) {
    write_file(bin() / program, "#!/bin/sh\n" + body + "\n");
    std::filesystem::permissions(bin() / program, std::filesystem::perms::owner_all);
  }

  std::string script_of(const Metadata &guest) {
    return qemu_script(guest, file_disks(guest, "/d,ir"), {scratch_ / "n,v.fd", scratch_ / "tpm"},
                       [this](const std::string &text) { warnings_.push_back(text); });
  }

  Ran run(const std::string &script, const std::string &environment = {},
          const std::string &arguments = {}) {
    const auto file = scratch_ / "guest.sh";
    write_file(file, script);
    const auto syntax = shell("/bin/sh -n " + file.string());
    EXPECT_EQ(syntax.status, 0) << syntax.output << script;
    return shell("unset DISPLAY WAYLAND_DISPLAY XDG_RUNTIME_DIR\nPATH=" + bin().string() +
                 ":$PATH " + environment + " /bin/sh " + file.string() + " " + arguments);
  }

  std::vector<std::string> argv(const Metadata &guest, const std::string &environment = {},
                                const std::string &arguments = {}) {
    const auto ran = run(script_of(guest), environment, arguments);
    EXPECT_EQ(ran.status, 0) << ran.output;
    std::vector<std::string> lines;
    std::istringstream text(ran.output);
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  TemporaryDirectory scratch_;
  std::vector<std::string> warnings_;
};

TEST_F(QemuScript, MinimalBiosGuest) {
  EXPECT_THAT(
      argv(debian_guest()),
      testing::ElementsAre(
          "-no-user-config", "-nodefaults", "-name", "guest=debian12", "-machine",
          "q35,accel=kvm:tcg", "-m", "1024", "-cpu", "max", "-drive",
          "file=/d,,ir/debian12-sda,format=raw,if=none,id=drive-virtio-0,media=disk", "-device",
          "virtio-blk-pci,drive=drive-virtio-0,bootindex=1", "-netdev", "user,id=net0", "-device",
          "virtio-net-pci,netdev=net0,mac=00:11:22:33:44:55", "-display", "vnc=127.0.0.1:0,to=99",
          "-vga", "std", "-usb", "-device", "usb-tablet", "-serial", "stdio"));
}

TEST_F(QemuScript, WhatTheUserAddsComesLast) {
  const auto words = argv(debian_guest(), {}, "-machine accel=tcg 'a b'");
  ASSERT_GE(words.size(), 3u);
  EXPECT_EQ(words[words.size() - 1], "a b");
  EXPECT_EQ(words[words.size() - 2], "accel=tcg");
}

TEST_F(QemuScript, HostileNamesReachQemuAsTheyAre) {
  for (const std::string name :
       {"a b", "$(touch pwned)", "`id`", "a'b", "a\"b", "'; exit 3; '", "a\\", "a,b,readonly=on",
        "-x", "..", "*", "~", "!!", "a\nEOF\nexit 3\n", "日本", "#x", "a=b", "$'x'", "%s{}"}) {
    auto guest = debian_guest();
    guest.name = name;
    const auto ran = run(script_of(guest));
    ASSERT_EQ(ran.status, 0) << name << ran.output;
    EXPECT_THAT(ran.output, HasSubstr("\nguest=" + output_qemu::option_value(name) + "\n"));
    EXPECT_THAT(ran.output,
                HasSubstr("\nfile=/d,,ir/" + output_qemu::option_value(machine::file_stem(name)) +
                          "-sda,format=raw"));
  }
}

TEST_F(QemuScript, OtherHostileStringsAreLeftOut) {
  auto guest = debian_guest();
  guest.generator = "x\nexit 9";
  guest.source.cpu_model = "host,$(id)";
  guest.source.genid = "1;id";
  guest.source.nics[0].mac = "';id";
  guest.source.sound = "$(id)";
  const auto words = argv(guest);
  EXPECT_THAT(words, IsSupersetOf({"max", "virtio-net-pci,netdev=net0"}));
  EXPECT_EQ(warnings_.size(), 3u);
  guest.caps.arch = "x86;id";
  EXPECT_EQ(error_of([&] { script_of(guest); })->code(), Code::unsupported);
}

TEST_F(QemuScript, ProcessorClockAndGenerationId) {
  auto guest = debian_guest();
  guest.source.vcpus = 4;
  guest.source.cpu_sockets = 2, guest.source.cpu_cores = 2, guest.source.cpu_threads = 1;
  guest.source.cpu_model = "Westmere";
  guest.source.genid = "8f2b8a5e-6c65-4c4f-9d2a-0b7c6d7e8f90";
  guest.caps.rtc_utc = false;
  guest.caps.machine = Machine::i440fx;
  EXPECT_THAT(argv(guest),
              IsSupersetOf({"cpus=4,sockets=2,cores=2,threads=1", "Westmere", "base=localtime",
                            "pc,accel=kvm:tcg",
                            "vmgenid,guid=8f2b8a5e-6c65-4c4f-9d2a-0b7c6d7e8f90,id=vmgenid0"}));
}

TEST_F(QemuScript, IdeOnI440fxAndWhatDoesNotFit) {
  auto guest = debian_guest(5);
  use_bus(guest, BlockBus::ide);
  guest.caps.machine = Machine::i440fx;
  guest.inspection.boot_disk = 0;
  EXPECT_THAT(argv(guest), IsSupersetOf({"ide-hd,bus=ide.0,unit=0,drive=drive-ide-0,bootindex=1",
                                         "ide-hd,bus=ide.1,unit=1,drive=drive-ide-3,bootindex=5",
                                         "ich9-ahci,id=ahci0",
                                         "ide-hd,bus=ahci0.0,drive=drive-sata-0,bootindex=6"}));
}

TEST_F(QemuScript, SataOnQ35HasSixPortsPerController) {
  auto guest = debian_guest(7);
  use_bus(guest, BlockBus::ide);
  EXPECT_THAT(argv(guest),
              IsSupersetOf({"ide-hd,bus=ide.5,drive=drive-sata-5,bootindex=6", "ich9-ahci,id=ahci1",
                            "ide-hd,bus=ahci1.0,drive=drive-sata-6,bootindex=7"}));
}

TEST_F(QemuScript, ScsiAndRemovableDrives) {
  auto guest = debian_guest(2);
  use_bus(guest, BlockBus::virtio_scsi);
  guest.source.removables = {{Removable::Type::cdrom, Controller::ide, 1u},
                             {Removable::Type::floppy, Controller::unknown, std::nullopt}};
  guest.buses.ide = {{}, {Slot::Type::removable, 0}};
  guest.buses.floppy = {{Slot::Type::removable, 1}};
  EXPECT_THAT(argv(guest), IsSupersetOf({"virtio-scsi-pci,id=scsi0",
                                         "scsi-hd,bus=scsi0.0,lun=1,drive=drive-scsi-1,bootindex=2",
                                         "ide-cd,bus=ide.1", "isa-fdc,id=floppy-bus",
                                         "floppy,bus=floppy-bus.0,unit=0"}));
}

TEST_F(QemuScript, ManyVirtioDisksShareSlots) {
  EXPECT_THAT(argv(debian_guest(16)), Not(Contains(HasSubstr("multifunction"))));
  EXPECT_THAT(argv(debian_guest(output_qemu::max_disks)),
              IsSupersetOf({"virtio-blk-pci,addr=0x8.0,multifunction=on,drive=drive-virtio-0,"
                            "bootindex=1",
                            "virtio-blk-pci,addr=0x17.7,multifunction=on,drive=drive-virtio-127,"
                            "bootindex=128"}));
}

TEST_F(QemuScript, AWindowWhereThereIsAScreen) {
  const auto guest = debian_guest();
  EXPECT_THAT(argv(guest, "DISPLAY=:0 FAKE_HELP=gtk"), Contains("gtk"));
  EXPECT_THAT(argv(guest, "DISPLAY=:0 FAKE_HELP=none"), Contains("vnc=127.0.0.1:0,to=99"));
  EXPECT_THAT(argv(guest, "FAKE_HELP=gtk"), Contains("vnc=127.0.0.1:0,to=99"));
}

TEST_F(QemuScript, DisplaysOfTheSourceStayOnThisMachine) {
  auto guest = debian_guest();
  guest.source.display = Display{Display::Type::spice, 5930, "", "secret", "0.0.0.0"};
  guest.source.sound = "ac97";
  const auto words = argv(guest);
  EXPECT_THAT(words, IsSupersetOf({"port=5930,addr=127.0.0.1,disable-ticketing=on",
                                   "spice,id=audio0", "AC97,audiodev=audio0"}));
  EXPECT_THAT(warnings_, testing::ElementsAre(HasSubstr("password")));
  EXPECT_THAT(script_of(guest), Not(HasSubstr("secret")));
  guest.source.display = Display{Display::Type::vnc, 5999, "", "", "0.0.0.0"};
  EXPECT_THAT(argv(guest), IsSupersetOf({"vnc=127.0.0.1:0,to=99", "none,id=audio0"}));
}

TEST_F(QemuScript, EverySoundCard) {
  for (const char *card : {"ac97", "es1370", "ich6", "ich9", "sb16", "usb", "pcspk"}) {
    auto guest = debian_guest();
    guest.source.sound = card;
    EXPECT_THAT(argv(guest), Contains(HasSubstr("audiodev=audio0"))) << card;
  }
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(QemuScript, SmallDevices) {
  auto guest = debian_guest();
  auto &caps = guest.caps;
  caps.virtio_rng = caps.virtio_balloon = caps.isa_pvpanic = caps.virtio_socket = true;
  EXPECT_THAT(argv(guest),
              IsSupersetOf({"rng-random,filename=/dev/urandom,id=rng0", "virtio-rng-pci,rng=rng0",
                            "virtio-balloon", "pvpanic,ioport=0x505"}));
  EXPECT_THAT(script_of(guest), HasSubstr("vhost-vsock-pci,guest-cid=$cid"));
}

// The firmware's paths are replaced by files of this test.
class UefiScript : public QemuScript {
 protected:
  std::string uefi_script(bool secure_boot) {
    auto guest = debian_guest();
    guest.firmware = Firmware::uefi;
    guest.source.secure_boot = secure_boot;
    std::string script = script_of(guest);
    const std::string from = "/usr/share/", to = scratch_.path().string() + "/";
    for (auto at = script.find(from); at != std::string::npos; at = script.find(from, at))
      script.replace(at, from.size(), to);
    return script;
  }
  void firmware(const std::string &name, const std::string &content) {
    std::filesystem::create_directories(scratch_ / "OVMF");
    write_file(scratch_ / "OVMF" / name, content);
  }
  std::filesystem::path nvram() const { return scratch_ / "n,v.fd"; }
};

TEST_F(UefiScript, NoFirmwareIsOneClearError) {
  const auto ran = run(uefi_script(false));
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.output, HasSubstr("install ovmf"));
  EXPECT_FALSE(std::filesystem::exists(nvram()));
}

TEST_F(UefiScript, TheVariablesAreMadeOnceAndKept) {
  firmware("OVMF_CODE_4M.fd", "code");
  firmware("OVMF_VARS_4M.fd", "fresh");
  auto ran = run(uefi_script(false));
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("q35,smm=off,accel=kvm:tcg"));
  EXPECT_THAT(ran.output,
              HasSubstr("readonly=on,file=" + scratch_.path().string() + "/OVMF/OVMF_CODE_4M.fd"));
  EXPECT_THAT(ran.output,
              HasSubstr("unit=1,format=raw,file=" + scratch_.path().string() + "/n,,v.fd"));
  EXPECT_EQ(read_file(nvram()), "fresh");
  write_file(nvram(), "mine!");
  EXPECT_EQ(run(uefi_script(false)).status, 0);
  EXPECT_EQ(read_file(nvram()), "mine!");
}

TEST_F(UefiScript, VariablesAndCodeBelongTogether) {
  firmware("OVMF_CODE_4M.fd", "code");  // its template is missing
  firmware("OVMF_CODE.fd", "code");
  firmware("OVMF_VARS.fd", "12345");
  EXPECT_THAT(run(uefi_script(false)).output, HasSubstr("/OVMF/OVMF_CODE.fd"));
  firmware("OVMF_VARS_4M.fd", "1234567890");  // does not fit what the guest has by now
  EXPECT_THAT(run(uefi_script(false)).output, HasSubstr("/OVMF/OVMF_CODE.fd"));
}

TEST_F(UefiScript, SecureBootTakesOnlyFirmwareWithKeys) {
  firmware("OVMF_CODE_4M.fd", "code");
  firmware("OVMF_VARS_4M.fd", "vars");
  EXPECT_EQ(run(uefi_script(true)).status, 1);
  firmware("OVMF_CODE_4M.secboot.fd", "code");
  firmware("OVMF_VARS_4M.ms.fd", "keys");
  const auto ran = run(uefi_script(true));
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("smm=on"));
  EXPECT_THAT(ran.output, HasSubstr("property=secure,value=on"));
  EXPECT_EQ(read_file(nvram()), "keys");
}

TEST_F(UefiScript, ArmHasItsOwnFirmwareAndDevices) {
  fake("qemu-system-aarch64", "for a in \"$@\"; do printf '%s\\n' \"$a\"; done");
  auto guest = debian_guest();
  guest.firmware = Firmware::uefi;
  guest.caps.arch = "aarch64";
  guest.caps.machine = Machine::virt;
  EXPECT_THAT(script_of(guest), HasSubstr("/usr/share/AAVMF/AAVMF_CODE.fd"));
  EXPECT_THAT(script_of(guest), Not(HasSubstr("smm")));
  guest.caps.arch = "s390x";
  EXPECT_EQ(error_of([&] { script_of(guest); })->code(), Code::unsupported);
}

TEST_F(QemuScript, ATpmNeedsSwtpmAndLeavesNoSocket) {
  auto guest = debian_guest();
  guest.source.tpm = true;
  const auto script = script_of(guest);
  fake("swtpm", "printf 'swtpm:%s\\n' \"$@\"");
  const auto ran = run("TMPDIR='" + scratch_.path().string() + "'; export TMPDIR\n" + script);
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("swtpm:dir=" + scratch_.path().string() + "/tpm\n"));
  EXPECT_THAT(ran.output, HasSubstr("tpm-crb,tpmdev=tpm0"));
  const auto gone = shell("cd " + scratch_.path().string() +
                              "; while [ \"$(echo tmp.*)\" != 'tmp.*' ]; do sleep 0.1; done",
                          30);
  EXPECT_EQ(gone.status, 0);
}

TEST_F(QemuScript, ATpmThatDoesNotStartLeavesNoDirectory) {
  auto guest = debian_guest();
  guest.source.tpm = true;
  fake("swtpm", "echo 'swtpm: no' >&2; exit 3");
  const auto temporary = scratch_ / "tmp";
  std::filesystem::create_directory(temporary);
  const auto ran = run("TMPDIR='" + temporary.string() + "'; export TMPDIR\n" + script_of(guest));
  EXPECT_EQ(ran.status, 1) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("swtpm: no"));
  EXPECT_THAT(names_in(temporary), testing::IsEmpty());
}

// Between them the guests have every part that a script can have.
TEST_F(QemuScript, ShellcheckFindsNothing) {
  if (shell("command -v shellcheck").status != 0) GTEST_SKIP() << "no shellcheck";
  auto everything = debian_guest(2);
  everything.name = "it's; a \"guest\" & more *\n";
  everything.firmware = Firmware::uefi;
  everything.source.secure_boot = everything.source.tpm = true;
  everything.source.sound = "ich9";
  everything.source.removables = {{Removable::Type::cdrom, Controller::ide, 0u}};
  everything.buses.ide = {{Slot::Type::removable, 0}};
  everything.caps.virtio_rng = everything.caps.virtio_socket = true;
  auto vnc = debian_guest();
  vnc.source.display = Display{Display::Type::vnc, 5901, "", "", ""};
  auto spice = debian_guest();
  spice.source.display = Display{Display::Type::spice, 5901, "", "", ""};
  spice.source.sound = "usb";
  auto arm = debian_guest();
  arm.caps.arch = "aarch64";
  arm.caps.machine = Machine::virt;
  arm.firmware = Firmware::uefi;
  arm.source.tpm = true;
  for (const auto &guest : {debian_guest(), everything, vnc, spice, arm}) {
    const auto file = scratch_ / "guest.sh";
    write_file(file, script_of(guest));
    const auto ran = shell("shellcheck " + file.string());
    EXPECT_EQ(ran.status, 0) << ran.output << read_file(file);
  }
}

TEST(Quoting, EveryByteSurvivesTheShell) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  const auto ran = shell("LC_ALL=C printf %s " + output_qemu::shell_word(all));
  EXPECT_EQ(ran.output, all);
  EXPECT_EQ(shell("printf '<%s>' " + output_qemu::shell_word("")).output, "<>");
}

TEST(Detached, RunsOnWithItsOutputInTheLog) {
  TemporaryDirectory scratch;
  const auto log = scratch / "log", done = scratch / "done";
  output_qemu::start_detached(
      {"/bin/sh", "-c", "cat; echo said; ls /proc/self/fd | wc -l; : >" + done.string()}, log);
  EXPECT_EQ(shell("until [ -e " + done.string() + " ]; do sleep 0.05; done", 30).status, 0);
  // Descriptors of ls: 0, 1 (the pipe), 2 and that of the directory it lists.
  EXPECT_EQ(read_file(log), "said\n4\n");
  EXPECT_EQ(error_of([&] { output_qemu::start_detached({"/bin/true"}, log); })->code(), Code::io);
}

}  // namespace
}  // namespace v2v::test
