// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The devices of the guest as QEMU options. What depends on the machine that runs the script is not
// here but in the script itself. Pure; any thread.
#pragma once

#include <string>
#include <v2v/machine/machine.hpp>
#include <vector>

namespace v2v::output_qemu {

/// Options in the order they are given to QEMU; each is a line of the script, ready for the shell.
class Arguments {
 public:
  void flag(const std::string &name) { lines_.push_back(name); }
  /// A value that the shell takes as it is.
  void add(const std::string &name, const std::string &value);
  /// A value that is shell text already, for variables of the script.
  void add_shell(const std::string &name, const std::string &shell_text) {
    lines_.push_back(name + " " + shell_text);
  }
  const std::vector<std::string> &lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

/// The most hard disks the PCI bus has room for.
constexpr unsigned max_disks = 128;

/// Controllers and drives.
void add_drives(Arguments &arguments, const Metadata &metadata,
                const std::vector<machine::DiskSource> &disks, const machine::Warn &warn);

/// Network cards, on QEMU's user network, which needs no privilege and no set-up.
void add_nics(Arguments &arguments, const Metadata &metadata, const machine::Warn &warn);

/// The card of the source; its sound goes to the audiodev "audio0".
void add_sound(Arguments &arguments, const Source &source, const machine::Warn &warn);

/// Random numbers, balloon, panic device.
void add_small_devices(Arguments &arguments, const GuestCaps &caps);

}  // namespace v2v::output_qemu
