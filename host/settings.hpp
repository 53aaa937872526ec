// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the user asked for, as a plain value: the result of parsing the command line. It owns
// everything it holds and knows nothing of plugins; option values for plugins are still unchecked.
#pragma once

#include "customisation.hpp"
#include "network_map.hpp"
#include "programs.hpp"

#include <core/guest/collect.hpp>
#include <v2v/values.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace v2v::host {

/// What to do. Everything but `convert` answers a question and ends.
enum class Action {
  convert,
  help,
  version,
  short_options,
  long_options,
  features,  ///< --machine-readable without a guest
  list_plugins,
  plugin_info,
  input_options,      ///< -io ?
  converter_options,  ///< -co ?
  output_options,     ///< -oo ?
  print_source,
  print_estimate,
};

/// --key: how a disk is unlocked.
struct DiskKey {
  std::string selector;  ///< a device, a UUID or "all"
  std::string key;       ///< the passphrase, or empty
  std::string file;      ///< the file that holds it, or empty
  bool clevis = false;   ///< neither: Clevis has it
};

/// -i and its companions.
struct InputSettings {
  std::string plugin = "libvirt";
  bool chosen = false;                 ///< -i was given
  std::vector<std::string> arguments;  ///< the words that are not options
  std::string format;                  ///< -if
  std::string connection;              ///< -ic
  std::string transport;               ///< -it, or empty
  std::string password_file;           ///< -ip
  std::vector<std::string> options;    ///< each "name" or "name=value" of -io
  bool allow_references = false;
};

/// -o and its companions.
struct OutputSettings {
  std::string plugin = "libvirt";
  bool chosen = false;                   ///< -o was given
  std::optional<Allocation> allocation;  ///< -oa
  std::string connection;                ///< -oc
  std::string format;                    ///< -of
  std::string name;                      ///< -on
  std::string password_file;             ///< -op
  std::string storage;                   ///< -os
  std::vector<std::string> options;      ///< each "name" or "name=value" of -oo
};

/// The machine that libguestfs starts for the conversion. 0: the host chooses.
struct ApplianceSettings {
  unsigned memory = 0;  ///< MiB
  unsigned cpus = 0;
};

/// How to talk to people.
struct TalkSettings {
  bool quiet = false, verbose = false, trace = false, colours = false, wrap = false;
  bool machine_readable = false;
  std::string machine_destination;  ///< empty, file:NAME, stream:stdout, stream:stderr or fd:N
};

struct CommandLine {
  Action action = Action::convert;
  std::vector<std::string> remarks;  ///< warnings about the command line itself
  Task task = task_convert;
  bool check = false;                        ///< v2v check: whether the task could be done
  bool direct = false;                       ///< --in-place=direct
  std::string report_file;                   ///< -O; empty: none in place, standard output else
  bool report_as_json = false;               ///< --json
  std::string run;                           ///< --run
  bool convert = true;                       ///< false: --no-convert
  bool as_it_is = false;                     ///< --convert none
  std::filesystem::path html_report;         ///< --report; empty: none
  std::vector<core::CollectedPath> collect;  ///< --collect
  std::filesystem::path collect_output;      ///< --collect-output
  InputSettings input;
  OutputSettings output;
  NetworkMap networks;
  Customisation customisation;  ///< what else is changed in the guest
  ApplianceSettings appliance;
  TalkSettings talk;
  std::string root;  ///< ask, single, first, or a device; empty: the one that boots, else ask
  std::vector<DiskKey> keys;
  bool keys_from_stdin = false, echo_keys = false;
  bool rebuild_initramfs = false;  ///< --initramfs rebuild
  bool relabel = true;             ///< --no-selinux-relabel
  bool trim = true;                ///< false: --no-fstrim
  BlockBus block_bus = BlockBus::none;
  std::vector<std::string> converter_options;  ///< each "name" or "name=value" of -co
  unsigned parallel = 0;                       ///< disks copied at a time; 0: the host chooses
  std::vector<std::filesystem::path> plugin_directories;
  std::filesystem::path plugin_file;  ///< for Action::plugin_info
};

}  // namespace v2v::host
