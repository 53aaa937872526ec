// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The base class of inputs. Derive, take (Host, InputRequest) in the constructor, and end the file
// with V2V_REGISTER_INPUT(Class, PluginInfo{…}).
#pragma once

#include <v2v/plugin.hpp>

namespace v2v {

/// One source being read. Calls come one at a time. Helper processes that serve a disk belong to
/// the object and end in its destructor.
class Input {
 public:
  virtual ~Input() = default;
  /// Reads the metadata and finds the disks; changes nothing and copies no disk that can be read
  /// in place. Called once.
  virtual Source open() = 0;
  /// Throws if the source turns out not to be what it should: plugin.h, v2v_input.verify.
  virtual void verify() {}
};

namespace detail {

struct InputInstance {
  Host host;
  std::unique_ptr<Input> input;
  Lender lender;
};

template <class Class>
struct InputTable {
  static v2v_status open(const v2v_host *c_host, const v2v_input_request *request, void **instance,
                         const v2v_source **source) noexcept {
    const Host host(c_host);
    return guarded(host, [&] {
      auto made = std::make_unique<InputInstance>(
          InputInstance{host, std::make_unique<Class>(host, from_c(*request)), {}});
      *source = to_c(made->lender, made->input->open());
      *instance = made.release();
    });
  }
  static void close(void *instance) noexcept { delete static_cast<InputInstance *>(instance); }
  static v2v_status verify(void *instance, const v2v_verify_request *) noexcept {
    auto &self = *static_cast<InputInstance *>(instance);
    return guarded(self.host, [&] { self.input->verify(); });
  }

  static const v2v_input *table() {
    static const v2v_input made = {sizeof(v2v_input), 0, open, close, verify};
    return &made;
  }
};

}  // namespace detail
}  // namespace v2v

#define V2V_REGISTER_INPUT(Class, ...)                                                  \
  extern "C" V2V_EXPORT const v2v_plugin *v2v_plugin_entry_v1(const v2v_host *host) {   \
    return v2v::detail::entry(host, [] {                                                \
      return v2v::detail::descriptor(v2v::Kind::input, __VA_ARGS__, &v2v_plugin::input, \
                                     v2v::detail::InputTable<Class>::table());          \
    });                                                                                 \
  }
