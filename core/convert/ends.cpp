// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/ends.hpp>

#include <core/convert/describe.hpp>
#include <core/plugin/options.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace v2v::core {
namespace {

std::uint64_t round_up(std::uint64_t size, std::uint64_t granularity) {
  return granularity > 1 ? (size + granularity - 1) / granularity * granularity : size;
}

}  // namespace

std::unique_ptr<InputInstance> open_input(ConversionContext &context) {
  const auto &settings = context.settings;
  const auto &plugin = context.plugins.find(Kind::input, settings.input);
  auto request = settings.input_request;
  const auto who = "-i " + settings.input;
  request.options = check_options(plugin.info.options, settings.input_options, who);
  context.say().step(fmt::format("Setting up the source: {}{}{}", who,
                                 request.arguments.empty() ? "" : " ",
                                 fmt::join(request.arguments, " ")));
  return std::make_unique<InputInstance>(plugin, context.environment, request);
}

Source connected_source(const InputInstance &input, ConversionContext &context) {
  auto source = input.source();
  context.environment.journal.guest(source.name);
  if (source.disks.empty())
    throw Error(Code::unsupported, "the source has no disks to convert", source.name);
  if (context.settings.map_nic)
    for (auto &nic : source.nics)
      if (const auto warning = context.settings.map_nic(nic)) context.say().warning(*warning);
  context.say().debug(describe_source(source));
  return source;
}

std::unique_ptr<OutputInstance> open_output(ConversionContext &context) {
  const auto &settings = context.settings;
  const auto &plugin = context.plugins.find(Kind::output, settings.output);
  auto request = settings.output_request;
  request.options =
      check_options(plugin.info.options, settings.output_options, "-o " + settings.output);
  return std::make_unique<OutputInstance>(plugin, context.environment, request);
}

void want_disks(const ConversionContext &context, const Source &source,
                const OutputDescription &target, std::vector<DiskUnderway> &disks) {
  const auto &settings = context.settings;
  const auto format = settings.output_request.format.empty() ? target.formats.front()
                                                             : settings.output_request.format;
  if (std::find(target.formats.begin(), target.formats.end(), format) == target.formats.end())
    throw Error(Code::usage, fmt::format("this output cannot write the format '{}'", format),
                "-o " + settings.output,
                fmt::format("use -of with one of: {}", fmt::join(target.formats, ", ")));
  if (target.max_disks && source.disks.size() > target.max_disks)
    throw Error(Code::unsupported,
                fmt::format("the guest has {} disks, and this output takes at most {}",
                            source.disks.size(), target.max_disks),
                source.name);
  for (unsigned i = 0; i < disks.size(); ++i)
    disks[i].wanted = {i, format, round_up(disks[i].source_size, target.size_granularity), 0};
}

void check_firmware(const ConversionContext &context, Firmware firmware,
                    const OutputDescription &target) {
  if (firmware == Firmware::uefi && !target.express_uefi)
    throw Error(Code::unsupported, "this guest boots with UEFI, which the target cannot express",
                "-o " + context.settings.output, "choose another output");
}

const std::string &target_name(const ConversionSettings &settings, const Source &source) {
  return settings.output_request.name.empty() ? source.name : settings.output_request.name;
}

}  // namespace v2v::core
