// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A YAML document as it grows, written by libyaml. Words of the manifest itself are plain; whatever
// comes from a guest or a user is between double quotes, so that no name can become a number, a
// boolean, an anchor or a second document. Used by one thread at a time.
#pragma once

#include <yaml.h>

#include <cstdint>
#include <functional>
#include <string>

namespace v2v::output_kubevirt {

class Yaml {
 public:
  /// @param comment  one line above the document
  explicit Yaml(const std::string &comment);
  ~Yaml();
  Yaml(const Yaml &) = delete;
  Yaml &operator=(const Yaml &) = delete;

  using Body = std::function<void()>;
  /// The document is one map; so the first call of all is this.
  void map(const Body &body);
  void map(const char *key, const Body &body);
  void list(const char *key, const Body &body);
  /// "key: {}", which switches on what has no settings.
  void empty(const char *key);
  /// A word that is known here.
  void word(const char *key, const std::string &value);
  /// Text of anybody.
  /// @throws Error(unsupported) if it is not UTF-8
  void text(const char *key, const std::string &value);
  void number(const char *key, std::uint64_t value);
  void flag(const char *key, bool value);

  /// Ends the document.
  std::string finish();

 private:
  void emit(yaml_event_t &event, int made);
  void plain(const std::string &value);

  yaml_emitter_t emitter_{};
  std::string text_;
};

}  // namespace v2v::output_kubevirt
