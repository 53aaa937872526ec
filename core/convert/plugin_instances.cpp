// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/convert/plugin_instances.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::core {
namespace {

[[noreturn]] void throw_bad_result(const LoadedPlugin &plugin, const std::string &what) {
  throw Error(Code::internal, what, plugin.path.string(), "report this to the plugin's vendor");
}

// What the plugin answered, as a value. What is wrong with its shape is the plugin's fault.
template <class C>
auto read(const LoadedPlugin &plugin, const C *result, const char *what) {
  if (!result) throw_bad_result(plugin, std::string("the plugin gave no ") + what);
  try {
    return from_c(*result);
  } catch (const Error &error) {
    throw Error(error.code(), error.failure(), plugin.path.string(), error.remedy());
  }
}

// Keeps the instance that a call made.
template <class Open>
v2v_status opened(Instance &instance, Open open) {
  void *made = nullptr;
  const v2v_status status = open(&made);
  if (status == V2V_OK) instance.opened(made);
  return status;
}

}  // namespace

Instance::~Instance() {
  if (!is_open_) return;
  bool closed = false;
  const auto close = [&] {
    closed = true;
    close_(instance_);
  };
  try {
    host_.call_void("close", close);  // so that a crash in it is named
  } catch (const std::exception &) {
    // The journal cannot be written. That must not keep helper processes alive.
    if (!closed) close();
  }
}

// ---- Input ------------------------------------------------------------------------------------

InputInstance::InputInstance(const LoadedPlugin &plugin, PluginEnvironment &environment,
                             const InputRequest &request)
    : plugin_(plugin),
      host_(plugin, environment, request.options),
      instance_(host_, plugin.input->close) {
  Lender lender;
  const auto *c_request = to_c(lender, request);
  const v2v_source *source = nullptr;
  host_.call("open", [&] {
    return opened(instance_, [&](void **instance) {
      return plugin.input->open(host_.table(), c_request, instance, &source);
    });
  });
  source_ = read(plugin, source, "source");
  if (source_.name.empty()) throw_bad_result(plugin, "the plugin gave a source without a name");
}

void InputInstance::verify() {
  if (const auto verify = V2V_GET(v2v_input, plugin_.input, verify, nullptr))
    host_.call("verify", [&] { return verify(instance_.get()); });
}

// ---- Converter ---------------------------------------------------------------------------------

int probe(const LoadedPlugin &converter, PluginEnvironment &environment,
          const Inspection &inspection) {
  PluginHost host(converter, environment, {});
  Lender lender;
  int score = 0;
  const auto *c_inspection = to_c(lender, inspection);
  host.call_void("probe", [&] { score = converter.converter->probe(host.table(), c_inspection); });
  // A score has no room for a failure, so a converter that cannot judge would seem not to fit.
  if (const auto complaint = host.complaint())
    environment.reporter.warning(fmt::format("{}: probe failed, which counts as {}: {}",
                                             converter.path.filename().string(), score,
                                             complaint->what()));
  return std::clamp(score, 0, 100);
}

ConverterInstance::ConverterInstance(const LoadedPlugin &plugin, PluginEnvironment &environment,
                                     guestfs_h *g, const Inspection &inspection,
                                     const Source &source, const Wishes &wishes)
    : plugin_(plugin), host_(plugin, environment, {}), instance_(host_, plugin.converter->close) {
  Lender lender;
  auto *request = lender.make<v2v_convert_request>();
  request->guestfs = g;
  request->inspection = to_c(lender, inspection);
  request->source = to_c(lender, source);
  request->wishes = to_c(lender, wishes);
  const v2v_guest_caps *caps = nullptr;
  host_.call("convert", [&] {
    return opened(instance_, [&](void **instance) {
      return plugin.converter->convert(host_.table(), request, instance, &caps);
    });
  });
  caps_ = read(plugin, caps, "guest caps");
  const bool known = caps->block_bus >= V2V_BUS_IDE && caps->block_bus <= V2V_BUS_VIRTIO_SCSI &&
                     caps->net_bus >= V2V_NET_E1000 && caps->net_bus <= V2V_NET_RTL8139 &&
                     caps->machine >= V2V_MACHINE_I440FX && caps->machine <= V2V_MACHINE_VIRT &&
                     !caps_.arch.empty();
  if (!known) throw_bad_result(plugin, "the converter gave guest caps that are not understood");
}

void ConverterInstance::finish(guestfs_h *g) {
  if (const auto finish = plugin_.converter->finish)
    host_.call("finish", [&] { return finish(instance_.get(), g); });
}

// ---- Output -----------------------------------------------------------------------------------

OutputInstance::OutputInstance(const LoadedPlugin &plugin, PluginEnvironment &environment,
                               const OutputRequest &request)
    : plugin_(plugin),
      host_(plugin, environment, request.options),
      instance_(host_, plugin.output->close) {
  Lender lender;
  const auto *c_request = to_c(lender, request);
  host_.call("open", [&] {
    return opened(instance_, [&](void **instance) {
      return plugin.output->open(host_.table(), c_request, instance);
    });
  });
  const v2v_output_description *description = nullptr;
  host_.call("describe", [&] { return plugin.output->describe(instance_.get(), &description); });
  description_ = read(plugin, description, "description");
  if (description_.formats.empty()) throw_bad_result(plugin, "the output takes no disk format");
}

void OutputInstance::precheck(const std::string &name, const Source &source,
                              const std::vector<TargetDisk> &disks) {
  const auto precheck = plugin_.output->precheck;
  if (!precheck) return;
  Lender lender;
  const auto *c_source = to_c(lender, source);
  const auto *c_disks = to_c(lender, disks);
  host_.call("precheck",
             [&] { return precheck(instance_.get(), name.c_str(), c_source, c_disks); });
}

std::vector<Target> OutputInstance::prepare(const std::string &name,
                                            const std::vector<TargetDisk> &disks) {
  Lender lender;
  const auto *c_disks = to_c(lender, disks);
  const v2v_target *const *c_targets = nullptr;
  host_.call("prepare", [&] {
    return plugin_.output->prepare(instance_.get(), name.c_str(), c_disks, &c_targets);
  });
  std::vector<Target> targets;
  detail::each(c_targets, [&](const v2v_target *target) {
    targets.push_back(read(plugin_, target, "target"));
    if (target->mode < V2V_TARGET_HOST_WRITES || target->mode > V2V_TARGET_DISCARD)
      throw_bad_result(plugin_, "the output does not say how its disks are written");
    if (targets.back().mode == Target::Mode::host_writes && !targets.back().location)
      throw_bad_result(plugin_, "the output names no place to write to");
  });
  if (targets.size() != disks.size())
    throw_bad_result(plugin_, "the output did not prepare one target for each disk");
  return targets;
}

v2v_status OutputInstance::missing(const char *member) {
  throw_bad_result(plugin_, std::string("the output announced ") + member + " but has none");
}

void OutputInstance::take(unsigned disk, const Location &image) {
  Lender lender;
  const auto *c_image = to_c(lender, image);
  const auto take = plugin_.output->take;
  host_.call(
      "take", [&] { return take ? take(instance_.get(), disk, c_image) : missing("take"); }, disk);
}

void OutputInstance::copy(unsigned disk, const Location &from) {
  Lender lender;
  const auto *c_from = to_c(lender, from);
  const auto copy = plugin_.output->copy;
  host_.call(
      "copy", [&] { return copy ? copy(instance_.get(), disk, c_from) : missing("copy"); }, disk);
}

void OutputInstance::commit(const Metadata &metadata) {
  Lender lender;
  const auto *c_metadata = to_c(lender, metadata);
  host_.call("commit", [&] { return plugin_.output->commit(instance_.get(), c_metadata); });
}

void abort_output(const std::filesystem::path &plugin, const std::vector<std::string> &records,
                  PluginEnvironment &environment) {
  const auto &loaded = load_plugin(plugin, environment.reporter);
  if (!loaded.output->abort) throw_bad_result(loaded, "the output has no abort");
  PluginHost host(loaded, environment, {});
  Lender lender;
  const auto *c_records = lender.texts(records);
  host.call("abort", [&] { return loaded.output->abort(host.table(), c_records); });
}

}  // namespace v2v::core
