// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The options of the command line as one table, from which parsing, help and shell completion are
// all made, so that they cannot disagree. The table is constant after its first use.
#pragma once

#include "programs.hpp"
#include "settings.hpp"

#include <functional>
#include <string>
#include <vector>

namespace v2v::host {

/// The headings of help, in its order; `hidden` options are known but not shown.
enum class Group { source, target, guest, customise, report, messages, plugins, general, hidden };

struct OptionSpec {
  enum class Value { none, required, optional };
  enum class Manner { any, own, virt_v2v };

  /// Without dashes; the first one is what messages call the option. One letter: a short option.
  std::vector<std::string> names;
  Value value = Value::none;
  std::string value_name;  ///< shown in help
  Group group = Group::hidden;
  std::string help;
  bool once = false;  ///< a second use is an error
  std::function<void(CommandLine &, const std::string &value)> apply;
  unsigned tasks = every_task;  ///< what it is for
  Manner manner = Manner::any;  ///< the programs that have it: v2v, or those of virt-v2v

  /// The first name with its dashes: -i, -ic, --root.
  std::string display() const { return dashed(names.front()); }
  /// A name with the dashes virt-v2v's manual gives it: one for one or two letters.
  static std::string dashed(const std::string &name) {
    return (name.size() <= 2 ? "-" : "--") + name;
  }
};

/// Every option that a program has.
std::vector<const OptionSpec *> options_of(const Program &program);

/// The parts of the table: today's options, the older releases' ones, and the ones that virt-v2v
/// has and this version refuses.
std::vector<OptionSpec> current_options();
/// Those for files that a conversion leaves beside the guest.
std::vector<OptionSpec> file_options();
/// Those of virt-customize.
std::vector<OptionSpec> customise_options();
std::vector<OptionSpec> older_options();
std::vector<OptionSpec> refused_options();

/// Reads the command line as virt-v2v does: getopt_long_only's grammar, so -ic, --ic and --ic=URI
/// are one thing, names may be shortened as long as they stay unique, words that are not options
/// may stand anywhere, and "--" ends the options.
///
/// Not for several threads at a time: getopt keeps state of its own.
/// @param arguments  without the program's name, and the word that chose it
/// @param result     after an error it holds what came before, so that the error can be told in
///                   the way that was asked for
/// @throws Error(usage), or Error(unsupported) for an option this version cannot serve;
///         MistakeTold if the program is one of virt-v2v's, of which getopt tells
void parse_command_line(const Program &program, const std::vector<std::string> &arguments,
                        CommandLine &result);

/// getopt has said what is wrong, as it does in virt-v2v.
struct MistakeTold {};

}  // namespace v2v::host
