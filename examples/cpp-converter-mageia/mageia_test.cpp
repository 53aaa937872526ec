// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Converts a directory that looks like a Mageia 9, without an appliance. Exit status 1 and what is wrong
// if the result is not right.
#include "mageia_family.hpp"

#include <v2v/linux/conversion.hpp>
#include <v2v/linux/directory_guest.hpp>

#include <cstdio>
#include <filesystem>

namespace {

int failures = 0;

void expect(bool right, const char *what) {
  if (right) return;
  std::fprintf(stderr, "not so: %s\n", what);
  ++failures;
}

bool has(const std::string &text, const char *part) {
  return text.find(part) != std::string::npos;
}

void make_guest(v2v::linux::DirectoryGuest &guest) {
  const std::string kernel = "6.6.58-desktop-1.mga9", modules = "/lib/modules/" + kernel + "/";
  std::string index;
  for (const char *name : {"virtio_pci", "virtio_blk", "virtio_net"}) {
    guest.write(modules + "kernel/" + name + ".ko.xz", "module");
    index += std::string("kernel/") + name + ".ko.xz:\n";
  }
  guest.write(modules + "modules.dep", index);
  guest.write("/boot/vmlinuz-" + kernel, "kernel");
  guest.write("/boot/grub2/grub.cfg",
              "menuentry 'Mageia' {\n\tlinux /boot/vmlinuz-" + kernel + " root=/dev/sda1\n}\n");
  guest.write("/etc/fstab", "/dev/sda1 / ext4 defaults 1 1\n");
  guest.write("/etc/sysconfig/kernel", "DEFAULTKERNEL=kernel-desktop-latest\n");
  guest.make_directory("/etc/systemd/system");
}

v2v::Inspection inspection() {
  v2v::Inspection guest;
  guest.type = "linux";
  guest.distro = "mageia";
  guest.arch = "x86_64";
  guest.major_version = 9;
  guest.package_format = "rpm";
  guest.package_management = "urpmi";
  guest.root = "/dev/sda1";
  guest.applications = {{"kernel-desktop-6.6.58-1.mga9", "1", "1.mga9", "x86_64", 0},
                        {"open-vm-tools", "12.2.0", "1.mga9", "x86_64", 0}};
  return guest;
}

int run(const std::filesystem::path &directory) {
  v2v::linux::DirectoryGuest guest((directory / "guest").string());
  make_guest(guest);
  v2v::Source source;
  source.disks.resize(1);
  source.disks[0].controller = v2v::Controller::scsi;
  const mageia::MageiaFamily family;
  const v2v::Wishes wishes;
  v2v::linux::Conversion conversion(guest,
                                    {family, inspection(), source, wishes, directory.string(),
                                     [](const auto &) { return std::nullopt; }},
                                    {});
  const auto caps = conversion.run();

  expect(caps.block_bus == v2v::BlockBus::virtio_blk, "its disks are on virtio-blk");
  expect(has(guest.read("/etc/fstab"), "/dev/vda1 / ext4"), "fstab has the new name of the disk");
  expect(has(guest.read("/boot/grub2/grub.cfg"), "root=/dev/vda1"), "so has GRUB's menu");
  expect(guest.read("/etc/sysconfig/kernel") == "DEFAULTKERNEL=kernel-desktop-6.6.58-1.mga9\n",
         "the kernel's package was found");
  expect(has(guest.read("/usr/lib/v2v-firstboot/run"), "urpmi --auto qemu-guest-agent"),
         "the agent is installed with urpmi");
  bool removed = false;
  for (const auto &command : guest.commands())
    removed |= command == std::vector<std::string>{"rpm", "-e", "open-vm-tools"};
  expect(removed, "VMware's tools were removed");
  return failures ? 1 : 0;
}

}  // namespace

int main() {
  auto directory = (std::filesystem::temp_directory_path() / "mageia-test.XXXXXX").string();
  if (!mkdtemp(directory.data())) return 1;
  std::filesystem::create_directory(std::filesystem::path(directory) / "guest");
  int status = 1;
  try {
    status = run(directory);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::filesystem::remove_all(directory);
  return status;
}
