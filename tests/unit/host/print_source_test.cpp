// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// --print-source is compared byte by byte, blanks at line ends included.
#include <host/print_source.hpp>

#include <gmock/gmock.h>

namespace v2v::host {
namespace {

using testing::HasSubstr;

TEST(PrintSource, AlmostNothingKnown) {
  Source source;
  source.name = "test";
  source.memory = 1073741824;
  source.vcpus = 2;
  source.hypervisor = "vmware";
  source.firmware = Firmware::bios;
  EXPECT_EQ(print_source(source),
            "Source guest information (--print-source option):\n"
            "\n"
            "    source name: test\n"
            "hypervisor type: vmware\n"
            "       VM genid: \n"
            "         memory: 1073741824 (bytes)\n"
            "       nr vCPUs: 2\n"
            "     CPU vendor: \n"
            "      CPU model: \n"
            "   CPU topology: \n"
            "   CPU features: \n"
            "       firmware: bios\n"
            "UEFI secureboot: false\n"
            "        display: \n"
            "          sound: \n"
            "disks:\n"
            "\n"
            "removable media:\n"
            "\n"
            "NICs:\n"
            "\n"
            "\n");
}

Source everything() {
  Source source;
  source.name = "full";
  source.memory = 4294967296;
  source.vcpus = 64;
  source.genid = "8312995e-57b8-f814-4013-c1ba795f05ba";
  source.hypervisor = "xen";
  source.cpu_vendor = "Intel";
  source.cpu_model = "Haswell";
  source.cpu_sockets = 4;
  source.cpu_cores = 8;
  source.cpu_threads = 2;
  source.firmware = Firmware::uefi;
  source.secure_boot = true;
  source.features = {"pae", "acpi", "apic"};
  source.display = Display{Display::Type::vnc, 5900, "de", "secret", "127.0.0.1"};
  source.sound = "ich9";
  for (const Controller controller :
       {Controller::ide, Controller::sata, Controller::scsi, Controller::nvme,
        Controller::virtio_blk, Controller::virtio_scsi, Controller::unknown})
    source.disks.push_back({controller, {}, ""});
  source.removables = {{Removable::Type::cdrom, Controller::ide, 2},
                       {Removable::Type::floppy, Controller::unknown, std::nullopt}};
  source.nics = {{Nic::Type::network, "52:54:00:01:02:03", "default", "virtio", {}},
                 {Nic::Type::bridge, "", "br0", "", {}}};
  return source;
}

TEST(PrintSource, EverythingKnown) {
  EXPECT_EQ(print_source(everything()),
            "Source guest information (--print-source option):\n"
            "\n"
            "    source name: full\n"
            "hypervisor type: xen\n"
            "       VM genid: 8312995e-57b8-f814-4013-c1ba795f05ba\n"
            "         memory: 4294967296 (bytes)\n"
            "       nr vCPUs: 64\n"
            "     CPU vendor: Intel\n"
            "      CPU model: Haswell\n"
            "   CPU topology: sockets: 4 cores/socket: 8 threads/core: 2\n"
            "   CPU features: acpi,apic,pae\n"
            "       firmware: uefi\n"
            "UEFI secureboot: true\n"
            "        display: vnc de with password listening on address 127.0.0.1\n"
            "          sound: ich9\n"
            "disks:\n"
            "\t0 [ide]\n"
            "\t1 [sata]\n"
            "\t2 [scsi]\n"
            "\t3 [nvme]\n"
            "\t4 [virtio-blk]\n"
            "\t5 [virtio-scsi]\n"
            "\t6\n"
            "removable media:\n"
            "\tCD-ROM [ide] in slot 2\n"
            "\tFloppy\n"
            "NICs:\n"
            "\tNetwork \"default\" mac: 52:54:00:01:02:03 [virtio]\n"
            "\tBridge \"br0\"\n"
            "\n");
}

TEST(PrintSource, NeverShowsAPassword) {
  EXPECT_EQ(print_source(everything()).find("secret"), std::string::npos);
}

TEST(PrintSource, Displays) {
  const auto shown = [](Display display) {
    Source source;
    source.display = std::move(display);
    const std::string text = print_source(source);
    const auto start = text.find("display: ") + 9;
    return text.substr(start, text.find('\n', start) - start);
  };
  EXPECT_EQ(shown({Display::Type::window, {}, "", "", ""}), "window");
  EXPECT_EQ(shown({Display::Type::spice, {}, "", "", "none"}), "spice listening on private fd");
  EXPECT_EQ(shown({Display::Type::spice, {}, "", "", "::1"}), "spice listening on address ::1");
  EXPECT_EQ(shown({Display::Type::vnc, {}, "", "", "lab"}), "vnc listening on network lab");
}

TEST(PrintSource, UnknownThings) {
  Source source;
  source.nics = {{Nic::Type::network, "", "", "", {}}};
  const std::string text = print_source(source);
  EXPECT_THAT(text, HasSubstr("hypervisor type: unknownhv\n"));
  EXPECT_THAT(text, HasSubstr("firmware: unknown\n"));
  EXPECT_THAT(text, HasSubstr("\tNetwork \"default\"\n"));
}

TEST(PrintSource, ANameCannotFakeALine) {
  Source source;
  source.name = "x\nfirmware: uefi\x1b[2J";
  EXPECT_THAT(print_source(source), HasSubstr("source name: x\\x0afirmware: uefi\\x1b[2J\n"));
}

}  // namespace
}  // namespace v2v::host
