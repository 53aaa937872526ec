// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "option_values.hpp"

namespace v2v::host {
namespace {

using Value = OptionSpec::Value;
using Apply = std::function<void(CommandLine &, const std::string &)>;

OptionSpec flag(std::vector<std::string> names, Group group, std::string help, Apply apply) {
  return {std::move(names), Value::none, "", group, std::move(help), false, std::move(apply)};
}
OptionSpec single(std::vector<std::string> names, std::string value_name, Group group,
                  std::string help, Apply apply) {
  return {std::move(names), Value::required, std::move(value_name), group, std::move(help), true,
          std::move(apply)};
}
OptionSpec repeated(std::vector<std::string> names, std::string value_name, Group group,
                    std::string help, Apply apply) {
  OptionSpec spec =
      single(std::move(names), std::move(value_name), group, std::move(help), std::move(apply));
  spec.once = false;
  return spec;
}
/// An option that asks for something else than a conversion.
OptionSpec question(std::vector<std::string> names, Group group, std::string help, Action action) {
  return flag(std::move(names), group, std::move(help),
              [action](CommandLine &c, const std::string &) { ask_for(c, action); });
}

/// What the options of a group are for, if they say nothing else.
unsigned tasks_of(Group group) {
  switch (group) {
    case Group::target:
      return task_convert;
    case Group::report:
    case Group::guest:
      return task_convert | task_in_place | task_inspect;
    default:
      return every_task;
  }
}

void add_source(std::vector<OptionSpec> &table) {
  const Group group = Group::source;
  table.push_back(single({"i"}, "INPUT", group, "Input plugin (libvirt)", [](auto &c, auto &v) {
    c.input.plugin = input_name(v);
    c.input.chosen = true;
  }));
  table.push_back(single({"ic"}, "URI", group, "Connection to the source's hypervisor",
                         [](auto &c, auto &v) { c.input.connection = v; }));
  table.push_back(single({"if"}, "FORMAT", group, "Format of the source's disks",
                         [](auto &c, auto &v) { c.input.format = v; }));
  table.push_back(repeated({"io"}, "NAME[=VALUE]", group,
                           "Option of the input plugin; ? lists them", [](auto &c, auto &v) {
                             if (v == "?")
                               ask_for(c, Action::input_options);
                             else
                               c.input.options.push_back(v);
                           }));
  table.push_back(single({"ip", "password-file"}, "FILE", group,
                         "File with the password for the source",
                         [](auto &c, auto &v) { c.input.password_file = v; }));
  table.push_back(single({"it"}, "TRANSPORT", group, "How to reach the source's disks",
                         [](auto &c, auto &v) { c.input.transport = v; }));
  table.back().tasks = every_task & ~task_in_place;
  table.push_back(flag({"allow-references"}, group, "Accept images that name other files",
                       [](auto &c, auto &) { c.input.allow_references = true; }));
  table.push_back(question({"print-source"}, group, "Print what the source is, and stop",
                           Action::print_source));
}

void add_target(std::vector<OptionSpec> &table) {
  const Group group = Group::target;
  table.push_back(single({"o"}, "OUTPUT", group, "Output plugin (libvirt)", [](auto &c, auto &v) {
    c.output.plugin = output_name(v);
    c.output.chosen = true;
  }));
  table.push_back(single({"oa"}, "sparse|preallocated", group, "How room is made for the disks",
                         [](auto &c, auto &v) { c.output.allocation = allocation(v); }));
  table.push_back(single({"oc"}, "URI", group, "Connection to the target",
                         [](auto &c, auto &v) { c.output.connection = v; }));
  table.push_back(single({"of"}, "FORMAT", group, "Format of the target's disks",
                         [](auto &c, auto &v) { c.output.format = v; }));
  table.push_back(single({"on"}, "NAME", group, "New name of the guest",
                         [](auto &c, auto &v) { c.output.name = v; }));
  table.push_back(repeated({"oo"}, "NAME[=VALUE]", group,
                           "Option of the output plugin; ? lists them", [](auto &c, auto &v) {
                             if (v == "?")
                               ask_for(c, Action::output_options);
                             else
                               c.output.options.push_back(v);
                           }));
  table.push_back(single({"op"}, "FILE", group, "File with the password for the target",
                         [](auto &c, auto &v) { c.output.password_file = v; }));
  table.push_back(single({"os"}, "STORAGE", group, "Where on the target: a directory, pool …",
                         [](auto &c, auto &v) { c.output.storage = v; }));
  table.push_back(repeated({"parallel"}, "N", group, "Copy up to N disks at the same time (4)",
                           [](auto &c, auto &v) { c.parallel = parallel(v); }));
  table.push_back(question({"print-estimate"}, group, "Convert, print the room needed, and stop",
                           Action::print_estimate));
}

void add_guest(std::vector<OptionSpec> &table) {
  const Group group = Group::guest;
  table.push_back(repeated({"root"}, "ask|single|first|/dev/…", group,
                           "Operating system to convert (the one that boots, or ask)",
                           [](auto &c, auto &v) { c.root = root(v); }));
  table.push_back(repeated({"key"}, "ID:key:TEXT|ID:file:FILE|ID:clevis", group,
                           "Unlock an encrypted disk",
                           [](auto &c, auto &v) { c.keys.push_back(disk_key(v)); }));
  table.push_back(flag({"keys-from-stdin"}, group, "Read passphrases from standard input",
                       [](auto &c, auto &) { c.keys_from_stdin = true; }));
  table.push_back(flag({"echo-keys"}, group, "Show passphrases while they are typed",
                       [](auto &c, auto &) { c.echo_keys = true; }));
  table.push_back(repeated({"b", "bridge"}, "[IN:]OUT", group, "Plug bridge IN (or all) into OUT",
                           [](auto &c, auto &v) { c.networks.add_bridge(v); }));
  table.push_back(repeated({"n", "network"}, "[IN:]OUT", group, "Plug network IN (or all) into OUT",
                           [](auto &c, auto &v) { c.networks.add_network(v); }));
  table.push_back(repeated({"mac"}, "MAC:network|bridge|ip:OUT", group,
                           "Plug the card with this address into OUT, or give it a static address",
                           [](auto &c, auto &v) { c.networks.add_mac(v); }));
  table.push_back(repeated({"m", "memsize"}, "MB", group, "Memory of the appliance that converts",
                           [](auto &c, auto &v) { c.appliance.memory = memory(v); }));
  table.push_back(repeated({"smp"}, "N", group, "Virtual CPUs of the appliance that converts",
                           [](auto &c, auto &v) { c.appliance.cpus = cpus(v); }));
  table.push_back(repeated({"co"}, "NAME[=VALUE]", group, "Option of the converter; ? lists them",
                           [](auto &c, auto &v) {
                             if (v == "?")
                               ask_for(c, Action::converter_options);
                             else
                               c.converter_options.push_back(v);
                           }));
  table.push_back(single({"block-driver"}, "virtio-blk|virtio-scsi", group,
                         "Bus of the guest's disks on the target",
                         [](auto &c, auto &v) { c.block_bus = block_bus(v); }));
  table.push_back(single({"initramfs"}, "auto|rebuild", group,
                         "How virtio gets into an initramfs (auto)",
                         [](auto &c, auto &v) { c.rebuild_initramfs = rebuild_initramfs(v); }));
  table.push_back(flag({"no-selinux-relabel"}, group, "Leave SELinux's labels to the guest's owner",
                       [](auto &c, auto &) { c.relabel = false; }));
  // Which is the only way here, so that it needs no setting.
  table.push_back(flag({"selinux-relabel", "selinux-relabel-at-boot"}, group,
                       "Have the guest label its files at its first boot (default)",
                       [](auto &c, auto &) { c.relabel = true; }));
  table.push_back(single({"convert"}, "auto|none", group,
                         "none: move the guest as it is, on emulated devices (auto)",
                         [](auto &c, auto &v) { c.as_it_is = as_it_is(v); }));
  table.back().tasks = task_convert;
  table.back().manner = OptionSpec::Manner::own;
  table.push_back(flag({"no-fstrim"}, group, "Do not leave out deleted blocks",
                       [](auto &c, auto &) { c.trim = false; }));
}

/// What only the tasks beside a conversion to a target have.
void add_tasks(std::vector<OptionSpec> &table) {
  table.push_back({{"in-place"},
                   Value::optional,
                   "direct",
                   Group::guest,
                   "Convert the guest on its own disks; direct: without a copy of what changes",
                   false,
                   [](auto &c, auto &v) {
                     c.task = task_in_place;
                     c.direct = in_place_direct(v);
                   },
                   task_convert | task_in_place,
                   OptionSpec::Manner::own});
  table.push_back(single({"O"}, "FILE|-", Group::report, "Write the report to this file",
                         [](auto &c, auto &v) { c.report_file = v; }));
  table.back().tasks = task_in_place | task_inspect;
  table.push_back(flag({"json"}, Group::report, "Write it as JSON, not XML",
                       [](auto &c, auto &) { c.report_as_json = true; }));
  table.back().tasks = task_in_place | task_inspect;
  table.push_back(flag({"no-convert"}, Group::report, "Only look; estimates are of the source then",
                       [](auto &c, auto &) { c.convert = false; }));
  table.back().tasks = task_inspect;
  table.push_back(single({"run"}, "COMMAND", Group::source,
                         "Run this with the disks in the place of @@",
                         [](auto &c, auto &v) { c.run = v; }));
  table.back().tasks = task_open;
}

void add_messages(std::vector<OptionSpec> &table) {
  const Group group = Group::messages;
  table.push_back(flag({"q", "quiet"}, group, "No progress messages",
                       [](auto &c, auto &) { c.talk.quiet = true; }));
  table.push_back(flag({"v", "verbose"}, group, "Say what is found out and done",
                       [](auto &c, auto &) { c.talk.verbose = true; }));
  table.push_back(flag({"x"}, group, "Show every call of libguestfs",
                       [](auto &c, auto &) { c.talk.trace = true; }));
  table.push_back({{"machine-readable"},
                   Value::optional,
                   "file:NAME|stream:stdout|fd:N",
                   group,
                   "Messages and progress as JSON lines",
                   false,
                   [](auto &c, auto &v) {
                     // In this order: where it is wrong, nobody knows where to write JSON to.
                     c.talk.machine_destination = machine_destination(v);
                     c.talk.machine_readable = true;
                   }});
  table.push_back(flag({"colors", "color", "colour", "colours"}, group, "Colours even in a log",
                       [](auto &c, auto &) { c.talk.colours = true; }));
  table.push_back(flag({"wrap"}, group, "Wrap long messages even in a log",
                       [](auto &c, auto &) { c.talk.wrap = true; }));
}

void add_general(std::vector<OptionSpec> &table) {
  table.push_back(repeated({"plugin-dir"}, "DIR", Group::plugins, "Look for plugins here first",
                           [](auto &c, auto &v) { c.plugin_directories.emplace_back(v); }));
  table.push_back(question({"list-plugins"}, Group::plugins, "List the plugins, and stop",
                           Action::list_plugins));
  table.push_back(single({"plugin-info"}, "FILE", Group::plugins, "Describe a plugin, and stop",
                         [](auto &c, auto &v) {
                           ask_for(c, Action::plugin_info);
                           c.plugin_file = v;
                         }));
  table.push_back(question({"help"}, Group::general, "Show this; with -i X -o Y also their options",
                           Action::help));
  table.push_back(question({"V", "version"}, Group::general, "Print the version", Action::version));
  table.push_back(question({"short-options"}, Group::hidden, "", Action::short_options));
  table.push_back(question({"long-options"}, Group::hidden, "", Action::long_options));
}

}  // namespace

std::vector<OptionSpec> current_options() {
  std::vector<OptionSpec> table;
  add_source(table);
  add_target(table);
  add_guest(table);
  add_tasks(table);
  for (OptionSpec &spec : file_options()) table.push_back(std::move(spec));
  add_messages(table);
  add_general(table);
  for (OptionSpec &spec : table) spec.tasks &= tasks_of(spec.group);
  return table;
}

std::vector<const OptionSpec *> options_of(const Program &program) {
  static const std::vector<OptionSpec> table = [] {
    std::vector<OptionSpec> all = current_options();
    for (auto part : {customise_options(), older_options(), refused_options()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  const auto other = program.own ? OptionSpec::Manner::virt_v2v : OptionSpec::Manner::own;
  std::vector<const OptionSpec *> found;
  for (const OptionSpec &spec : table)
    if ((spec.tasks & program.tasks) != 0 && spec.manner != other) found.push_back(&spec);
  return found;
}

}  // namespace v2v::host
