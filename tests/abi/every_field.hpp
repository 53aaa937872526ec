// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Every member of a struct of the ABI with a value of its own, and all of them as text: so a test sees
// whether each arrived on the other side. Built on the lists of fields, which nothing is missing from
// (a forgotten one would be missing on both sides: layout_test.cpp holds those against the header).
#pragma once

#include <v2v/exchange.hpp>
#include <v2v/exchange_target.hpp>

#include <sstream>

namespace v2v::test {

/// Visits all fields of a value, those of the structs in it included.
template <class Self>
class Visitor {
 public:
  void whole(const char *, bool, std::uint32_t) {}
  template <class C, class V>
  void nested(const C *, V &value, const char *) {
    visit<C>(value);
  }
  template <class C, class V>
  void nested_if(bool, const C *, V &value) {
    visit<C>(value);
  }
  template <class C, class V>
  void visit(V &value) {
    C c{};
    c.size = sizeof c;
    Fields<C>::all(static_cast<Self &>(*this), c, value);
  }
};

class Filler : public Visitor<Filler> {
 public:
  template <class C, class V>
  void number(C, V &value) {
    value = static_cast<V>(++count_);
  }
  void text(const char *, std::string &value) { value = word(); }
  void present(const char *, std::string &value) { value = word(); }
  void texts(const char *const *, std::vector<std::string> &value) { value = {word(), word()}; }
  void yes_no(std::int32_t, bool &value) { value = ++count_ % 2; }
  void tristate(std::int32_t, std::optional<bool> &value) { value = ++count_ % 2; }
  void if_known(std::int32_t, std::optional<unsigned> &value) { value = ++count_; }
  template <class Enum>
  void choice(std::int32_t, Enum &value, Enum, std::initializer_list<Enum> known) {
    value = known.begin()[++count_ % known.size()];
  }
  template <class Enum>
  void strict(std::int32_t, Enum &value, const char *, std::initializer_list<Enum> known) {
    value = known.begin()[++count_ % known.size()];
  }
  template <class Enum>
  void choice_if_set(std::int32_t, std::int32_t, std::optional<Enum> &value, Enum,
                     std::initializer_list<Enum> known) {
    value = known.begin()[++count_ % known.size()];
  }
  template <class T>
  void pointer(T *, T *&) {}  // libguestfs' handle: one that is made up could be used
  template <class C, class V>
  void nested_if_there(const C *, std::optional<V> &value) {
    visit<C>(value.emplace());
  }
  template <class C, class V>
  void list(const C *const *, std::vector<V> &values) {
    for (int i = 0; i < 2; ++i) visit<C>(values.emplace_back());
  }
  template <class C, class V>
  void list_if_there(const C *const *c, std::optional<std::vector<V>> &values) {
    list(c, values.emplace());
  }
  void options(const v2v_pair *const *, Options &value) {
    for (int i = 0; i < 2; ++i) value.add(word(), word());
  }

 private:
  std::string word() { return "word " + std::to_string(++count_); }
  unsigned count_ = 0;
};

class Dumper : public Visitor<Dumper> {
 public:
  template <class C, class V>
  void number(C, const V &value) {
    out_ << value << ' ';
  }
  void text(const char *, const std::string &value) { out_ << '"' << value << "\" "; }
  void present(const char *, const std::string &value) { text(nullptr, value); }
  void texts(const char *const *, const std::vector<std::string> &value) {
    for (const auto &one : value) text(nullptr, one);
    out_ << "; ";
  }
  void yes_no(std::int32_t, bool value) { out_ << (value ? "yes " : "no "); }
  void tristate(std::int32_t, const std::optional<bool> &value) {
    out_ << (value ? (*value ? "yes " : "no ") : "? ");
  }
  void if_known(std::int32_t, const std::optional<unsigned> &value) {
    value ? out_ << *value << ' ' : out_ << "? ";
  }
  template <class Enum>
  void choice(std::int32_t, const Enum &value, Enum, std::initializer_list<Enum>) {
    out_ << '#' << static_cast<int>(value) << ' ';
  }
  template <class Enum>
  void strict(std::int32_t c, const Enum &value, const char *, std::initializer_list<Enum> known) {
    choice(c, value, value, known);
  }
  template <class Enum>
  void choice_if_set(std::int32_t, std::int32_t c, const std::optional<Enum> &value, Enum otherwise,
                     std::initializer_list<Enum> known) {
    out_ << value.has_value() << ' ';
    if (value) choice(c, *value, otherwise, known);
  }
  template <class T>
  void pointer(T *, T *) {}
  template <class C, class V>
  void nested_if_there(const C *, const std::optional<V> &value) {
    out_ << value.has_value() << ' ';
    if (value) visit<C>(*value);
  }
  template <class C, class V>
  void list(const C *const *, const std::vector<V> &values) {
    out_ << values.size() << ": ";
    for (const auto &value : values) visit<C>(value);
  }
  template <class C, class V>
  void list_if_there(const C *const *c, const std::optional<std::vector<V>> &values) {
    out_ << values.has_value() << ' ';
    if (values) list(c, *values);
  }
  void options(const v2v_pair *const *, const Options &value) {
    for (const auto &[name, given] : value.pairs()) out_ << name << '=' << given << ' ';
    out_ << "; ";
  }

  std::string take() const { return out_.str(); }

 private:
  std::ostringstream out_;
};

template <class Value>
Value filled() {
  Value value;
  Filler().visit<typename Value::Struct>(value);
  return value;
}

template <class Value>
std::string dump(const Value &value) {
  Dumper dumper;
  dumper.visit<typename Value::Struct>(value);
  return dumper.take();
}

/// What the echoing output answers.
inline OutputDescription echo_description() {
  auto description = filled<OutputDescription>();
  description.modes = 0x3e;  // all
  return description;
}
inline std::vector<Target> echo_targets(std::size_t count) {
  auto target = filled<Target>();
  target.mode = Target::Mode::plugin_takes;
  return std::vector<Target>(count, target);
}
inline Error echo_error() {
  return Error(Code::no_space, "what", "object", "remedy");
}
inline int echo_score(const ProbeRequest &request) {
  return static_cast<int>(dump(request).size() % 100);
}

}  // namespace v2v::test
