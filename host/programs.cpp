// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "programs.hpp"

#include <algorithm>

namespace v2v::host {
namespace {

const char *const in_place_example = "-i disk guest.qcow2 -if qcow2 -O report.xml";
const char *const inspect_example = "-i ova guest.ova -O report.xml";
const char *const open_example = "-i ova guest.ova --run 'virt-inspector --format=raw @@'";
const char *const check_example = "-i ova guest.ova -o local -os /var/tmp";

const std::vector<std::string> converting_features = {
    "colours-option",  "io/oo",         "mac-option",          "bandwidth-option", "mac-ip-option",
    "parallel-option", "customize-ops", "block-driver-option", "collect-option"};

}  // namespace

const std::vector<Program> &programs() {
  static const std::vector<Program> table = {
      {"v2v",
       "",
       true,
       task_convert,
       task_convert | task_in_place,
       "moves a virtual machine to KVM",
       {"-i ova guest.ova -o local -os /var/tmp",
        "-i disk root.qcow2 data.qcow2 -if qcow2 -o qemu -os /var/tmp -of qcow2",
        "-i disk guest.vmdk -if vmdk --print-source"},
       converting_features},
      {"v2v",
       "inspect",
       true,
       task_inspect,
       task_inspect,
       "reports what a virtual machine is, and would be on KVM",
       {inspect_example, "-i disk guest.vmdk -if vmdk --no-convert --json"},
       {"colours-option", "io", "mac-option", "mac-ip-option", "block-driver-option"}},
      {"v2v",
       "open",
       true,
       task_open,
       task_open,
       "serves the disks of a virtual machine to a command",
       {open_example},
       {"colours-option", "io"}},
      {"v2v",
       "check",
       true,
       task_convert,
       task_convert | task_in_place | task_check,
       "tells whether a conversion would start, and what is in its way",
       {check_example, "-i disk guest.qcow2 -if qcow2 --in-place --json"}},
      {"virt-v2v",
       "",
       false,
       task_convert,
       task_convert,
       "convert a guest to use KVM",
       {"-i ova guest.ova -o local -os /var/tmp",
        "-ic vpx://vcenter/Datacenter/esxi guest -o local -os /var/tmp"},
       converting_features},
      {"virt-v2v-in-place",
       "",
       false,
       task_in_place,
       task_in_place,
       "convert a guest to use KVM, on its own disks",
       {in_place_example},
       {"colours-option", "in-place", "io", "mac-option", "mac-ip-option", "customize-ops",
        "output-xml-option", "block-driver-option", "collect-option"}},
      {"virt-v2v-inspector",
       "",
       false,
       task_inspect,
       task_inspect,
       "estimate disk space needed before virt-v2v conversion",
       {inspect_example},
       {"colours-option", "io", "mac-option", "mac-ip-option", "block-driver-option",
        "collect-option"}},
      {"virt-v2v-open",
       "",
       false,
       task_open,
       task_open,
       "open the disks of a guest",
       {open_example},
       {"colours-option", "io"}},
  };
  return table;
}

const Program &chosen_program(const std::string &started_as, std::vector<std::string> &arguments) {
  const std::string name = started_as.substr(started_as.find_last_of('/') + 1);
  const Program *chosen = &programs().front();
  for (const Program &program : programs())
    if (program.name == name && program.word.empty()) chosen = &program;
  if (!chosen->own || arguments.empty()) return *chosen;
  for (const Program &program : programs())
    if (!program.word.empty() && program.word == arguments.front()) {
      arguments.erase(arguments.begin());
      return program;
    }
  return *chosen;
}

std::vector<std::string> inputs_for(Task task) {
  // Those whose disks are the guest's own, where a guest of KVM would have them.
  if (task == task_in_place) return {"disk", "libvirt", "libvirtxml"};
  return {};
}

}  // namespace v2v::host
