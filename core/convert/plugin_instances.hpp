// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One instance of an input, a converter, an output: values in, values out, errors as exceptions,
// closed at the end of life. Each function is one call of plugin.h, which documents it.
#pragma once

#include <core/convert/plugin_host.hpp>

#include <guestfs.h>

#include <semaphore>

namespace v2v::core {

/// What a plugin calls its instance: any pointer, even null. Closed once, if it was ever opened.
/// Declared after its PluginHost, which it needs.
class Instance {
 public:
  Instance(PluginHost &host, void (*close)(void *)) : host_(host), close_(close) {}
  ~Instance();
  Instance(const Instance &) = delete;
  Instance &operator=(const Instance &) = delete;

  void opened(void *instance) {
    instance_ = instance;
    is_open_ = true;
  }
  void *get() const { return instance_; }

 private:
  PluginHost &host_;
  void (*close_)(void *);
  void *instance_ = nullptr;
  bool is_open_ = false;
};

class InputInstance {
 public:
  /// Opens the source.
  InputInstance(const LoadedPlugin &plugin, PluginEnvironment &environment,
                const InputRequest &request);
  const Source &source() const { return source_; }
  /// Throws if the source is not what it should be.
  void verify();

 private:
  const LoadedPlugin &plugin_;
  PluginHost host_;
  Instance instance_;
  Source source_;
};

/// The score of a converter for this guest, 0 to 100.
int probe(const LoadedPlugin &converter, PluginEnvironment &environment,
          const ProbeRequest &request);

/// Asks a converter what this host lacks for a guest like the source.
void foresee(const LoadedPlugin &converter, PluginEnvironment &environment,
             const ForeseeRequest &request);

/// Whether a converter can make these changes in such a guest.
/// @throws Error(unsupported) if it can make none at all
void check_operations(const LoadedPlugin &converter, PluginEnvironment &environment,
                      const CheckOperationsRequest &request);

class ConverterInstance {
 public:
  /// Converts the mounted guest.
  ConverterInstance(const LoadedPlugin &plugin, PluginEnvironment &environment,
                    const ConvertRequest &request);
  const GuestCaps &caps() const { return caps_; }
  /// Makes the changes that check_operations() let pass.
  void customise(const CustomiseRequest &request);
  void finish(guestfs_h *g);

 private:
  const LoadedPlugin &plugin_;
  PluginHost host_;
  Instance instance_;
  GuestCaps caps_;
};

class OutputInstance {
 public:
  OutputInstance(const LoadedPlugin &plugin, PluginEnvironment &environment,
                 const OutputRequest &request);
  const OutputDescription &description() const { return description_; }
  void precheck(const Metadata &metadata);
  std::vector<Target> prepare(const Metadata &metadata);
  // Any thread, for different disks at the same time as far as the description allows it.
  void take(const TakeRequest &request);
  void copy(const CopyRequest &request);
  void read(const ReadRequest &request);
  void written(unsigned disk);
  /// Asks takes and copies under way to end.
  void stop() { host_.stop(); }
  void commit(const Metadata &metadata);

 private:
  v2v_status missing(const char *member);
  void call_for_disk(const char *name, unsigned disk, const std::function<v2v_status()> &body);
  void check_mode(const Target &target) const;

  const LoadedPlugin &plugin_;
  PluginHost host_;
  Instance instance_;
  OutputDescription description_;
  std::optional<std::counting_semaphore<>> turns_;  ///< for calls of [disks], if they are limited
};

/// Hands the records to the output's abort; loads it if need be.
void abort_output(const std::filesystem::path &plugin, const std::vector<std::string> &records,
                  PluginEnvironment &environment);

}  // namespace v2v::core
