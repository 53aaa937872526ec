// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is said of plugins: --list-plugins, --plugin-info, -io ? and -oo ?. Text out of values; the
// caller prints it. Plugins' own words are made safe to print.
#pragma once

#include <core/plugin/catalog.hpp>

#include <string>
#include <vector>

namespace v2v::host {

struct PluginList {
  std::string text;
  bool all_fine = true;  ///< false if a plugin does not load
};

/// A paragraph for each file, also for those that are broken or hidden.
PluginList plugin_list(const std::vector<core::PluginCatalog::Entry> &entries,
                       const std::vector<core::SearchDirectory> &searched);

/// Everything a plugin says of itself.
std::string plugin_description(const core::LoadedPlugin &plugin);

/// The answer to -io ? and -oo ?: a line and its explanation for each option.
std::string plugin_options(const core::LoadedPlugin &plugin);

/// The word with which an option of such a plugin is given: "-io", "-co", "-oo".
std::string option_word(Kind kind);

/// What is said of an option: its help, its default, whether it may be given again.
std::string option_help(const Option &option);

/// Two columns of help: the text in a column of its own, below if the left part is too wide.
std::string help_line(const std::string &left, const std::string &text);

/// "-i disk", "-o local", "convert debian".
std::string plugin_word(Kind kind, const std::string &name);

}  // namespace v2v::host
