// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "reported_conversion.hpp"

#include "html_report.hpp"

#include <core/run/new_file.hpp>
#include <v2v/error.hpp>

#include <fmt/format.h>

namespace v2v::host {

int convert_with_report(const CommandLine &command_line, Talk &talk,
                        const std::function<int(core::ChronicleWriter *)> &convert) {
  if (command_line.html_report.empty()) return convert(nullptr);
  if (command_line.action != Action::convert)
    throw Error(Code::usage, "there is no conversion to report on", "--report", "leave it out");
  core::NewFile file(command_line.html_report, 0666, "the report");
  auto &chronicle = talk.keep_chronicle();
  auto &reporter = talk.reporter();
  int status = 1;
  try {
    status = convert(&chronicle);
  } catch (const Error &error) {
    reporter.error(error);
  }
  try {
    file.write(html_report(chronicle.read(), {status == 0, command_line.task == task_in_place}));
    file.publish();
  } catch (const Error &error) {
    // What became of the guest does not depend on it.
    reporter.warning(fmt::format("{}: {}; {}", error.object(), error.failure(), error.remedy()));
  }
  return status;
}

}  // namespace v2v::host
