// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The options of virt-customize that virt-v2v has, in the order in which they are given.
#include "options.hpp"

namespace v2v::host {

std::vector<OptionSpec> customise_options() {
  using Value = OptionSpec::Value;
  std::vector<OptionSpec> table;
  for (const auto &known : customisation_names()) {
    const std::string name = known.name;
    OptionSpec &spec = table.emplace_back();
    spec.names = {name};
    spec.value = known.value_name ? Value::required : Value::none;
    if (known.value_name) spec.value_name = known.value_name;
    spec.help = known.help;
    spec.apply = [name](auto &c, auto &v) { c.customisation.add(name, v); };
  }
  table.push_back({{"password-crypto"},
                   Value::required,
                   "md5|sha256|sha512|yescrypt",
                   Group::customise,
                   "How passwords are hashed (as the guest does it)",
                   false,
                   [](auto &c, auto &v) { c.customisation.set_password_method(v); }});
  table.push_back({{"no-logfile"},
                   Value::none,
                   "",
                   Group::customise,
                   "Leave no log of --run and the like in the guest",
                   false,
                   [](auto &c, auto &) { c.customisation.leave_no_log(); }});
  for (OptionSpec &spec : table) {
    spec.group = Group::customise;
    spec.tasks = task_convert | task_in_place | task_inspect;
  }
  return table;
}

}  // namespace v2v::host
