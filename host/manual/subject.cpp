// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The subjects of pages, out of the tables that --help is made of.
#include "page.hpp"

#include <core/plugin/options.hpp>
#include <host/help.hpp>
#include <host/options.hpp>
#include <host/plugin_text.hpp>

#include <fmt/format.h>

#include <regex>

namespace v2v::manual {
namespace {

std::string plain(const std::string &text) {
  return std::regex_replace(text, std::regex("[*`<\\\\]"), "\\$&");
}

std::string sentence(const std::string &text) {
  const bool ended = text.empty() || text.back() == '.' || text.ends_with("…");
  return plain(text) + (ended ? "" : ".");
}

OptionText option_text(const host::OptionSpec &spec) {
  using Value = host::OptionSpec::Value;
  std::string synopsis;
  for (const std::string &name : spec.names)
    synopsis += (synopsis.empty() ? "**" : ", **") + host::OptionSpec::dashed(name) + "**";
  if (spec.value == Value::required) synopsis += " *" + plain(spec.value_name) + "*";
  if (spec.value == Value::optional) synopsis += "[=*" + plain(spec.value_name) + "*]";
  return {spec.display(), synopsis, sentence(spec.help)};
}

OptionText option_text(const Option &option, const std::string &dashed) {
  const std::string key = dashed + " " + option.name;
  const std::string value = option.type == OptionType::boolean
                                ? "[=*true|false*]"
                                : "=*" + plain(core::value_word(option)) + "*";
  return {key, "**" + key + "**" + value, sentence(host::option_help(option))};
}

/// Options that concern a plugin of this kind, which its page may say more of.
std::vector<std::string> options_around(Kind kind) {
  switch (kind) {
    case Kind::input:
      return {"-ic", "-if", "-ip", "-it", "--allow-references"};
    case Kind::convert:
      return {"--block-driver", "--initramfs", "--mac", "--no-selinux-relabel"};
    default:
      return {"-oa", "-oc", "-of", "-on", "-op", "-os"};
  }
}

}  // namespace

Subject subject_of(const host::Program &program) {
  host::Program whole = program;
  // What follows v2v's other words is in the same page.
  if (program.own) whole.tasks = host::every_task;
  Subject subject;
  subject.summary = plain(program.summary);
  const auto specs = host::options_of(whole);
  for (const auto &[group, heading] : host::headings()) {
    OptionGroup options{heading, {}};
    for (const auto *spec : specs)
      if (spec->group == group) options.options.push_back(option_text(*spec));
    if (!options.options.empty()) subject.groups.push_back(std::move(options));
  }
  if (!program.own)
    for (const auto &example : program.examples)
      subject.examples.push_back(program.name + " " + example);
  return subject;
}

Subject subject_of(const core::LoadedPlugin &plugin) {
  const char *const noun = plugin.kind == Kind::input     ? "input"
                           : plugin.kind == Kind::convert ? "converter"
                                                          : "output";
  Subject subject;
  subject.summary = fmt::format("{} of v2v: {}", noun, plain(plugin.info.handles));
  subject.none = fmt::format("There are no `{}` options.", host::option_word(plugin.kind));
  subject.others = options_around(plugin.kind);
  OptionGroup options;
  for (const Option &option : plugin.info.options)
    options.options.push_back(option_text(option, host::option_word(plugin.kind)));
  subject.groups.push_back(std::move(options));
  return subject;
}

}  // namespace v2v::manual
