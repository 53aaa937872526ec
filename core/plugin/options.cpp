// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/plugin/nearest.hpp>
#include <core/plugin/options.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <set>

namespace v2v::core {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> decimal(const std::string &text) {
  std::uint64_t number = 0;
  const char *end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> bytes(std::string text) {
  static const std::string suffixes = "KMGT";
  unsigned shift = 0;
  if (!text.empty()) {
    const auto place = suffixes.find(text.back());
    if (place != std::string::npos) {
      shift = 10 * (static_cast<unsigned>(place) + 1);
      text.pop_back();
    }
  }
  const auto number = decimal(text);
  if (!number || *number > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return *number << shift;
}

std::optional<std::string> yes_or_no(const std::string &text) {
  if (text == "true" || text == "yes" || text == "1") return "true";
  if (text == "false" || text == "no" || text == "0") return "false";
  return std::nullopt;
}

std::string existing_file(const Option &option, const std::string &value, const std::string &who) {
  const auto remedy =
      fmt::format("give option '{}' the name of a file that you can read", option.name);
  if (value.empty()) throw Error(Code::usage, "a file name is missing", who, remedy);
  std::error_code error;
  const fs::path path = fs::absolute(value, error).lexically_normal();
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) throw Error(Code::not_found, "no such file", path.string(), remedy);
  if (fs::is_directory(status))
    throw Error(Code::usage, "is a directory, not a file", path.string(), remedy);
  if (::access(path.c_str(), R_OK) != 0)
    throw Error(Code::access, "cannot be read", path.string(), remedy);
  return path.string();
}

/// What the user writes for a plugin of some kind.
struct Words {
  const char *option, *password, *mode;
};

const Words &words_for(const std::string &who) {
  static constexpr Words input{"-io", "-ip", "input"}, output{"-oo", "-op", "output"},
      converter{"-co", "-op", "converter"};
  return who.starts_with("-i ") ? input : who.starts_with("-o ") ? output : converter;
}

const Option &declared_option(const std::vector<Option> &declared, const std::string &name,
                              const std::string &who) {
  const auto found = std::find_if(declared.begin(), declared.end(),
                                  [&](const Option &option) { return option.name == name; });
  if (found != declared.end()) return *found;
  // In virt-v2v's words.
  const Words &words = words_for(who);
  if (name == "password-file")
    throw Error(Code::usage,
                fmt::format("{} option cannot be used in this {} mode", words.password, words.mode),
                who, "leave it out: it takes no password");
  if (declared.empty())
    throw Error(Code::usage,
                fmt::format("no {} ({} options) are allowed here", words.option, words.mode), who,
                fmt::format("leave '{}' out: it has no options", name));
  std::vector<std::string> names(declared.size());
  std::transform(declared.begin(), declared.end(), names.begin(),
                 [](const Option &option) { return option.name; });
  throw Error(Code::usage, fmt::format("unknown option '{}'", name), who, suggestion(name, names));
}

}  // namespace

std::string value_word(const Option &option) {
  if (!option.value_name.empty()) return option.value_name;
  switch (option.type) {
    case OptionType::boolean:
      return "true|false";
    case OptionType::number:
      return "NUMBER";
    case OptionType::size:
      return "BYTES";
    case OptionType::file:
      return "FILE";
    case OptionType::string:
    case OptionType::list:
      break;
  }
  return "VALUE";
}

std::string check_option_value(const Option &option, const std::string &value,
                               const std::string &who) {
  const auto refuse = [&](const char *expected) {
    return Error(Code::usage, fmt::format("option '{}' cannot be '{}'", option.name, value), who,
                 fmt::format("give {}", expected));
  };
  switch (option.type) {
    case OptionType::boolean:
      if (const auto checked = yes_or_no(value)) return *checked;
      throw refuse("true, false, yes, no, 1 or 0");
    case OptionType::number:
      if (const auto checked = decimal(value)) return fmt::to_string(*checked);
      throw refuse("a decimal number");
    case OptionType::size:
      if (const auto checked = bytes(value)) return fmt::to_string(*checked);
      throw refuse("a number of bytes, or one with K, M, G or T (powers of 1024)");
    case OptionType::file:
      return existing_file(option, value, who);
    case OptionType::string:
    case OptionType::list:
      break;
  }
  return value;
}

Options check_options(const std::vector<Option> &declared, const std::vector<std::string> &given,
                      const std::string &who) {
  Options checked;
  std::set<std::string> seen;
  for (const auto &word : given) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const Option &option = declared_option(declared, name, who);
    if (!seen.insert(name).second && option.type != OptionType::list)
      throw Error(Code::usage, fmt::format("option '{}' is given twice", name), who,
                  "give it once");
    if (equals == std::string::npos && option.type != OptionType::boolean)
      throw Error(Code::usage, fmt::format("option '{}' needs a value", name), who,
                  fmt::format("write {}={}", name, value_word(option)));
    const std::string value = equals == std::string::npos ? "true" : word.substr(equals + 1);
    checked.add(name, check_option_value(option, value, who));
  }
  for (const auto &option : declared) {
    if (!option.default_value || seen.contains(option.name)) continue;
    // A file that is only a default may be missing: the user did not ask for it.
    checked.add(option.name, option.type == OptionType::file
                                 ? *option.default_value
                                 : check_option_value(option, *option.default_value, who));
  }
  return checked;
}

}  // namespace v2v::core
