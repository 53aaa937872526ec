// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "conversion_settings.hpp"

#include "collection.hpp"

#include <v2v/error.hpp>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace v2v::host {
namespace {

constexpr std::size_t largest_key = std::size_t{8} << 20;  // cryptsetup(8)'s own limit

/// What a key file may mean: its first line, as up to libguestfs 1.58, or all of it, as since then. A
/// passphrase that somebody wrote with an editor is the one, random bytes are the other.
std::vector<std::string> read_key_file(const std::string &name) {
  std::ifstream file(name, std::ios::binary);
  std::string whole(largest_key + 1, '\0');
  file.read(whole.data(), static_cast<std::streamsize>(whole.size()));
  const int reason = errno;
  if (!file.is_open() || file.bad())
    throw Error(reason == ENOENT ? Code::not_found : Code::access,
                "cannot read the key file: " + std::generic_category().message(reason), name,
                "check the file that --key names");
  whole.resize(static_cast<std::size_t>(file.gcount()));
  if (whole.empty() || whole.size() > largest_key)
    throw Error(Code::access, whole.empty() ? "the key file is empty" : "the key file is too large",
                name, "check the file that --key names");
  const std::string line = whole.substr(0, whole.find('\n'));
  if (line.empty() || line == whole) return {whole};
  return {line, whole};
}

std::vector<core::DiskKey> disk_keys(const CommandLine &command_line, std::istream &in,
                                     core::ConversionSettings &settings) {
  std::vector<core::DiskKey> keys;
  for (const DiskKey &key : command_line.keys) try {
      if (key.file.empty()) keys.push_back({key.selector, key.key, key.clevis});
      if (!key.file.empty())
        for (const std::string &meaning : read_key_file(key.file))
          keys.push_back({key.selector, meaning, false});
    } catch (const Error &error) {
      if (!command_line.check) throw;
      settings.problems.emplace_back(core::Part::host, error);
    }
  if (command_line.keys_from_stdin)
    for (std::string line; std::getline(in, line);) keys.push_back({"all", line, false});
  return keys;
}

/// Passwords are asked for by the plugins under the name of this option (plugin.h, secret).
std::vector<std::string> with_password(std::vector<std::string> options, const std::string &file) {
  if (!file.empty()) options.push_back("password-file=" + file);
  return options;
}

}  // namespace

core::ConversionSettings conversion_settings(const CommandLine &command_line, std::istream &in) {
  core::ConversionSettings settings;
  const InputSettings &input = command_line.input;
  settings.input = input.plugin;
  settings.input_request.arguments = input.arguments;
  settings.input_request.format = input.format;
  settings.input_request.transport = input.transport;
  settings.input_request.connection = input.connection;
  settings.input_request.allow_references = input.allow_references;
  settings.input_options = with_password(input.options, input.password_file);

  const OutputSettings &output = command_line.output;
  if (command_line.task == task_convert) settings.output = output.plugin;
  settings.output_request.name = output.name;
  settings.output_request.format = output.format;
  settings.output_request.storage = output.storage;
  settings.output_request.connection = output.connection;
  settings.output_request.allocation = output.allocation;
  settings.output_options = with_password(output.options, output.password_file);

  if (command_line.task == task_in_place)
    settings.in_place = command_line.direct ? core::InPlace::direct : core::InPlace::overlay;
  settings.convert = command_line.convert;
  settings.as_it_is = command_line.as_it_is;
  settings.run = command_line.run;
  try {
    settings.collection = collection(command_line);
  } catch (const Error &error) {
    if (!command_line.check) throw;
    settings.problems.emplace_back(core::Part::host, error);
  }
  settings.converter_options = command_line.converter_options;
  settings.keys = disk_keys(command_line, in, settings);
  settings.root = command_line.root;
  settings.rebuild_initramfs = command_line.rebuild_initramfs;
  settings.relabel = command_line.relabel;
  settings.block_bus = command_line.block_bus;
  settings.fstrim = command_line.trim;
  if (command_line.parallel != 0) settings.parallel = command_line.parallel;
  settings.appliance_memory = command_line.appliance.memory;
  settings.appliance_cpus = command_line.appliance.cpus;
  settings.trace = command_line.talk.trace;
  settings.map_nic = [map = command_line.networks](Nic &nic) { return map.apply(nic); };
  const auto problem = [&](const Error &error) {
    settings.problems.emplace_back(core::Part::host, error);
  };
  const Changes changes =
      read_changes(command_line.customisation, command_line.check ? Problem(problem) : Problem());
  settings.operations = changes.operations;
  settings.keep_operations_log = changes.keep_log;
  settings.appliance_network = changes.needs_network;
  settings.relabel = settings.relabel && changes.relabel;
  settings.static_addresses = command_line.networks.static_addresses();
  return settings;
}

}  // namespace v2v::host
