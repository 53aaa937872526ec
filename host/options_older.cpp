// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Options that are known so that old scripts go on working, or fail with the reason: the ones that
// older releases of virt-v2v had (up to 1.44 and 2.2), and today's that this version refuses.
#include "options.hpp"

#include "option_values.hpp"

#include <v2v/error.hpp>

#include <fmt/format.h>

namespace v2v::host {
namespace {

using Value = OptionSpec::Value;

constexpr unsigned from_anywhere = task_convert | task_inspect | task_open;

/// A hidden option.
OptionSpec hidden(const std::string &name, Value value,
                  std::function<void(CommandLine &, const std::string &)> apply,
                  unsigned tasks = task_convert) {
  return {{name}, value, "", Group::hidden, "", false, std::move(apply), tasks};
}

OptionSpec refusal(const std::string &name, Value value, const std::string &reason,
                   const std::string &remedy) {
  return hidden(name, value, [=](CommandLine &, const std::string &) {
    throw Error(Code::unsupported, reason, "--" + name, remedy);
  });
}

}  // namespace

std::vector<OptionSpec> older_options() {
  std::vector<OptionSpec> table;
  const auto ignored = [](CommandLine &, const std::string &) {};
  table.push_back(hidden("debug-gc", Value::none, ignored, every_task));
  for (const std::string name : {"no-trim", "vmtype"})
    table.push_back(hidden(name, Value::required, [name](CommandLine &c, const std::string &) {
      c.remarks.push_back("the --" + name + " option has been removed and now does nothing");
    }));
  table.push_back(hidden("compressed", Value::none, [](CommandLine &c, const std::string &) {
    c.output.options.emplace_back("compressed=true");
  }));
  table.push_back(hidden("qemu-boot", Value::none, [](CommandLine &c, const std::string &) {
    c.output.options.emplace_back("qemu-boot=true");
  }));
  for (const std::string name : {"vddk-config", "vddk-libdir", "vddk-nfchostport", "vddk-port",
                                 "vddk-snapshot", "vddk-thumbprint", "vddk-transports"})
    table.push_back(hidden(
        name, Value::required,
        [name](CommandLine &c, const std::string &v) { c.input.options.push_back(name + "=" + v); },
        from_anywhere));
  for (const std::string name : {"bandwidth", "bandwidth-file"})
    table.push_back(hidden(
        name, Value::required,
        [name](CommandLine &c, const std::string &v) { c.input.options.push_back(name + "=" + v); },
        from_anywhere));
  for (const std::string name : {"vdsm-compat", "vdsm-image-uuid", "vdsm-ovf-flavour",
                                 "vdsm-ovf-output", "vdsm-vm-uuid", "vdsm-vol-uuid"})
    table.push_back(hidden(name, Value::required, [name](CommandLine &c, const std::string &v) {
      c.output.options.push_back(name + "=" + v);
    }));
  return table;
}

std::vector<OptionSpec> refused_options() {
  std::vector<OptionSpec> table;
  const auto refuse = [&](const char *name, Value value, const char *reason, const char *remedy,
                          unsigned tasks = task_convert) {
    table.push_back(refusal(name, value, reason, remedy));
    table.back().tasks = tasks;
  };
  refuse("in-place", Value::none, "converting a guest in place is another program's task",
         "use virt-v2v-in-place");
  table.back().manner = OptionSpec::Manner::virt_v2v;
  refuse("no-copy", Value::none, "a conversion without copying the disks is -o null now",
         "use -o null, or --print-source to see only the metadata");
  for (const char *name : {"debug-overlay", "debug-overlays"})
    refuse(name, Value::none, "overlays are always removed at the end", "leave it out");
  refuse("vddk-cookie", Value::required,
         "a cookie is as good as a password, and would be on a command line",
         "give the password with -ip FILE", from_anywhere);
  return table;
}

}  // namespace v2v::host
