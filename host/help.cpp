// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "help.hpp"

#include "plugin_text.hpp"

#include <algorithm>

namespace v2v::host {
namespace {

/// "-b, --bridge [IN:]OUT", "--machine-readable[=…]"
std::string synopsis(const OptionSpec &spec) {
  std::string text;
  for (const std::string &name : spec.names)
    text += (text.empty() ? "" : ", ") + OptionSpec::dashed(name);
  if (spec.value == OptionSpec::Value::required) text += " " + spec.value_name;
  if (spec.value == OptionSpec::Value::optional) text += "[=" + spec.value_name + "]";
  return text;
}

/// virt-v2v names its two converters after what they convert, and scripts look for these words.
std::vector<std::string> conversions(const std::vector<std::string> &converters) {
  const auto for_windows = [](const std::string &name) { return name.starts_with("windows"); };
  std::vector<std::string> words;
  if (!std::all_of(converters.begin(), converters.end(), for_windows)) words.emplace_back("linux");
  if (std::any_of(converters.begin(), converters.end(), for_windows)) words.emplace_back("windows");
  for (const std::string &name : converters)
    if (std::find(words.begin(), words.end(), name) == words.end()) words.push_back(name);
  return words;
}

/// The words for a URI in -ic that these inputs reach.
std::vector<std::string> reached(const std::vector<std::string> &inputs) {
  std::vector<std::string> words;
  const auto add = [&](const char *input, std::initializer_list<const char *> reaches) {
    if (std::find(inputs.begin(), inputs.end(), input) != inputs.end())
      words.insert(words.end(), reaches.begin(), reaches.end());
  };
  add("vpx", {"vcenter-https"});
  add("xen", {"xen-ssh"});
  add("vpx", {"vddk"});
  return words;
}

/// virt-v2v's words for outputs: those of 2.2, which are ours, and those of later releases.
std::vector<std::string> with_later_names(std::vector<std::string> outputs) {
  for (const auto &[name, later] :
       {std::pair{"local", "disk"}, {"rhv", "ovirt"}, {"rhv-upload", "ovirt-upload"}})
    if (std::find(outputs.begin(), outputs.end(), name) != outputs.end())
      outputs.emplace_back(later);
  std::sort(outputs.begin(), outputs.end());
  return outputs;
}

std::string lines(const std::vector<std::string> &values) {
  std::string text;
  for (const std::string &value : values) text += value + "\n";
  return text;
}

}  // namespace

const std::vector<std::pair<Group, std::string>> &headings() {
  static const std::vector<std::pair<Group, std::string>> table = {
      {Group::source, "Where the guest comes from"},
      {Group::target, "Where it goes"},
      {Group::guest, "How it is converted"},
      {Group::customise, "What else is changed in the guest"},
      {Group::report, "What is reported of it"},
      {Group::messages, "Messages"},
      {Group::plugins, "Plugins"},
      {Group::general, "Others"},
  };
  return table;
}

std::string general_help(const Program &program) {
  const std::string command = program.name + (program.word.empty() ? "" : " " + program.word);
  std::string text = command + ": " + program.summary + "\n\n";
  for (const std::string &example : program.examples) text += "  " + command + " " + example + "\n";
  const auto specs = options_of(program);
  for (const auto &[group, heading] : headings()) {
    std::string options;
    for (const OptionSpec *spec : specs)
      if (spec->group == group) options += help_line(synopsis(*spec), spec->help);
    if (!options.empty()) text += "\n" + heading + ":\n" + options;
  }
  return text + "\nThe manual page v2v(1) says more.\n";
}

std::string short_option_list(const Program &program) {
  std::vector<std::string> names;
  for (const OptionSpec *spec : options_of(program))
    for (const std::string &name : spec->names)
      if (name.size() <= 2) names.push_back("-" + name);
  std::sort(names.begin(), names.end());
  return lines(names);
}

std::string long_option_list(const Program &program) {
  std::vector<std::string> names;
  for (const OptionSpec *spec : options_of(program))
    for (const std::string &name : spec->names)
      if (name.size() >= 2) names.push_back("--" + name);
  std::sort(names.begin(), names.end());
  return lines(names);
}

std::string feature_list(const Program &program, const std::vector<std::string> &inputs,
                         const std::vector<std::string> &outputs,
                         const std::vector<std::string> &converters) {
  std::vector<std::string> features;
  const auto append = [&](const std::vector<std::string> &words, const std::string &prefix = {}) {
    for (const std::string &word : words) features.push_back(prefix + word);
  };
  const bool converts = program.task != task_open, delivers = program.task == task_convert;
  // In the order of virt-v2v's list. Of VDSM: what it looks for before it starts a conversion.
  const bool vdsm = delivers && std::find(outputs.begin(), outputs.end(), "vdsm") != outputs.end();
  // The first three tell a caller which generation of virt-v2v's command line this is.
  const std::string name = program.own ? "virt-v2v" : program.name;
  append({name, name + "-2.0", "libguestfs-rewrite"});
  if (program.own) append({"v2v", "progress-lines", "plugins"});
  append(reached(inputs));
  for (const std::string &word : program.features) {
    features.push_back(word);
    if (vdsm && word == "colours-option") features.emplace_back("vdsm-compat-option");
  }
  append(inputs, "input:");
  if (delivers) append(program.own ? outputs : with_later_names(outputs), "output:");
  if (converts) append(conversions(converters), "convert:");
  if (vdsm) append({"ovf:ovirt", "ovf:rhvexp", "ovf:ovirtexp"});
  return lines(features);
}

}  // namespace v2v::host
