// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The grammar is left to the C library's getopt_long_only, which virt-v2v uses too: it alone gets
// all of its corners right, for instance -iodisk (that is -i odisk), -of raw next to -o, and
// shortened names. Boost.Program_options knows neither two-letter options with one dash next to
// short ones of the same first letter, nor options whose value is optional only after "=".
// What getopt says of mistakes is replaced by words of our own.
#include "options.hpp"

#include "conflicts.hpp"
#include "source_uri.hpp"

#include <core/plugin/nearest.hpp>
#include <v2v/error.hpp>

#include <fmt/format.h>
#include <getopt.h>
#include <boost/algorithm/string/join.hpp>

#include <set>

namespace v2v::host {
namespace {

using Value = OptionSpec::Value;

/// getopt's codes for options in the table start here, above every character.
constexpr int first_code = 1000;

/// The table as getopt wants it.
struct GetoptTable {
  std::vector<const OptionSpec *> specs;
  /// '-': words that are not options are handed over where they stand.
  std::string letters = "-";
  std::vector<option> longs;

  explicit GetoptTable(const Program &program) : specs(options_of(program)) {
    if (program.own) letters += ":";  // getopt is silent
    for (std::size_t i = 0; i < specs.size(); ++i)
      for (const std::string &name : specs[i]->names) {
        if (name.size() == 1)
          letters += name + (specs[i]->value == Value::none ? "" : ":");
        else
          longs.push_back({name.c_str(), static_cast<int>(specs[i]->value), nullptr,
                           first_code + static_cast<int>(i)});
      }
    longs.push_back({nullptr, 0, nullptr, 0});
  }

  const OptionSpec &spec_of(int code) const {
    if (code >= first_code) return *specs[static_cast<std::size_t>(code - first_code)];
    for (const OptionSpec *spec : specs)
      for (const std::string &name : spec->names)
        if (name.size() == 1 && name[0] == code) return *spec;
    throw Error(Code::internal, fmt::format("getopt returned {}", code));
  }
};

/// The option's name in a word such as --name=value.
std::string name_in(const std::string &word) {
  const auto start = word.find_first_not_of('-');
  if (start == std::string::npos) return {};
  return word.substr(start, word.find('=') - start);
}

/// What is wrong with a word that getopt did not understand.
Error mistake(const GetoptTable &table, const std::string &word, int option_with_value) {
  const std::string name = name_in(word);
  if (option_with_value >= first_code)
    return Error(
        Code::usage,
        fmt::format("option {} takes no value", table.spec_of(option_with_value).display()), {},
        "leave out what follows the equals sign");
  std::vector<std::string> candidates, all;
  for (const OptionSpec *spec : table.specs)
    for (const std::string &known : spec->names) {
      const bool shown = spec->group != Group::hidden;
      if (name.size() == 1 && known == name)
        return Error(Code::usage, fmt::format("cannot read option {}", word), {},
                     fmt::format("put a space before the value: -{} {}", name,
                                 word.substr(word.find('=') + 1)));
      if (!name.empty() && known.starts_with(name)) candidates.push_back(OptionSpec::dashed(known));
      if (shown) all.push_back(known);
    }
  if (!candidates.empty())
    return Error(Code::usage, fmt::format("option {} is ambiguous", word), {},
                 "it could be " + boost::join(candidates, ", "));
  const auto close = core::nearest(name, all);
  return Error(Code::usage, fmt::format("unknown option {}", word.substr(0, word.find('='))), {},
               (close ? fmt::format("did you mean {}? ", OptionSpec::dashed(*close)) : "") +
                   "v2v --help lists all options");
}

/// The words as argc and argv. Owns what it lends.
class ArgumentVector {
 public:
  ArgumentVector(const Program &program, const std::vector<std::string> &arguments)
      : words_(arguments) {
    words_.insert(words_.begin(), program.name);
    for (std::string &word : words_) pointers_.push_back(word.data());
    pointers_.push_back(nullptr);
  }
  int count() const { return static_cast<int>(words_.size()); }
  char **pointers() { return pointers_.data(); }
  const std::string &at(int index) const { return words_[static_cast<std::size_t>(index)]; }

 private:
  std::vector<std::string> words_;
  std::vector<char *> pointers_;
};

void apply(const OptionSpec &spec, const std::string &value, std::set<const OptionSpec *> &used,
           CommandLine &result) {
  if (!used.insert(&spec).second && spec.once)
    throw Error(Code::usage,
                fmt::format("{} option used more than once on the command line", spec.display()));
  spec.apply(result, value);
}

}  // namespace

void parse_command_line(const Program &program, const std::vector<std::string> &arguments,
                        CommandLine &result) {
  const GetoptTable table(program);
  ArgumentVector words(program, arguments);
  std::set<const OptionSpec *> used;
  result.task = program.task;
  result.check = (program.tasks & task_check) != 0;
  optind = 0;  // makes glibc forget an earlier run
  for (;;) {
    const int word = std::max(optind, 1);
    const int code = getopt_long_only(words.count(), words.pointers(), table.letters.c_str(),
                                      table.longs.data(), nullptr);
    if (code == -1) break;
    if (code == '?' && !program.own) throw MistakeTold();
    if (code == '?') throw mistake(table, words.at(word), optopt);
    if (code == ':')
      throw Error(Code::usage, fmt::format("option {} needs a value", words.at(word)), {},
                  fmt::format("write {} {}", words.at(word), table.spec_of(optopt).value_name));
    if (code == 1)
      result.input.arguments.emplace_back(optarg);
    else
      apply(table.spec_of(code), optarg ? optarg : "", used, result);
  }
  while (optind < words.count()) result.input.arguments.push_back(words.at(optind++));
  check_conflicts(used, program, result);
  if ((result.task == task_inspect || result.check) && result.report_file.empty())
    result.report_file = "-";
  if (auto &input = result.input; input.plugin == "libvirt") {
    input.plugin = input_for_connection(input.connection);
    // It is no default, so no message should call it one.
    if (input.plugin != "libvirt") input.chosen = true;
  }
  if (result.talk.machine_readable && result.input.arguments.empty() &&
      result.action == Action::convert)
    result.action = Action::features;
}

}  // namespace v2v::host
