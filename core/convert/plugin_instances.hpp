// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One instance of an input, a converter, an output: values in, values out, errors as exceptions,
// closed at the end of life. Each function is one call of plugin.h, which documents it.
#pragma once

#include <core/convert/plugin_host.hpp>

#include <guestfs.h>

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
          const Inspection &inspection);

class ConverterInstance {
 public:
  /// Converts the mounted guest.
  ConverterInstance(const LoadedPlugin &plugin, PluginEnvironment &environment, guestfs_h *g,
                    const Inspection &inspection, const Source &source, const Wishes &wishes);
  const GuestCaps &caps() const { return caps_; }
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
  void precheck(const std::string &name, const Source &source,
                const std::vector<TargetDisk> &disks);
  std::vector<Target> prepare(const std::string &name, const std::vector<TargetDisk> &disks);
  void take(unsigned disk, const Location &image);
  void copy(unsigned disk, const Location &from);
  /// Asks takes and copies under way to end.
  void stop() { host_.stop(); }
  void commit(const Metadata &metadata);

 private:
  v2v_status missing(const char *member);

  const LoadedPlugin &plugin_;
  PluginHost host_;
  Instance instance_;
  OutputDescription description_;
};

/// Hands the records to the output's abort; loads it if need be.
void abort_output(const std::filesystem::path &plugin, const std::vector<std::string> &records,
                  PluginEnvironment &environment);

}  // namespace v2v::core
