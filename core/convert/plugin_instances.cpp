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
auto read_result(const LoadedPlugin &plugin, const C *result, const char *what) {
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
  source_ = read_result(plugin, source, "source");
  if (source_.name.empty()) throw_bad_result(plugin, "the plugin gave a source without a name");
}

void InputInstance::verify() {
  if (const auto verify = V2V_GET(v2v_input, plugin_.input, verify, nullptr)) {
    const v2v_verify_request request = {sizeof request, 0};
    host_.call("verify", [&] { return verify(instance_.get(), &request); });
  }
}

// ---- Converter ---------------------------------------------------------------------------------

int probe(const LoadedPlugin &converter, PluginEnvironment &environment,
          const ProbeRequest &request) {
  PluginHost host(converter, environment, {});
  Lender lender;
  int score = 0;
  const auto *c_request = to_c(lender, request);
  host.call_void("probe", [&] { score = converter.converter->probe(host.table(), c_request); });
  // A score has no room for a failure, so a converter that cannot judge would seem not to fit.
  if (const auto complaint = host.complaint())
    environment.reporter.warning(fmt::format("{}: probe failed, which counts as {}: {}",
                                             converter.path.filename().string(), score,
                                             complaint->what()));
  return std::clamp(score, 0, 100);
}

void foresee(const LoadedPlugin &converter, PluginEnvironment &environment,
             const ForeseeRequest &request) {
  const auto asked = V2V_GET(v2v_converter, converter.converter, foresee, nullptr);
  if (!asked) return;
  PluginHost host(converter, environment, {});
  Lender lender;
  const auto *c_request = to_c(lender, request);
  host.call("foresee", [&] { return asked(host.table(), c_request); });
}

namespace {

/// Null if the converter lacks the extension.
const v2v_customise *customising(const LoadedPlugin &converter) {
  const auto ask = converter.descriptor->get_extension;
  const auto *table =
      ask ? static_cast<const v2v_customise *>(ask(V2V_CONVERTER_CUSTOMISE)) : nullptr;
  if (table && (!V2V_HAS(v2v_customise, table, customise) || !table->check || !table->customise))
    throw_bad_result(converter, "its table " V2V_CONVERTER_CUSTOMISE " lacks a function");
  return table;
}

}  // namespace

void check_operations(const LoadedPlugin &converter, PluginEnvironment &environment,
                      const CheckOperationsRequest &request) {
  const auto *table = customising(converter);
  if (!table)
    throw Error(Code::unsupported,
                fmt::format("the converter '{}' makes no changes besides the conversion",
                            converter.info.name),
                "--" + request.operations.front().kind,
                "leave such options out and run virt-customize on the converted disks");
  PluginHost host(converter, environment, {});
  Lender lender;
  const auto *c_request = to_c(lender, request);
  host.call("check", [&] { return table->check(host.table(), c_request); });
}

ConverterInstance::ConverterInstance(const LoadedPlugin &plugin, PluginEnvironment &environment,
                                     const ConvertRequest &request)
    : plugin_(plugin),
      host_(plugin, environment, request.wishes.options),
      instance_(host_, plugin.converter->close) {
  Lender lender;
  const auto *c_request = to_c(lender, request);
  const v2v_guest_caps *caps = nullptr;
  host_.call("convert", [&] {
    return opened(instance_, [&](void **instance) {
      return plugin.converter->convert(host_.table(), c_request, instance, &caps);
    });
  });
  caps_ = read_result(plugin, caps, "guest caps");
  if (caps_.arch.empty()) throw_bad_result(plugin, "the converter gave guest caps without an arch");
}

void ConverterInstance::customise(const CustomiseRequest &request) {
  const auto *table = customising(plugin_);
  Lender lender;
  const auto *c_request = to_c(lender, request);
  host_.call("customise", [&] { return table->customise(instance_.get(), c_request); });
}

void ConverterInstance::finish(guestfs_h *g) {
  if (const auto finish = plugin_.converter->finish) {
    const v2v_finish_request request = {sizeof request, 0, g};
    host_.call("finish", [&] { return finish(instance_.get(), &request); });
  }
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
  const v2v_describe_request describe = {sizeof describe, 0};
  host_.call("describe",
             [&] { return plugin.output->describe(instance_.get(), &describe, &description); });
  description_ = read_result(plugin, description, "description");
  if (description_.formats.empty()) throw_bad_result(plugin, "the output takes no disk format");
  if (description_.modes == 0)
    throw_bad_result(plugin, "the output does not describe how its disks are written");
  if (description_.parallel_disks != 0) turns_.emplace(description_.parallel_disks);
}

void OutputInstance::precheck(const Metadata &metadata) {
  const auto precheck = plugin_.output->precheck;
  if (!precheck) return;
  Lender lender;
  const v2v_precheck_request request = {sizeof request, 0, to_c(lender, metadata)};
  host_.call("precheck", [&] { return precheck(instance_.get(), &request); });
}

std::vector<Target> OutputInstance::prepare(const Metadata &metadata) {
  Lender lender;
  const v2v_prepare_request request = {sizeof request, 0, to_c(lender, metadata)};
  host_.disks(metadata.disks.size());
  const v2v_target *const *c_targets = nullptr;
  host_.call("prepare",
             [&] { return plugin_.output->prepare(instance_.get(), &request, &c_targets); });
  std::vector<Target> targets;
  detail::each(c_targets, [&](const v2v_target *target) {
    targets.push_back(read_result(plugin_, target, "target"));
    check_mode(targets.back());
  });
  if (targets.size() != metadata.disks.size())
    throw_bad_result(plugin_, "the output did not prepare one target for each disk");
  return targets;
}

void OutputInstance::check_mode(const Target &target) const {
  if ((description_.modes & mode_bit(target.mode)) == 0)
    throw_bad_result(plugin_, "the output answers a mode that its description does not name");
  if (target.mode == Target::Mode::host_writes && !target.location)
    throw_bad_result(plugin_, "the output names no place to write to");
}

v2v_status OutputInstance::missing(const char *member) {
  throw_bad_result(plugin_, std::string("the output announced ") + member + " but has none");
}

// A call of those that plugin.h tags with [disks].
void OutputInstance::call_for_disk(const char *name, unsigned disk,
                                   const std::function<v2v_status()> &body) {
  if (turns_) turns_->acquire();
  const std::shared_ptr<void> release(nullptr, [this](void *) {
    if (turns_) turns_->release();
  });
  if (host_.stopping()) throw Error(Code::cancelled, "the conversion was cancelled");
  host_.call(name, body, disk);
}

void OutputInstance::take(const TakeRequest &request) {
  Lender lender;
  const auto *c_request = to_c(lender, request);
  const auto take = plugin_.output->take;
  call_for_disk("take", request.disk,
                [&] { return take ? take(instance_.get(), c_request) : missing("take"); });
}

void OutputInstance::copy(const CopyRequest &request) {
  Lender lender;
  const auto *c_request = to_c(lender, request);
  const auto copy = plugin_.output->copy;
  call_for_disk("copy", request.disk,
                [&] { return copy ? copy(instance_.get(), c_request) : missing("copy"); });
}

void OutputInstance::read(const ReadRequest &request) {
  Lender lender;
  const auto *c_request = to_c(lender, request);
  const auto read = plugin_.output->read;
  call_for_disk("read", request.disk,
                [&] { return read ? read(instance_.get(), c_request) : missing("read"); });
}

void OutputInstance::written(unsigned disk) {
  const auto written = plugin_.output->written;
  if (!written) return;
  const v2v_written_request request = {sizeof request, disk};
  call_for_disk("written", disk, [&] { return written(instance_.get(), &request); });
}

void OutputInstance::commit(const Metadata &metadata) {
  Lender lender;
  const v2v_commit_request request = {sizeof request, 0, to_c(lender, metadata)};
  host_.call("commit", [&] { return plugin_.output->commit(instance_.get(), &request); });
}

void abort_output(const std::filesystem::path &plugin, const std::vector<std::string> &records,
                  PluginEnvironment &environment) {
  const auto &loaded = load_plugin(plugin, environment.reporter);
  if (!loaded.output->abort) throw_bad_result(loaded, "the output has no abort");
  PluginHost host(loaded, environment, {});
  Lender lender;
  const v2v_abort_request request = {sizeof request, 0, lender.texts(records)};
  host.call("abort", [&] { return loaded.output->abort(host.table(), &request); });
}

}  // namespace v2v::core
