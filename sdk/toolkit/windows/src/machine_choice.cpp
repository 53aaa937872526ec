// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/machine_choice.hpp>

namespace v2v::windows {

Machine choose_machine(const std::string &arch, int major) {
  if (arch != "i386" && arch != "x86_64") return Machine::virt;
  return major < 6 ? Machine::i440fx : Machine::q35;
}

}  // namespace v2v::windows
