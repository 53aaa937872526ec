// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "help.hpp"

#include "options.hpp"
#include "plugin_text.hpp"

#include <algorithm>
#include <utility>

namespace v2v::host {
namespace {

constexpr std::pair<Group, const char *> headings[] = {
    {Group::source, "Where the guest comes from"},
    {Group::target, "Where it goes"},
    {Group::guest, "How it is converted"},
    {Group::messages, "Messages"},
    {Group::plugins, "Plugins"},
    {Group::general, "Others"},
};

/// "-b, --bridge [IN:]OUT", "--machine-readable[=…]"
std::string synopsis(const OptionSpec &spec) {
  std::string text;
  for (const std::string &name : spec.names)
    text += (text.empty() ? "" : ", ") + OptionSpec::dashed(name);
  if (spec.value == OptionSpec::Value::required) text += " " + spec.value_name;
  if (spec.value == OptionSpec::Value::optional) text += "[=" + spec.value_name + "]";
  return text;
}

std::string lines(const std::vector<std::string> &values) {
  std::string text;
  for (const std::string &value : values) text += value + "\n";
  return text;
}

}  // namespace

std::string general_help() {
  std::string text =
      "v2v: moves a virtual machine to KVM\n"
      "\n"
      "  v2v -i ova guest.ova -o local -os /var/tmp\n"
      "  v2v -i disk root.qcow2 data.qcow2 -if qcow2 -o qemu -os /var/tmp -of qcow2\n"
      "  v2v -i disk guest.vmdk -if vmdk --print-source\n";
  for (const auto &[group, heading] : headings) {
    text += std::string("\n") + heading + ":\n";
    for (const OptionSpec &spec : option_table())
      if (spec.group == group) text += help_line(synopsis(spec), spec.help);
  }
  return text + "\nThe manual page v2v(1) says more.\n";
}

std::string short_option_list() {
  std::vector<std::string> names;
  for (const OptionSpec &spec : option_table())
    for (const std::string &name : spec.names)
      if (name.size() <= 2) names.push_back("-" + name);
  std::sort(names.begin(), names.end());
  return lines(names);
}

std::string long_option_list() {
  std::vector<std::string> names;
  for (const OptionSpec &spec : option_table())
    for (const std::string &name : spec.names)
      if (name.size() >= 2) names.push_back("--" + name);
  std::sort(names.begin(), names.end());
  return lines(names);
}

std::string feature_list(const std::vector<std::string> &inputs,
                         const std::vector<std::string> &outputs,
                         const std::vector<std::string> &converters) {
  // The first three tell a caller which generation of virt-v2v's command line this is.
  std::vector<std::string> features = {"virt-v2v",
                                       "virt-v2v-2.0",
                                       "libguestfs-rewrite",
                                       "v2v",
                                       "colours-option",
                                       "io/oo",
                                       "mac-option",
                                       "parallel-option",
                                       "block-driver-option",
                                       "progress-lines",
                                       "plugins"};
  const auto add = [&](const char *prefix, const std::vector<std::string> &names) {
    for (const std::string &name : names) features.push_back(prefix + name);
  };
  // virt-v2v's words for what a URI in -ic reaches.
  const auto reaches = [&](const char *input, std::initializer_list<const char *> words) {
    if (std::find(inputs.begin(), inputs.end(), input) != inputs.end())
      features.insert(features.end(), words.begin(), words.end());
  };
  reaches("vpx", {"vcenter-https", "vddk"});
  reaches("xen", {"xen-ssh"});
  add("input:", inputs);
  add("output:", outputs);
  // virt-v2v names its two converters after what they convert, and scripts look for these words.
  const auto for_windows = [](const std::string &name) { return name.starts_with("windows"); };
  std::vector<std::string> conversions;
  if (!std::all_of(converters.begin(), converters.end(), for_windows))
    conversions.emplace_back("linux");
  if (std::any_of(converters.begin(), converters.end(), for_windows))
    conversions.emplace_back("windows");
  for (const std::string &name : converters)
    if (std::find(conversions.begin(), conversions.end(), name) == conversions.end())
      conversions.push_back(name);
  add("convert:", conversions);
  // What VDSM looks for before it starts a conversion.
  if (std::find(outputs.begin(), outputs.end(), "vdsm") != outputs.end()) {
    features.emplace_back("vdsm-compat-option");
    add("ovf:", {"ovirt", "rhvexp", "ovirtexp"});
  }
  return lines(features);
}

}  // namespace v2v::host
