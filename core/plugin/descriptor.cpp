// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/plugin/descriptor.hpp>
#include <core/plugin/options.hpp>

#include <fmt/format.h>

#include <set>

namespace v2v::core {
namespace {

/// Collects the complaints of one file.
class Checker {
 public:
  explicit Checker(const std::filesystem::path &file) : file_(file.string()) {}

  Error wrong(const std::string &what) const {
    return Error(Code::corrupt, what, file_, "report it to the plugin's vendor");
  }
  void require(bool fine, const std::string &what) const {
    if (!fine) throw wrong(what);
  }
  std::string text(const char *value, const char *member) const {
    require(value != nullptr && *value != '\0', fmt::format("its descriptor has no {}", member));
    return value;
  }

  void version(const v2v_plugin &plugin) const {
    if (plugin.abi_major == V2V_ABI_MAJOR && plugin.abi_minor <= V2V_ABI_MINOR) return;
    const bool newer = plugin.abi_major >= V2V_ABI_MAJOR;
    throw Error(Code::unsupported,
                fmt::format("is built for plugin ABI {}, which is too {} for this v2v {} with "
                            "ABI {}",
                            abi_version(plugin.abi_major, plugin.abi_minor, 0),
                            newer ? "new" : "old", V2V_VERSION, own_version()),
                file_,
                newer ? "update v2v, or install an older release of the plugin"
                      : "install a newer release of the plugin");
  }
  void draft(const v2v_plugin &plugin) const {
    const auto built_for = draft_of(plugin);
    if (built_for == V2V_ABI_DRAFT) return;
    throw Error(Code::unsupported,
                fmt::format("is built for plugin ABI {}, and this v2v {} has ABI {}",
                            abi_version(plugin.abi_major, plugin.abi_minor, built_for), V2V_VERSION,
                            own_version()),
                file_,
                "a draft fits one v2v only: build the plugin again with the SDK of this one");
  }

  Option option(const v2v_option *given) const {
    require(V2V_HAS(v2v_option, given, help), "an option in its descriptor is too small");
    Option option;
    option.name = text(given->name, "name for one of its options");
    require(is_valid_name(option.name),
            fmt::format("its option '{}' has a name with other characters than a-z, 0-9 and '-'",
                        option.name));
    require(given->type >= V2V_OPTION_STRING && given->type <= V2V_OPTION_LIST,
            fmt::format("its option '{}' has the unknown type {}", option.name, given->type));
    option.type = static_cast<OptionType>(given->type);
    option.help = text(given->help, "help for one of its options");
    if (given->value_name) option.value_name = given->value_name;
    if (given->default_value) option.default_value = given->default_value;
    if (option.default_value && option.type != OptionType::file) {
      try {
        check_option_value(option, *option.default_value, file_);
      } catch (const Error &error) {
        throw wrong("the default of an option is wrong: " + error.failure());
      }
    }
    return option;
  }

  template <class Table>
  void table(const Table *table, bool large_enough) const {
    require(table != nullptr, "its descriptor has no table of functions for its kind");
    require(large_enough,
            fmt::format("its table of functions is too small ({} bytes)", table->size));
  }
  void function(bool there, const char *name) const {
    require(there, fmt::format("its table of functions has no {}", name));
  }

  void functions(const v2v_plugin &plugin, Kind kind) const {
    switch (kind) {
      case Kind::input:
        return functions(plugin.input);
      case Kind::convert:
        return functions(plugin.converter);
      case Kind::output:
        return functions(plugin.output);
    }
  }

 private:
  static std::string own_version() {
    return abi_version(V2V_ABI_MAJOR, V2V_ABI_MINOR, V2V_ABI_DRAFT);
  }

  // Sizes are those of version 1.0: what later minors append may be missing.
  void functions(const v2v_input *input) const {
    table(input, input && V2V_HAS(v2v_input, input, verify));
    function(input->open, "open");
    function(input->close, "close");
  }
  void functions(const v2v_converter *converter) const {
    table(converter, converter && V2V_HAS(v2v_converter, converter, close));
    function(converter->probe, "probe");
    function(converter->convert, "convert");
    function(converter->close, "close");
  }
  void functions(const v2v_output *output) const {
    table(output, output && V2V_HAS(v2v_output, output, close));
    function(output->open, "open");
    function(output->describe, "describe");
    function(output->prepare, "prepare");
    function(output->commit, "commit");
    function(output->close, "close");
  }

  std::string file_;
};

}  // namespace

std::string abi_version(unsigned major, unsigned minor, unsigned draft) {
  const std::string version = fmt::format("{}.{}", major, minor);
  return draft ? fmt::format("{}-draft{}", version, draft) : version;
}

unsigned draft_of(const v2v_plugin &descriptor) {
  // The first draft had no such member.
  return V2V_GET(v2v_plugin, &descriptor, abi_draft, 1);
}

PluginInfo check_descriptor(const v2v_plugin &plugin, const PluginId &expected,
                            const std::filesystem::path &file) {
  const Checker check(file);
  const auto too_small = fmt::format("its descriptor is too small ({} bytes)", plugin.size);
  // The version first: it explains whatever else may look wrong.
  check.require(V2V_HAS(v2v_plugin, &plugin, abi_minor), too_small);
  check.version(plugin);
  check.require(V2V_HAS(v2v_plugin, &plugin, get_extension), too_small);
  check.draft(plugin);
  check.require(V2V_HAS(v2v_plugin, &plugin, support_url), too_small);

  const auto kind = static_cast<Kind>(plugin.kind);
  check.require(kind == expected.kind,
                fmt::format("its file name says that it is of kind {}, but it says {}",
                            kind_word(expected.kind), kind_word(kind)));
  PluginInfo info;
  info.name = check.text(plugin.name, "name");
  check.require(info.name == expected.name,
                fmt::format("its file name says that it is '{}', but it calls itself '{}'",
                            expected.name, info.name));
  info.version = check.text(plugin.version, "version");
  info.vendor = check.text(plugin.vendor, "vendor");
  info.handles = check.text(plugin.handles, "description of what it handles");

  info.support_url = plugin.support_url ? plugin.support_url : "";

  std::set<std::string> names;
  for (auto *option = plugin.options; option && *option; ++option) {
    info.options.push_back(check.option(*option));
    const std::string &name = info.options.back().name;
    check.require(names.insert(name).second, fmt::format("it declares option '{}' twice", name));
  }
  check.functions(plugin, kind);
  return info;
}

}  // namespace v2v::core
