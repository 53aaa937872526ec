// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "program.hpp"

#include "ask.hpp"
#include "check_text.hpp"
#include "complete.hpp"
#include "conversion_settings.hpp"
#include "help.hpp"
#include "option_values.hpp"
#include "options.hpp"
#include "plugin_text.hpp"
#include "print_source.hpp"
#include "programs.hpp"
#include "report.hpp"
#include "reported_conversion.hpp"
#include "talk.hpp"

#include <core/plugin/nearest.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <tuple>

namespace v2v::host {
namespace {

/// A person can be asked and will see the question.
bool somebody_is_there() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

std::optional<std::string> ask_on_terminal(const std::string &prompt, bool echo) {
  const core::FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  if (!terminal) return std::nullopt;
  return ask_secret(terminal.get(), prompt, echo);
}

void print_estimate(const std::vector<std::uint64_t> &bytes, const MachineStream *machine) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::cout << fmt::format("disk {}: {}\n", i + 1, bytes[i]);
    total += bytes[i];
  }
  std::cout << fmt::format("total: {}", total) << std::endl;
  if (machine) machine->write(json_line({{"disks", bytes}, {"total", total}}));
}

/// The error for -i or -o NAME is virt-v2v's where the plugin is not there. Nothing is loaded: the
/// process that will watch over the conversion keeps clear of plugins' code.
void check_plugin_name(const core::PluginCatalog &plugins, Kind kind, const std::string &name,
                       bool chosen) {
  const auto names = plugins.names(kind);
  if (names.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string option = kind == Kind::input ? "-i" : "-o";
  const std::string there_are = fmt::format("there are: {}", fmt::join(names, ", "));
  if (!chosen)
    throw Error(Code::usage,
                fmt::format("no {} option, and its default, {}, is not installed", option, name),
                {}, fmt::format("give {}; {} (v2v --help shows how)", option, there_are));
  const std::string hint =
      virt_v2v_has(kind, name)
          ? "virt-v2v has it, but no plugin for it is installed here; " + there_are
          : core::suggestion(name, names);
  throw Error(Code::usage, fmt::format("unknown {} option: {}", option, name), {},
              hint + " (v2v --list-plugins shows them)");
}

/// What is asked of those that are there, but not with one that is not.
void check_chosen_plugins(const core::PluginCatalog &plugins, const CommandLine &command_line) {
  const auto &[input, output] = std::tie(command_line.input, command_line.output);
  if (input.chosen) check_plugin_name(plugins, Kind::input, input.plugin, true);
  if (output.chosen) check_plugin_name(plugins, Kind::output, output.plugin, true);
}

/// Inputs of others may know others.
void check_transport(const InputSettings &input) {
  if (!input.transport.empty() && input.transport != "ssh" && input.transport != "vddk" &&
      has_known_transports(input.plugin))
    throw Error(Code::usage, fmt::format("unknown input transport ‘-it {}’", input.transport), {},
                "use -it ssh or -it vddk");
}

/// Whether the task can be done with such an input.
void check_task(const CommandLine &command_line) {
  if (command_line.task == task_open && command_line.run.empty() &&
      command_line.action == Action::convert)
    throw Error(Code::usage, "no command to run was given", {},
                "give one: --run 'virt-inspector --format=raw @@'");
  const auto inputs = inputs_for(command_line.task);
  const std::string &input = command_line.input.plugin;
  if (!inputs.empty() && std::find(inputs.begin(), inputs.end(), input) == inputs.end())
    throw Error(Code::unsupported, "its disks cannot be converted in place", "-i " + input,
                fmt::format("that is done with -i {}; convert a copy with -o local",
                            fmt::join(inputs, ", -i ")));
}

int convert(const CommandLine &command_line, core::PluginCatalog &plugins, Talk &talk,
            core::ChronicleWriter *chronicle) {
  check_plugin_name(plugins, Kind::input, command_line.input.plugin, command_line.input.chosen);
  check_transport(command_line.input);
  check_task(command_line);
  core::ConversionSettings settings = conversion_settings(command_line, std::cin);
  if (command_line.task == task_convert && command_line.action != Action::print_source &&
      command_line.action != Action::print_estimate)
    try {
      check_plugin_name(plugins, Kind::output, command_line.output.plugin,
                        command_line.output.chosen);
    } catch (const Error &error) {
      if (!command_line.check) throw;
      settings.problems.emplace_back(core::Part::target, error);
      settings.output.clear();
    }
  settings.chronicle = chronicle;
  if (somebody_is_there()) {
    settings.ask_root = [](const auto &roots) { return ask_root(roots, std::cin, std::cout); };
    settings.ask_secret = [echo = command_line.echo_keys](const std::string &prompt) {
      return ask_on_terminal(prompt, echo);
    };
  }
  if (command_line.action == Action::print_source)
    settings.print_source = [](const Source &source) {
      std::cout << print_source(source) << std::flush;
    };
  if (command_line.action == Action::print_estimate)
    settings.print_estimate = [&talk](const auto &bytes) { print_estimate(bytes, talk.machine()); };
  if (command_line.check && command_line.action == Action::convert)
    settings.check = [&](const core::CheckResult &result) {
      const auto text = command_line.report_as_json ? check_json : check_text;
      write_report(command_line.report_file, text(result));
    };
  else if (!command_line.report_file.empty())
    settings.report = [&](const core::Report &report) {
      const auto text = command_line.report_as_json ? report_json : report_xml;
      write_report(command_line.report_file, text(report, talk.warnings()));
    };
  return core::run_conversion(settings, plugins, talk.reporter());
}

/// --help: the general options, and those of the plugins that -i and -o choose.
void print_help(const Program &program, const CommandLine &command_line,
                core::PluginCatalog &plugins) {
  std::cout << general_help(program);
  const auto add = [&](bool chosen, Kind kind, const std::string &name) {
    if (!chosen) return;
    const core::LoadedPlugin &plugin = plugins.find(kind, name);
    const std::string options = plugin_options(plugin);
    std::cout << fmt::format("\nOptions of {} ({}):\n", plugin_word(kind, name),
                             plugin.info.handles)
              << (options.empty() ? "  none\n" : options);
  };
  add(command_line.input.chosen, Kind::input, command_line.input.plugin);
  add(command_line.output.chosen, Kind::output, command_line.output.plugin);
}

/// -io ? and -oo ?, in words that scripts know from virt-v2v.
void print_plugin_options(core::PluginCatalog &plugins, Kind kind, const std::string &name,
                          bool chosen) {
  check_plugin_name(plugins, kind, name, chosen);
  const bool input = kind == Kind::input;
  const std::string noun = input ? "Input" : "Output";
  const std::string options = plugin_options(plugins.find(kind, name));
  if (options.empty())
    std::cout << fmt::format("No {} options can be used in this mode.\n",
                             input ? "input" : "output");
  else
    std::cout << fmt::format("{} options that can be used with {}:\n\n{}", noun,
                             plugin_word(kind, name), options);
}

/// -co ?: which converter it will be, the guest decides.
void print_converter_options(core::PluginCatalog &plugins) {
  std::string text;
  for (const auto *plugin : plugins.load_all(Kind::convert))
    if (const std::string options = plugin_options(*plugin); !options.empty())
      text += fmt::format("Options that can be used with {}:\n\n{}",
                          plugin_word(Kind::convert, plugin->info.name), options);
  std::cout << (text.empty() ? "The converters here have no options.\n" : text);
}

int list_plugins(core::PluginCatalog &plugins) {
  const PluginList list = plugin_list(plugins.list(), plugins.directories());
  std::cout << list.text;
  return list.all_fine ? 0 : 1;
}

void print_features(const Program &program, core::PluginCatalog &plugins,
                    const MachineStream &machine) {
  std::vector<std::string> inputs = plugins.names(Kind::input);
  if (const auto fitting = inputs_for(program.task); !fitting.empty())
    std::erase_if(inputs, [&](const std::string &name) {
      return std::find(fitting.begin(), fitting.end(), name) == fitting.end();
    });
  std::string text =
      feature_list(program, inputs, plugins.names(Kind::output), plugins.names(Kind::convert));
  text.pop_back();  // write() ends the line
  machine.write(text);
}

core::PluginCatalog make_catalog(const CommandLine &command_line, core::Reporter &reporter) {
  std::vector<std::string> directories;
  for (const auto &directory : command_line.plugin_directories)
    directories.push_back(directory.string());
  return {core::search_path(core::current_search_inputs(directories)), reporter};
}

/// Callers of virt-v2v's programs compare its version: the one whose command line this is comes first.
void print_version(const Program &program) {
  if (program.own)
    std::cout << "v2v " V2V_VERSION "\n";
  else
    std::cout << program.name << " 2.2.0 (v2v " V2V_VERSION ")\n";
}

int act(const Program &program, const CommandLine &command_line, Talk &talk) {
  switch (command_line.action) {
    case Action::version:
      print_version(program);
      return 0;
    case Action::short_options:
      std::cout << short_option_list(program);
      return 0;
    case Action::long_options:
      std::cout << long_option_list(program);
      return 0;
    case Action::plugin_info:
      std::cout << plugin_description(core::load_plugin(command_line.plugin_file, talk.reporter()));
      return 0;
    default:
      break;
  }
  core::PluginCatalog plugins = make_catalog(command_line, talk.reporter());
  switch (command_line.action) {
    case Action::help:
      print_help(program, command_line, plugins);
      return 0;
    case Action::features:
      check_chosen_plugins(plugins, command_line);
      print_features(program, plugins, *talk.machine());
      return 0;
    case Action::list_plugins:
      return list_plugins(plugins);
    case Action::input_options:
      print_plugin_options(plugins, Kind::input, command_line.input.plugin,
                           command_line.input.chosen);
      return 0;
    case Action::converter_options:
      print_converter_options(plugins);
      return 0;
    case Action::output_options:
      print_plugin_options(plugins, Kind::output, command_line.output.plugin,
                           command_line.output.chosen);
      return 0;
    default:
      return convert_with_report(command_line, talk, [&](core::ChronicleWriter *chronicle) {
        return convert(command_line, plugins, talk, chronicle);
      });
  }
}

}  // namespace

int run_program(const std::string &started_as, std::vector<std::string> arguments) {
  // A reader of our output that goes away must not end a conversion of hours. A handler, unlike
  // SIG_IGN, is not passed on to the programs that are started.
  std::signal(SIGPIPE, [](int) {});
  // For shells, not for people: the words behind it are no options of this command line.
  if (!arguments.empty() && arguments.front() == "--complete") {
    std::cout << completions(started_as, {arguments.begin() + 1, arguments.end()});
    return 0;
  }
  const auto start = std::chrono::steady_clock::now();
  const auto clock = [start] { return Seconds(std::chrono::steady_clock::now() - start); };
  const Program &program = chosen_program(started_as, arguments);
  CommandLine command_line;
  std::optional<Talk> talk;
  const auto begin_talk = [&] {
    talk.emplace(program, command_line.talk, command_line.report_file == "-", clock);
  };
  try {
    parse_command_line(program, arguments, command_line);
    begin_talk();
    for (const std::string &remark : command_line.remarks) talk->reporter().warning(remark);
    return act(program, command_line, *talk);
  } catch (const MistakeTold &) {
    std::cerr << fmt::format("Try ‘{0} --help’ or consult {0}(1) for more information.\n",
                             program.name);
  } catch (const Error &error) {
    // A mistake on the command line, perhaps in --machine-readable itself.
    try {
      if (!talk) begin_talk();
    } catch (const Error &) {
      command_line.talk.machine_readable = false;
      begin_talk();
    }
    talk->reporter().error(error);
  } catch (const std::exception &error) {
    std::cerr << program.name << ": error: " << error.what() << std::endl;
  }
  return 1;
}

}  // namespace v2v::host
