// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A plugin's description of itself in C++, and its descriptor in C. Plugin authors include
// input.hpp, converter.hpp or output.hpp, each of which includes this.
#pragma once

#include <v2v/exchange_target.hpp>
#include <v2v/host.hpp>

namespace v2v {

enum class Kind {
  input = V2V_KIND_INPUT,
  convert = V2V_KIND_CONVERT,
  output = V2V_KIND_OUTPUT,
};

/// How the value of an option is checked and passed; see V2V_OPTION_… in plugin.h.
enum class OptionType {
  string = V2V_OPTION_STRING,
  boolean = V2V_OPTION_BOOL,
  number = V2V_OPTION_NUMBER,
  size = V2V_OPTION_SIZE,
  file = V2V_OPTION_FILE,
  list = V2V_OPTION_LIST,
};

/// A declared option of -io, -co or -oo.
struct Option {
  std::string name;
  OptionType type = OptionType::string;
  std::string help;        ///< one sentence
  std::string value_name;  ///< shown in help after '='; empty: a word for the type
  std::optional<std::string> default_value;
};

struct PluginInfo {
  std::string name, version, vendor;
  std::string handles;  ///< what it reads, converts or writes, a few words
  std::vector<Option> options;
  std::string support_url = {};  ///< where a person gets help; may be empty
};

namespace detail {

/// The descriptor of a plugin whose table is `table`. Built once, lives until the process ends.
template <class Table>
const v2v_plugin *descriptor(Kind kind, const PluginInfo &info, Table v2v_plugin::*member,
                             Table table, const void *(*get_extension)(const char *) = nullptr) {
  static Lender lender;
  auto *plugin = lender.make<v2v_plugin>();
  plugin->abi_major = V2V_ABI_MAJOR;
  plugin->abi_minor = V2V_TARGET_MINOR;
  plugin->abi_draft = V2V_ABI_DRAFT;
  plugin->kind = static_cast<std::int32_t>(kind);
  plugin->name = lender.present(info.name);
  plugin->version = lender.present(info.version);
  plugin->vendor = lender.present(info.vendor);
  plugin->handles = lender.present(info.handles);
  plugin->support_url = lender.text(info.support_url);
  plugin->options = lender.list<const v2v_option>(info.options, [](const Option &option) {
    auto *c = lender.make<v2v_option>();
    c->type = static_cast<std::int32_t>(option.type);
    c->name = lender.present(option.name);
    c->value_name = lender.text(option.value_name);
    c->default_value = option.default_value ? lender.present(*option.default_value) : nullptr;
    c->help = lender.present(option.help);
    return c;
  });
  plugin->*member = table;
  plugin->get_extension = get_extension;
  return plugin;
}

/// The body of v2v_plugin_entry_v1.
template <class Build>
const v2v_plugin *entry(const v2v_host *host, Build build) noexcept {
  const v2v_plugin *plugin = nullptr;
  guarded(Host(host), [&] { plugin = build(); });
  return plugin;
}

}  // namespace detail
}  // namespace v2v
