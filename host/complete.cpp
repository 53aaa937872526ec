// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "complete.hpp"

#include "fan_out.hpp"
#include "option_values.hpp"
#include "options.hpp"
#include "text.hpp"

#include <core/plugin/catalog.hpp>

#include <algorithm>
#include <functional>
#include <regex>
#include <sstream>

namespace v2v::host {
namespace {

using Words = std::vector<std::string>;
constexpr const char *files = ":files";
constexpr const char *directories = ":directories";

/// The option of these that a word is: -ic, --ic; null if it is none or has its value with it.
const OptionSpec *option_of(const std::vector<const OptionSpec *> &options,
                            const std::string &word) {
  const auto start = word.find_first_not_of('-');
  if (start == std::string::npos || start == 0 || start > 2) return nullptr;
  const std::string name = word.substr(start);
  for (const OptionSpec *spec : options)
    if (std::find(spec->names.begin(), spec->names.end(), name) != spec->names.end()) return spec;
  return nullptr;
}

/// Words that are offered, of those that begin with what is there already.
class Answers {
 public:
  explicit Answers(std::string begun) : begun_(std::move(begun)) {}
  void add(const std::string &word, const std::string &meaning = {}) {
    if (!word.starts_with(begun_)) return;
    text_ += word;
    if (!meaning.empty()) text_ += '\t' + meaning;
    text_ += '\n';
  }
  void add_names_of(const std::string &what) { text_ += what + '\n'; }
  const std::string &begun() const { return begun_; }
  const std::string &text() const { return text_; }

 private:
  std::string begun_, text_;
};

/// A command line that is not finished.
class Unfinished {
 public:
  Unfinished(const Program &program, const Words &done, const std::string &begun)
      : options_(options_of(program)), answers_(begun) {
    for (const std::string &word : done) take(word);
  }

  std::string answer() {
    if (asked_ && asked_->value == OptionSpec::Value::required)
      add_values(*asked_);
    else if (!only_arguments_ && answers_.begun().starts_with("-"))
      add_options();
    else
      answers_.add_names_of(files);
    return answers_.text();
  }

 private:
  void take(const std::string &word) {
    if (asked_) {
      const std::string &option = asked_->names.front();
      if (option == "i") input_ = input_name(word);
      if (option == "o") output_ = output_name(word);
      if (option == "plugin-dir") directories_.push_back(word);
      asked_ = nullptr;
    } else if (word == "--") {
      only_arguments_ = true;
    } else if (!only_arguments_) {
      asked_ = option_of(options_, word);
      if (asked_ && asked_->value != OptionSpec::Value::required) asked_ = nullptr;
    }
  }

  core::PluginCatalog catalog() {
    return {core::search_path(core::current_search_inputs(directories_)), silence_};
  }

  void add_options() {
    for (const OptionSpec *spec : options_)
      if (spec->group != Group::hidden)
        for (const std::string &name : spec->names)
          answers_.add(OptionSpec::dashed(name), spec->help);
  }

  void add_values(const OptionSpec &spec) {
    const std::string &option = spec.names.front(), &kind = spec.value_name;
    if (option == "i") add_plugins(Kind::input);
    if (option == "o") add_plugins(Kind::output);
    if (option == "io") add_options_of(catalog().find(Kind::input, input_));
    if (option == "oo") add_options_of(catalog().find(Kind::output, output_));
    if (option == "co") {
      auto plugins = catalog();
      for (const auto *plugin : plugins.load_all(Kind::convert)) add_options_of(*plugin);
    }
    // Behind the colon comes a path of the guest.
    const bool local = kind.starts_with("FILE:") && answers_.begun().find(':') == std::string::npos;
    if (kind == "FILE" || kind.starts_with("FILE.") || local) answers_.add_names_of(files);
    if (kind == "DIR" || kind == "STORAGE") answers_.add_names_of(directories);
    add_choices(kind);
  }

  void add_plugins(Kind kind) {
    for (const std::string &name : catalog().names(kind)) answers_.add(name);
  }

  /// "auto|rebuild": the words, if all of it is such words or paths.
  void add_choices(const std::string &kind) {
    static const std::regex choices("[a-z0-9-]+(\\|([a-z0-9-]+|/[^|]*))+");
    if (!std::regex_match(kind, choices)) return;
    std::istringstream parts(kind);
    for (std::string part; std::getline(parts, part, '|');)
      if (part.front() != '/') answers_.add(part);
  }

  void add_options_of(const core::LoadedPlugin &plugin) {
    for (const Option &option : plugin.info.options) {
      const std::string start = option.name + "=";
      if (answers_.begun().starts_with(start)) {
        if (option.type == OptionType::file) answers_.add_names_of(files);
        if (option.type == OptionType::boolean)
          for (const char *value : {"true", "false"}) answers_.add(start + value);
      } else {
        answers_.add(option.type == OptionType::boolean ? option.name : start,
                     printable(option.help, false));
      }
    }
  }

  const std::vector<const OptionSpec *> options_;
  Answers answers_;
  FanOut silence_{{}};
  const OptionSpec *asked_ = nullptr;  ///< whose value comes next
  bool only_arguments_ = false;        ///< after "--"
  std::string input_ = InputSettings().plugin, output_ = OutputSettings().plugin;
  Words directories_;
};

}  // namespace

std::string completions(const std::string &started_as, std::vector<std::string> words) {
  std::string begun;
  if (!words.empty()) {
    begun = std::move(words.back());
    words.pop_back();
  }
  try {
    const Program &program = chosen_program(started_as, words);
    return Unfinished(program, words, begun).answer();
  } catch (const Error &) {
    return {};  // a plugin that is not there has no options
  }
}

}  // namespace v2v::host
