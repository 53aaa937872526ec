// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One conversion: what it is asked to do, and the function that does it.
#pragma once

#include <core/convert/findings.hpp>
#include <core/convert/in_place.hpp>
#include <core/guest/collect.hpp>
#include <core/guest/disk_keys.hpp>
#include <core/guest/report.hpp>
#include <core/guest/root_choice.hpp>
#include <core/plugin/catalog.hpp>
#include <core/run/chronicle.hpp>
#include <core/run/reporter.hpp>
#include <v2v/values.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace v2v::core {

struct ConversionSettings {
  std::string input, output;               ///< plugin names; no output: the guest goes nowhere
  InputRequest input_request;              ///< without its options
  std::vector<std::string> input_options;  ///< unchecked: "name" or "name=value"
  OutputRequest output_request;            ///< without its options
  std::vector<std::string> output_options;
  std::vector<std::string> converter_options;

  bool convert = true;             ///< false: only the report is made
  bool as_it_is = false;           ///< the guest is moved unchanged; then there is no appliance
  std::string run;                 ///< a command that gets the disks; then nothing is converted
  InPlace in_place = InPlace::no;  ///< on the guest's own disks; then there is no output

  Collection collection;  ///< files of the guest that are put aside before it is converted
  ChronicleWriter *chronicle = nullptr;  ///< is told what is found out; null: nobody asks

  std::vector<DiskKey> keys;
  std::string root;  ///< ask, single, first, or a device; empty: the one that boots, else ask
  bool rebuild_initramfs = false;
  bool relabel = true;  ///< SELinux's labels
  BlockBus block_bus = BlockBus::none;
  std::vector<Operation> operations;  ///< further changes of the guest, in order
  bool keep_operations_log = true;    ///< false: nothing of what programs said stays in the guest
  bool fstrim = true;
  unsigned parallel = 4;           ///< disks copied at once
  unsigned appliance_memory = 0;   ///< MiB; 0: chosen
  unsigned appliance_cpus = 0;     ///< 0: chosen
  bool appliance_network = false;  ///< programs of the guest can reach the network
  bool trace = false;              ///< show the appliance's calls and its console

  /// --network, --bridge, --mac: changes what a NIC is connected to, and gives what to warn of. May
  /// be empty.
  std::function<std::optional<std::string>(Nic &)> map_nic;
  std::vector<StaticAddress> static_addresses;  ///< --mac MAC:ip:…
  /// --root ask: gives the chosen device. Empty: nobody can be asked.
  std::function<std::string(const std::vector<RootChoice> &)> ask_root;
  /// A password from the terminal, without echo. Empty: nobody can be asked.
  std::function<std::optional<std::string>(const std::string &prompt)> ask_secret;
  /// --print-source: shows the source, and the conversion ends there. May be empty.
  std::function<void(const Source &)> print_source;
  /// Gets the report on the guest, before anything is written to its disks. May be empty.
  std::function<void(const Report &)> report;
  /// --print-estimate: shows the bytes each disk needs on the target after conversion, and the
  /// conversion ends there. May be empty.
  std::function<void(const std::vector<std::uint64_t> &)> print_estimate;
  /// Gets what would come of the conversion, which is then not made. May be empty.
  std::function<void(const CheckResult &)> check;
  /// For a check: what is wrong with the settings already.
  std::vector<std::pair<Part, Error>> problems;
};

/// Converts, or checks whether it could. Forks, so only for single-threaded callers.
/// @return the process exit status: 0 or that of the command that was run, or 1 after the failure was reported
int run_conversion(const ConversionSettings &settings, PluginCatalog &plugins, Reporter &reporter);

}  // namespace v2v::core
