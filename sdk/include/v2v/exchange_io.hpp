// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How values cross the boundary. For each struct of plugin.h, exchange.hpp and exchange_target.hpp
// hold one list of its fields (`Fields`), which serves both directions: a Writer goes through it to
// lend a C view of a value, a Reader to copy one. Nothing of the other side is trusted: a struct
// that is smaller than in ABI 1.0 is refused, a pointer may be null, and a number is only taken for
// one of several things if it is known.
#pragma once

#include <v2v/error.hpp>
#include <v2v/values.hpp>

#include <cstring>
#include <deque>
#include <memory>
#include <type_traits>

namespace v2v {

/// The list of fields of the C struct `C`: `using Value`, the C++ type, and
/// `template <class Io, class Struct, class Value> static void all(Io &, Struct &, Value &)`.
template <class C>
struct Fields;

/// Owns the C copies of values while somebody on the other side looks at them.
class Lender {
 public:
  /// A zeroed struct with its size set.
  template <class T>
  T *make() {
    auto holder = std::make_shared<T>();
    std::memset(static_cast<void *>(holder.get()), 0, sizeof(T));
    holder->size = sizeof(T);
    blocks_.push_back(holder);
    return holder.get();
  }
  /// Null for an empty string.
  const char *text(const std::string &value) { return value.empty() ? nullptr : present(value); }
  /// Never null.
  const char *present(const std::string &value) { return strings_.emplace_back(value).c_str(); }

  const char *const *texts(const std::vector<std::string> &values) {
    return list<const char>(values, [this](const std::string &v) { return present(v); });
  }
  /// A null-terminated array with convert(element) for each element.
  template <class C, class Values, class Convert>
  C *const *list(const Values &values, Convert convert) {
    auto holder = std::make_shared<std::vector<C *>>();
    for (const auto &value : values) holder->push_back(convert(value));
    holder->push_back(nullptr);
    blocks_.push_back(holder);
    return holder->data();
  }

 private:
  std::deque<std::string> strings_;
  std::vector<std::shared_ptr<void>> blocks_;
};

namespace detail {

inline std::string text(const char *value) {
  return value ? value : std::string();
}
inline std::optional<bool> tristate(std::int32_t value) {
  if (value == V2V_YES) return true;
  if (value == V2V_NO) return false;
  return std::nullopt;
}
inline std::int32_t tristate(std::optional<bool> value) {
  return value ? (*value ? V2V_YES : V2V_NO) : V2V_UNKNOWN;
}
inline std::int32_t yes_no(bool value) {
  return value ? V2V_YES : V2V_NO;
}

template <class C, class Use>
void each(C *const *array, Use use) {
  for (; array && *array; ++array) use(*array);
}
inline std::vector<std::string> texts(const char *const *array) {
  std::vector<std::string> values;
  each(array, [&](const char *value) { values.emplace_back(value); });
  return values;
}

// A struct of the other side, which must be there and of at least the size that it had in 1.0.
inline void require_whole(const char *type, bool whole, std::uint32_t size) {
  if (!whole)
    throw Error(Code::internal,
                std::string("a ") + type + " of " + std::to_string(size) +
                    " bytes is smaller than plugin ABI 1.0 has it",
                {}, "its `size` must be set with sizeof: report this to the plugin's vendor");
}
template <class T>
const T &require_there(const T *pointer, const char *type) {
  if (pointer) return *pointer;
  throw Error(Code::internal, std::string(type) + " must be there and is missing", {},
              "report this to the plugin's vendor");
}

}  // namespace detail

/// Throws if a struct lacks members of ABI 1.0. `last` is the last one that it had there: a name,
/// not sizeof, because that grows with every minor version.
#define V2V_REQUIRE(type, ptr, last) \
  v2v::detail::require_whole(#type, V2V_HAS(type, ptr, last), (ptr)->size)

/// The value of a member of a later minor version, or `fallback` where the struct's creator did not
/// know it.
#define V2V_GET(type, ptr, member, fallback) \
  (V2V_HAS(type, ptr, member) ? (ptr)->member : (fallback))

/// Fills a C struct from a value. What it points to belongs to the lender.
class Writer {
 public:
  explicit Writer(Lender &lender) : lender_(lender) {}

  /// The first line of each list: what every version has. Nothing to check in one's own struct.
  void whole(const char * /*type*/, bool /*whole*/, std::uint32_t /*size*/) {}

  template <class C, class V>
  void number(C &c, const V &value) {
    c = static_cast<C>(value);
  }
  /// Null for an empty string.
  void text(const char *&c, const std::string &value) { c = lender_.text(value); }
  /// Never null.
  void present(const char *&c, const std::string &value) { c = lender_.present(value); }
  void texts(const char *const *&c, const std::vector<std::string> &value) {
    c = lender_.texts(value);
  }
  void yes_no(std::int32_t &c, bool value) { c = detail::yes_no(value); }
  void tristate(std::int32_t &c, const std::optional<bool> &value) { c = detail::tristate(value); }
  /// -1 stands for "not known".
  void if_known(std::int32_t &c, const std::optional<unsigned> &value) {
    c = value ? static_cast<std::int32_t>(*value) : -1;
  }
  /// One of several things; an unknown number is taken for `otherwise`.
  template <class Enum>
  void choice(std::int32_t &c, const Enum &value, Enum /*otherwise*/,
              std::initializer_list<Enum> /*known*/) {
    c = static_cast<std::int32_t>(value);
  }
  /// One of several things; an unknown number refuses the struct.
  template <class Enum>
  void strict(std::int32_t &c, const Enum &value, const char * /*member*/,
              std::initializer_list<Enum> /*known*/) {
    c = static_cast<std::int32_t>(value);
  }
  /// As choice, where another member says whether there is a value.
  template <class Enum>
  void choice_if_set(std::int32_t &set, std::int32_t &c, const std::optional<Enum> &value,
                     Enum otherwise, std::initializer_list<Enum> /*known*/) {
    yes_no(set, value.has_value());
    c = static_cast<std::int32_t>(value.value_or(otherwise));
  }
  /// What is neither copied nor owned: libguestfs' handle.
  template <class T>
  void pointer(T *&c, T *value) {
    c = value;
  }
  /// A struct that must be there.
  template <class C, class V>
  void nested(const C *&c, const V &value, const char * /*member*/) {
    c = write<C>(value);
  }
  /// A struct that is null as long as the value is not known; it then stays as it is by default.
  template <class C, class V>
  void nested_if(bool known, const C *&c, const V &value) {
    c = known ? write<C>(value) : nullptr;
  }
  template <class C, class V>
  void nested_if_there(const C *&c, const std::optional<V> &value) {
    c = value ? write<C>(*value) : nullptr;
  }
  template <class C, class V>
  void list(const C *const *&c, const std::vector<V> &values) {
    c = lender_.list<const C>(values, [this](const V &value) { return write<C>(value); });
  }
  /// A list that is null if it is not known, which differs from an empty one.
  template <class C, class V>
  void list_if_there(const C *const *&c, const std::optional<std::vector<V>> &values) {
    if (values)
      list(c, *values);
    else
      c = nullptr;
  }

  /// What the user gave for declared options.
  void options(const v2v_pair *const *&c, const Options &value) {
    c = lender_.list<const v2v_pair>(value.pairs(), [this](const auto &pair) {
      auto *made = lender_.make<v2v_pair>();
      made->name = lender_.present(pair.first);
      made->value = lender_.present(pair.second);
      return made;
    });
  }

  template <class C, class V>
  C *write(const V &value) {
    auto *c = lender_.make<C>();
    Fields<C>::all(*this, *c, value);
    return c;
  }

 private:
  Lender &lender_;
};

/// Fills a value from a C struct, copying. Each function is the other direction of the Writer's.
class Reader {
 public:
  /// @throws Error(internal) if the struct lacks members of ABI 1.0
  void whole(const char *type, bool whole, std::uint32_t size) {
    detail::require_whole(type, whole, size);
  }

  template <class C, class V>
  void number(const C &c, V &value) {
    value = static_cast<V>(c);
  }
  void text(const char *c, std::string &value) { value = detail::text(c); }
  void present(const char *c, std::string &value) { value = detail::text(c); }
  void texts(const char *const *c, std::vector<std::string> &value) { value = detail::texts(c); }
  /// What is neither yes nor no leaves the default.
  void yes_no(std::int32_t c, bool &value) { value = detail::tristate(c).value_or(value); }
  void tristate(std::int32_t c, std::optional<bool> &value) { value = detail::tristate(c); }
  void if_known(std::int32_t c, std::optional<unsigned> &value) {
    if (c >= 0) value = static_cast<unsigned>(c);
  }
  template <class Enum>
  void choice(std::int32_t c, Enum &value, Enum otherwise, std::initializer_list<Enum> known) {
    value = otherwise;
    for (const auto one : known)
      if (c == static_cast<std::int32_t>(one)) value = one;
  }
  template <class Enum>
  void strict(std::int32_t c, Enum &value, const char *member, std::initializer_list<Enum> known) {
    for (const auto one : known)
      if (c == static_cast<std::int32_t>(one)) {
        value = one;
        return;
      }
    throw Error(Code::internal,
                std::string(member) + " is " + std::to_string(c) + ", which is not understood", {},
                "update v2v and the plugin, or report this to the plugin's vendor");
  }
  template <class Enum>
  void choice_if_set(std::int32_t set, std::int32_t c, std::optional<Enum> &value, Enum otherwise,
                     std::initializer_list<Enum> known) {
    if (set == V2V_YES) choice(c, value.emplace(), otherwise, known);
  }
  template <class T>
  void pointer(T *c, T *&value) {
    value = c;
  }
  template <class C, class V>
  void nested(const C *c, V &value, const char *member) {
    value = read<C>(detail::require_there(c, member));
  }
  template <class C, class V>
  void nested_if(bool /*known*/, const C *c, V &value) {
    nested_if_there(c, value);
  }
  template <class C, class V>
  void nested_if_there(const C *c, V &value) {
    if (c) value = read<C>(*c);
  }
  template <class C, class V>
  void list(const C *const *c, std::vector<V> &values) {
    detail::each(c, [&](const C *element) { values.push_back(read<C>(*element)); });
  }
  template <class C, class V>
  void list_if_there(const C *const *c, std::optional<std::vector<V>> &values) {
    if (c) list(c, values.emplace());
  }

  void options(const v2v_pair *const *c, Options &value) {
    detail::each(c, [&](const v2v_pair *pair) {
      V2V_REQUIRE(v2v_pair, pair, value);
      value.add(detail::text(pair->name), detail::text(pair->value));
    });
  }

  template <class C>
  typename Fields<C>::Value read(const C &c) {
    typename Fields<C>::Value value;
    Fields<C>::all(*this, c, value);
    return value;
  }
};

/// A C view of the value that lives as long as the lender.
template <class Value>
typename Value::Struct *to_c(Lender &lender, const Value &value) {
  return Writer(lender).write<typename Value::Struct>(value);
}

/// A copy of what the struct says. @throws Error(internal) for one that is not what it must be
template <class C, class Value = typename Fields<C>::Value>
Value from_c(const C &c) {
  return Reader().read(c);
}

}  // namespace v2v
