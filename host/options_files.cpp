// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Options for files that a conversion leaves beside the guest.
#include "options.hpp"

#include "collection.hpp"

namespace v2v::host {

std::vector<OptionSpec> file_options() {
  using Value = OptionSpec::Value;
  std::vector<OptionSpec> table;
  table.push_back({{"report"},
                   Value::required,
                   "FILE.html",
                   Group::report,
                   "Write what was done, and why, to this file",
                   true,
                   [](auto &c, auto &v) { c.html_report = v; },
                   task_convert | task_in_place,
                   OptionSpec::Manner::own});
  table.push_back({{"collect"},
                   Value::required,
                   "GUEST[:LOCAL]",
                   Group::guest,
                   "Keep this file or directory as it was before",
                   false,
                   [](auto &c, auto &v) { c.collect.push_back(collected_path(v)); }});
  table.push_back({{"collect-output"},
                   Value::required,
                   "FILE.tar.xz",
                   Group::guest,
                   "Where --collect puts it",
                   true,
                   [](auto &c, auto &v) { c.collect_output = v; }});
  return table;
}

}  // namespace v2v::host
