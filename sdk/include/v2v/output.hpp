// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The base class of outputs. Derive, take (Host, OutputRequest) in the constructor, give the class
// a `static void abort(const Host &, const std::vector<std::string> &records)`, and end the file
// with V2V_REGISTER_OUTPUT(Class, PluginInfo{…}). plugin.h draws the life of an output.
#pragma once

#include <v2v/plugin.hpp>

namespace v2v {

/// One target being filled. Calls come one at a time, except take, copy and written, which run for
/// several disks at once unless parallel_disks is 1: what these share in the object needs a lock.
class Output {
 public:
  virtual ~Output() = default;
  virtual OutputDescription describe() = 0;
  /// Everything that can fail is checked here, before work is spent. Changes nothing.
  virtual void precheck(const Metadata & /*metadata*/) {}
  /// Creates or adopts a target for each disk; each thing made goes into the journal first.
  virtual std::vector<Target> prepare(const Metadata &metadata) = 0;
  /// Target::Mode::plugin_takes: upload the finished local image.
  virtual void take(const TakeRequest & /*request*/) { throw not_offered(); }
  /// Target::Mode::plugin_copies: move the bytes of the finished disk to the target.
  virtual void copy(const CopyRequest & /*request*/) { throw not_offered(); }
  /// Target::Mode::plugin_reads: bring the disk that a server of the host's serves to the target.
  virtual void read(const ReadRequest & /*request*/) { throw not_offered(); }
  /// Target::Mode::host_writes: this disk is complete and on stable storage.
  virtual void written(unsigned /*disk*/) {}
  /// Writes the metadata and makes the result visible. All or nothing.
  virtual void commit(const Metadata &metadata) = 0;

 private:
  static Error not_offered() {
    return Error(Code::internal, "the output asked for a way of copying that it does not have", {},
                 "report this to the plugin's vendor");
  }
};

namespace detail {

struct OutputInstance {
  Host host;
  std::unique_ptr<Output> output;
  Lender lender;
};

template <class Class>
struct OutputTable {
  static OutputInstance &self(void *instance) { return *static_cast<OutputInstance *>(instance); }
  // precheck, prepare and commit are asked with the same one thing.
  template <class Request>
  static Metadata metadata_of(const Request &request) {
    V2V_REQUIRE(Request, &request, metadata);
    return from_c(require_there(request.metadata, "v2v_metadata"));
  }
  template <class Body>
  static v2v_status call(void *instance, Body body) noexcept {
    return guarded(self(instance).host, [&] { body(self(instance)); });
  }

  static v2v_status open(const v2v_host *c_host, const v2v_output_request *request,
                         void **instance) noexcept {
    const Host host(c_host);
    return guarded(host, [&] {
      auto output = std::make_unique<Class>(host, from_c(*request));
      *instance = new OutputInstance{host, std::move(output), Lender()};
    });
  }
  static v2v_status describe(void *instance, const v2v_describe_request *,
                             const v2v_output_description **result) noexcept {
    return call(instance,
                [&](OutputInstance &me) { *result = to_c(me.lender, me.output->describe()); });
  }
  static v2v_status precheck(void *instance, const v2v_precheck_request *request) noexcept {
    return call(instance, [&](OutputInstance &me) { me.output->precheck(metadata_of(*request)); });
  }
  static v2v_status prepare(void *instance, const v2v_prepare_request *request,
                            const v2v_target *const **targets) noexcept {
    return call(instance, [&](OutputInstance &me) {
      *targets = me.lender.list<const v2v_target>(
          me.output->prepare(metadata_of(*request)),
          [&](const Target &target) { return to_c(me.lender, target); });
    });
  }
  static v2v_status take(void *instance, const v2v_take_request *request) noexcept {
    return call(instance, [&](OutputInstance &me) { me.output->take(from_c(*request)); });
  }
  static v2v_status copy(void *instance, const v2v_copy_request *request) noexcept {
    return call(instance, [&](OutputInstance &me) { me.output->copy(from_c(*request)); });
  }
  static v2v_status read(void *instance, const v2v_read_request *request) noexcept {
    return call(instance, [&](OutputInstance &me) { me.output->read(from_c(*request)); });
  }
  static v2v_status written(void *instance, const v2v_written_request *request) noexcept {
    return call(instance, [&](OutputInstance &me) {
      V2V_REQUIRE(v2v_written_request, request, disk);
      me.output->written(request->disk);
    });
  }
  static v2v_status commit(void *instance, const v2v_commit_request *request) noexcept {
    return call(instance, [&](OutputInstance &me) { me.output->commit(metadata_of(*request)); });
  }
  static v2v_status abort(const v2v_host *c_host, const v2v_abort_request *request) noexcept {
    const Host host(c_host);
    return guarded(host, [&] {
      V2V_REQUIRE(v2v_abort_request, request, records);
      Class::abort(host, detail::texts(request->records));
    });
  }
  static void close(void *instance) noexcept { delete static_cast<OutputInstance *>(instance); }

  static const v2v_output *table() {
    static const v2v_output made = {sizeof(v2v_output),
                                    0,
                                    open,
                                    describe,
                                    precheck,
                                    prepare,
                                    take,
                                    copy,
                                    read,
                                    written,
                                    commit,
                                    abort,
                                    close};
    return &made;
  }
};

}  // namespace detail
}  // namespace v2v

#define V2V_REGISTER_OUTPUT(Class, ...)                                                   \
  extern "C" V2V_EXPORT const v2v_plugin *v2v_plugin_entry_v1(const v2v_host *host) {     \
    return v2v::detail::entry(host, [] {                                                  \
      return v2v::detail::descriptor(v2v::Kind::output, __VA_ARGS__, &v2v_plugin::output, \
                                     v2v::detail::OutputTable<Class>::table());           \
    });                                                                                   \
  }
