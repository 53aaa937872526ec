// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/converters.hpp>

#include <core/convert/describe.hpp>
#include <core/plugin/options.hpp>

#include <fmt/format.h>

#include <tuple>

namespace v2v::core {

Options options_for(const LoadedPlugin &converter, const ConversionContext &context) {
  return check_options(converter.info.options, context.settings.converter_options,
                       "-co of the converter " + converter.info.name);
}

void check_converter_options(const ConversionContext &context) {
  std::optional<Error> refused;
  for (const auto *plugin : context.plugins.load_all(Kind::convert)) try {
      options_for(*plugin, context);
      return;
    } catch (const Error &error) {
      refused = error;
    }
  if (refused) throw *refused;
}

void foresee(ConversionContext &context, const Source &source, const Wishes &wishes) {
  check_converter_options(context);
  for (const auto *converter : context.plugins.load_all(Kind::convert))
    foresee(*converter, context.environment, {source, wishes, {}});
}

Wishes wishes_of(const ConversionSettings &settings, const OutputDescription *target) {
  Wishes wishes;
  wishes.keep_serial_console = !target || target->keep_serial_console;
  wishes.rebuild_initramfs = settings.rebuild_initramfs;
  wishes.relabel = settings.relabel;
  wishes.block_bus = settings.block_bus;
  wishes.static_addresses = settings.static_addresses;
  return wishes;
}

const LoadedPlugin &best_converter(ConversionContext &context, const Inspection &inspection,
                                   const Source &source) {
  const LoadedPlugin *best = nullptr;
  int best_score = 0;
  // By name, so that the first of two equals wins every time.
  for (const auto *plugin : context.plugins.load_all(Kind::convert)) {
    const int score = probe(*plugin, context.environment, {inspection, source});
    context.say().debug(fmt::format("converter {}: score {}", plugin->info.name, score));
    if (score > best_score) std::tie(best, best_score) = std::pair(plugin, score);
  }
  if (!best)
    throw Error(
        Code::unsupported,
        fmt::format("v2v is unable to convert this guest type ({}/{}): no converter takes {}",
                    inspection.type, inspection.distro, inspection.product_name),
        source.name,
        "see v2v --list-plugins for what the converters here handle, and install one for it; or "
        "move it as it is, on emulated devices: v2v --convert none");
  return *best;
}

GuestCaps convert_guest(const LoadedPlugin &converter, ConvertRequest request,
                        ConversionContext &context) {
  const auto &settings = context.settings;
  request.wishes.options = options_for(converter, context);
  if (!settings.operations.empty())
    check_operations(converter, context.environment,
                     {request.guestfs, request.inspection, settings.operations});
  ConverterInstance instance(converter, context.environment, request);
  auto caps = instance.caps();
  context.say().note(caps.block_bus == BlockBus::ide
                         ? "This guest does not have virtio drivers installed."
                         : "This guest has virtio drivers installed.");
  if (const auto unmet = unmet_block_driver(settings.block_bus, caps.block_bus))
    context.say().warning(*unmet);
  context.say().debug(describe_caps(caps));
  if (!settings.operations.empty())
    instance.customise({settings.keep_operations_log, request.guestfs, settings.operations});
  guestfs_umount_all(request.guestfs);
  instance.finish(request.guestfs);
  return caps;
}

}  // namespace v2v::core
