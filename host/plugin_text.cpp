// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "plugin_text.hpp"

#include "text.hpp"

#include <core/plugin/options.hpp>

#include <fmt/format.h>

namespace v2v::host {
namespace {

constexpr std::size_t help_column = 36, help_width = 79;

/// "input disk 0.1.0, the v2v authors, ABI 1.0"
std::string title(const core::LoadedPlugin &plugin) {
  return fmt::format("{} {} {}, {}, ABI {}", core::kind_word(plugin.kind), plugin.info.name,
                     plugin.info.version, plugin.info.vendor, plugin.abi);
}

std::string line(const std::string &text) {
  return "    " + printable(text, false) + "\n";
}

std::string paragraph(const core::PluginCatalog::Entry &entry) {
  const std::string name =
      entry.id ? fmt::format("{} {}", core::kind_word(entry.id->kind), entry.id->name)
               : entry.path.filename().string();
  if (entry.plugin)
    return printable(title(*entry.plugin), false) + "\n" + line(entry.plugin->info.handles) +
           line(entry.path.string());
  if (entry.error) {
    std::string text = printable(name, false) + ": BROKEN\n" + line(entry.error->failure());
    if (!entry.error->remedy().empty()) text += line("hint: " + entry.error->remedy());
    return text + line(entry.path.string());
  }
  return printable(name, false) + ": hidden by " + printable(entry.hidden_by.string(), false) +
         "\n" + line(entry.path.string());
}

}  // namespace

PluginList plugin_list(const std::vector<core::PluginCatalog::Entry> &entries,
                       const std::vector<core::SearchDirectory> &searched) {
  PluginList list;
  for (const auto &entry : entries) {
    list.text += paragraph(entry);
    if (entry.error) list.all_fine = false;
  }
  if (!entries.empty()) return list;
  list.text = "There are no plugins in\n";
  for (const auto &directory : searched)
    list.text += line(fmt::format("{} ({})", directory.path.string(), directory.origin));
  return list;
}

std::string plugin_word(Kind kind, const std::string &name) {
  if (kind == Kind::input) return "-i " + name;
  return (kind == Kind::output ? "-o " : "the converter ") + name;
}

std::string help_line(const std::string &left, const std::string &text) {
  std::string result = "  " + left;
  if (const std::size_t used = characters(result); used + 1 < help_column)
    result.append(help_column - used, ' ');
  else
    result += "\n" + std::string(help_column, ' ');
  return result + wrapped(text, help_width, help_column, help_column) + "\n";
}

std::string option_word(Kind kind) {
  return kind == Kind::input ? "-io" : kind == Kind::convert ? "-co" : "-oo";
}

std::string option_help(const Option &option) {
  std::string help = option.help;
  if (option.default_value && !option.default_value->empty())
    help += fmt::format(" ({})", *option.default_value);
  if (option.type == OptionType::list) help += "; may be given several times";
  return printable(help, false);
}

std::string plugin_options(const core::LoadedPlugin &plugin) {
  std::string text;
  for (const Option &each : plugin.info.options) {
    std::string left = option_word(plugin.kind) + " " + each.name;
    if (each.type == OptionType::boolean)
      left += "[=true|false]";
    else
      left += "=" + core::value_word(each);
    text += help_line(printable(left, false), option_help(each));
  }
  return text;
}

std::string plugin_description(const core::LoadedPlugin &plugin) {
  const auto field = [](const std::string &label, const std::string &value) {
    return fmt::format("{:<9}{}\n", label + ":", printable(value, false));
  };
  std::string text = field("kind", std::string(core::kind_word(plugin.kind)));
  text += field("name", plugin.info.name);
  text += field("version", plugin.info.version);
  text += field("vendor", plugin.info.vendor);
  text += field("ABI", plugin.abi);
  if (!plugin.info.support_url.empty()) text += field("support", plugin.info.support_url);
  text += field("handles", plugin.info.handles);
  text += field("file", plugin.path.string());
  if (plugin.info.options.empty()) return text + "options: none\n";
  return text + "options:\n" + plugin_options(plugin);
}

}  // namespace v2v::host
