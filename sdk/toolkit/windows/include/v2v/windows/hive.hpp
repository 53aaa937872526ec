// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One hive of the Windows registry, a file of the host, behind hivex. Names and texts are UTF-8 here and
// whatever Windows wants in the file; names are found in any case, as Windows does. Paths are key names
// joined with backslashes, without a leading one; "" is the key itself.
//
// Changes stay in memory until commit(). A hive comes from a guest and is hostile: what hivex refuses is
// Error(corrupt) with the hive's name as the object, and so is an edit of a key that is damaged in a way
// hivex does not see (src/hive_check.hpp). The rest of such a hive can be read and edited.
//
// Not thread-safe. A Key is valid until it, or a key above it, is removed.
#pragma once

#include <v2v/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

struct hive_h;

namespace v2v::windows {

/// The types of values that v2v reads or writes; the numbers are Windows'. Others occur.
enum class ValueType : std::uint32_t {
  none = 0,
  text = 1,         ///< REG_SZ
  expandable = 2,   ///< REG_EXPAND_SZ: text with %variables%
  binary = 3,       ///< REG_BINARY
  number = 4,       ///< REG_DWORD
  texts = 7,        ///< REG_MULTI_SZ
  long_number = 11  ///< REG_QWORD
};

struct Value {
  ValueType type = ValueType::none;
  std::string data;  ///< as it is in the hive

  static Value text(std::string_view utf8, ValueType type = ValueType::text);
  static Value texts(const std::vector<std::string> &utf8);
  static Value number(std::uint32_t number);
  static Value binary(std::string data);
  bool operator==(const Value &other) const { return type == other.type && data == other.data; }
};

class Hive {
 public:
  using Key = std::size_t;
  enum class Access { read, write };

  /// @param file  on the host
  /// @param name  what messages call it: "SYSTEM", "the BCD of the EFI system partition"
  Hive(const std::string &file, std::string name, Access access);
  ~Hive();
  Hive(const Hive &) = delete;
  Hive &operator=(const Hive &) = delete;

  const std::string &name() const { return name_; }

  Key root() const { return root_; }
  std::optional<Key> find(Key from, std::string_view path) const;
  std::optional<Key> find(std::string_view path) const { return find(root_, path); }
  std::vector<Key> children(Key key) const;
  std::string key_name(Key key) const;
  /// In the hive's order. The default value's name is "".
  std::vector<std::string> value_names(Key key) const;
  std::optional<Value> value(Key key, const std::string &name) const;
  /// All of them with their names, in the hive's order; one pass, where value() looks each one up.
  std::vector<std::pair<std::string, Value>> values(Key key) const;
  /// The value if it is a text of either kind, without its final NUL.
  std::optional<std::string> text(Key key, const std::string &name) const;
  /// The value if it is a list of texts.
  std::optional<std::vector<std::string>> texts(Key key, const std::string &name) const;
  /// The value if it is a REG_DWORD.
  std::optional<std::uint32_t> number(Key key, const std::string &name) const;

  /// The key at `path`, made with all that is missing above it.
  Key ensure(Key from, std::string_view path);
  Key ensure(std::string_view path) { return ensure(root_, path); }
  /// Other values of the key stay as they are.
  void set(Key key, const std::string &name, const Value &value);
  /// One that is not there is no error.
  void remove_value(Key key, const std::string &name);
  /// With everything below it.
  void remove(Key key);
  /// Writes all changes into the file.
  void commit();

 private:
  [[noreturn]] void fail(const std::string &what) const;
  /// @param damage  which of Damage would make it unsafe
  void expect_sound(Key key, unsigned damage) const;

  std::string name_;
  hive_h *hive_;
  Key root_;
  std::unordered_map<Key, unsigned> damaged_;
};

}  // namespace v2v::windows
