// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is around a conversion: the process that it runs in, and the cleaning up.
#include <core/convert/check.hpp>
#include <core/convert/pipeline.hpp>
#include <core/convert/plugin_instances.hpp>
#include <core/run/supervisor.hpp>

namespace v2v::core {

int run_conversion(const ConversionSettings &settings, PluginCatalog &plugins, Reporter &reporter) {
  const auto parent = RunDirectory::parent_directory();
  const Abort abort = [&](const std::filesystem::path &run_directory,
                          const std::filesystem::path &plugin,
                          const std::vector<std::string> &records) {
    const Cancellation never;
    Journal journal(run_directory);
    PluginEnvironment environment{reporter, never, journal, run_directory, {}};
    abort_output(plugin, records, environment);
  };
  try {
    clean_up_stale(parent, reporter, abort);
    // A check goes on without room, and says so.
    const auto run = RunDirectory::create(parent, settings.check ? 0 : needed_scratch_space);
    return supervise(
        run, reporter,
        [&](Journal &journal, const Cancellation &cancellation) {
          const ConversionContext context{
              settings,
              plugins,
              {reporter, cancellation, journal, run.path(), settings.ask_secret}};
          settings.check ? check_conversion(context) : convert(context);
        },
        abort);
  } catch (const Error &error) {
    reporter.error(error);
    return 1;
  }
}

}  // namespace v2v::core
