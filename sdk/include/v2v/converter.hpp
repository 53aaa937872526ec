// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The base class of converters (draft). Derive, take (Host, ConvertRequest) in the constructor, give
// the class a `static int probe(const ProbeRequest &)`, and end the file with
// V2V_REGISTER_CONVERTER(Class, PluginInfo{…}).
#pragma once

#include <v2v/plugin.hpp>

namespace v2v {

/// One conversion of one guest. Calls come one at a time.
class Converter {
 public:
  virtual ~Converter() = default;
  /// Changes the mounted guest so that it runs on KVM, and tells which devices it can drive.
  virtual GuestCaps convert() = 0;
  /// Before any work is spent: hides this in a class that can tell that something is missing on this host
  /// which a guest like the source would need. Warns, or throws if a conversion could not succeed.
  static void foresee(const Host & /*host*/, const ForeseeRequest & /*request*/) {}
  /// The last word, with all file systems unmounted.
  virtual void finish(guestfs_h * /*guestfs*/) {}
};

/// What a class derives from besides that also makes the changes the user wants (virt-customize's options,
/// the extension v2v.converter.customise/1). It then has a
/// `static void check_operations(const Host &, const CheckOperationsRequest &)`, which throws, before
/// anything is changed, if one of them cannot be done in such a guest.
class Customising {
 public:
  virtual ~Customising() = default;
  /// After convert(), before finish(), with the same file systems mounted; in the order given.
  virtual void customise(const CustomiseRequest &request) = 0;
};

namespace detail {

struct ConverterInstance {
  Host host;
  std::unique_ptr<Converter> converter;
  Lender lender;
};

template <class Class>
struct ConverterTable {
  static std::int32_t probe(const v2v_host *c_host, const v2v_probe_request *request) noexcept {
    std::int32_t score = 0;
    guarded(Host(c_host), [&] { score = Class::probe(from_c(*request)); });
    return score;
  }
  static v2v_status convert(const v2v_host *c_host, const v2v_convert_request *request,
                            void **instance, const v2v_guest_caps **caps) noexcept {
    const Host host(c_host);
    return guarded(host, [&] {
      auto converter = std::make_unique<Class>(host, from_c(*request));
      auto made = std::make_unique<ConverterInstance>(
          ConverterInstance{host, std::move(converter), Lender()});
      *caps = to_c(made->lender, made->converter->convert());
      *instance = made.release();
    });
  }
  static v2v_status finish(void *instance, const v2v_finish_request *request) noexcept {
    auto &made = *static_cast<ConverterInstance *>(instance);
    return guarded(made.host, [&] {
      V2V_REQUIRE(v2v_finish_request, request, guestfs);
      made.converter->finish(request->guestfs);
    });
  }
  static void close(void *instance) noexcept { delete static_cast<ConverterInstance *>(instance); }

  static v2v_status foresee(const v2v_host *host, const v2v_foresee_request *request) noexcept {
    return guarded(Host(host), [&] { Class::foresee(Host(host), from_c(*request)); });
  }

  static v2v_status check(const v2v_host *host,
                          const v2v_check_operations_request *request) noexcept {
    return guarded(Host(host), [&] { Class::check_operations(Host(host), from_c(*request)); });
  }
  static v2v_status customise(void *instance, const v2v_customise_request *request) noexcept {
    auto &made = *static_cast<ConverterInstance *>(instance);
    return guarded(made.host, [&] {
      Customising &converter = static_cast<Class &>(*made.converter);
      converter.customise(from_c(*request));
    });
  }

  static const void *extension([[maybe_unused]] const char *id) noexcept {
    if constexpr (std::is_base_of_v<Customising, Class>) {
      static const v2v_customise made = {sizeof(v2v_customise), 0, check, customise};
      if (std::strcmp(id, V2V_CONVERTER_CUSTOMISE) == 0) return &made;
    }
    return nullptr;
  }

  static const v2v_converter *table() {
    static const v2v_converter made = {
        sizeof(v2v_converter), 0, probe, convert, finish, close, foresee};
    return &made;
  }
};

}  // namespace detail
}  // namespace v2v

#define V2V_REGISTER_CONVERTER(Class, ...)                                                    \
  extern "C" V2V_EXPORT const v2v_plugin *v2v_plugin_entry_v1(const v2v_host *host) {         \
    return v2v::detail::entry(host, [] {                                                      \
      return v2v::detail::descriptor(v2v::Kind::convert, __VA_ARGS__, &v2v_plugin::converter, \
                                     v2v::detail::ConverterTable<Class>::table(),             \
                                     v2v::detail::ConverterTable<Class>::extension);          \
    });                                                                                       \
  }
