// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/hive.hpp>

#include "hive_check.hpp"

#include <v2v/windows/utf16.hpp>

#include <hivex.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace v2v::windows {
namespace {

template <class T>
using Owned = std::unique_ptr<T, decltype(&std::free)>;

template <class T>
Owned<T> owned(T *pointer) {
  return {pointer, &std::free};
}

constexpr std::string_view nul{"\0\0", 2};

std::string without_nul(std::string_view bytes) {
  const auto text = from_utf16(bytes);
  return text.substr(0, text.find('\0'));
}

/// Types beyond those hivex has names for occur: in SAM they are the numbers of users. hivex hands them
/// through, but as hive_type C++ may not look at them.
std::optional<Value> content(hive_h *hive, hive_value_h value) {
  static_assert(sizeof(hive_type) == sizeof(std::uint32_t));
  std::uint32_t type = 0;
  std::size_t length = 0;
  const auto data =
      owned(hivex_value_value(hive, value, reinterpret_cast<hive_type *>(&type), &length));
  if (!data) return std::nullopt;
  return Value{static_cast<ValueType>(type), std::string(data.get(), length)};
}

/// What it points to has to live longer.
hive_set_value for_hivex(std::string &name, Value &value) {
  hive_set_value all{};
  all.key = name.data();
  std::memcpy(&all.t, &value.type, sizeof all.t);
  all.len = value.data.size();
  all.value = value.data.data();
  return all;
}

std::uint32_t little_endian(const std::string &bytes) {
  std::uint32_t number = 0;
  for (int i = 3; i >= 0; --i) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

}  // namespace

Value Value::text(std::string_view utf8, ValueType type) {
  return {type, to_utf16(utf8).append(nul)};
}

Value Value::texts(const std::vector<std::string> &utf8) {
  Value value{ValueType::texts, {}};
  for (const auto &text : utf8) value.data.append(to_utf16(text)).append(nul);
  value.data.append(nul);
  return value;
}

Value Value::number(std::uint32_t number) {
  Value value{ValueType::number, {}};
  for (int i = 0; i < 4; ++i, number >>= 8) value.data += static_cast<char>(number & 0xff);
  return value;
}

Value Value::binary(std::string data) {
  return {ValueType::binary, std::move(data)};
}

Hive::Hive(const std::string &file, std::string name, Access access)
    : name_(std::move(name)),
      hive_(hivex_open(file.c_str(), access == Access::write ? HIVEX_OPEN_WRITE : 0)),
      root_(hive_ ? hivex_root(hive_) : 0) {
  const int why = hive_ ? 0 : errno;
  if (auto damaged = root_ ? damaged_keys(file) : std::nullopt) {
    damaged_ = std::move(*damaged);
    return;
  }
  if (hive_) hivex_close(hive_);
  if (why == ENOENT || why == EACCES || why == EIO)
    throw Error(Code::io, std::strerror(why), name_);
  throw Error(
      Code::corrupt, "this is not a registry hive, or a damaged one", name_,
      "let Windows repair it (boot its recovery environment and run chkdsk), and try again");
}

Hive::~Hive() {
  hivex_close(hive_);
}

void Hive::fail(const std::string &what) const {
  const bool full = errno == ENOSPC || errno == ENOMEM;
  throw Error(full ? Code::no_space : Code::corrupt, "cannot " + what + ": " + std::strerror(errno),
              name_, full ? "" : "the hive is damaged: let Windows repair it, and try again");
}

void Hive::expect_sound(Key key, unsigned damage) const {
  const auto found = damaged_.find(key);
  if (found == damaged_.end() || (found->second & damage) == 0) return;
  throw Error(
      Code::corrupt, "the key " + key_name(key) + " is damaged", name_,
      "let Windows repair it (boot its recovery environment and run chkdsk), and try again");
}

std::optional<Hive::Key> Hive::find(Key from, std::string_view path) const {
  Key key = from;
  while (!path.empty()) {
    const auto end = path.find('\\');
    const std::string name(path.substr(0, end));
    expect_sound(key, no_listing);
    errno = 0;
    key = hivex_node_get_child(hive_, key, name.c_str());
    if (!key) {
      if (errno != 0 && errno != ENOENT) fail("look for the key " + name);
      return std::nullopt;
    }
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
  }
  return key;
}

std::vector<Hive::Key> Hive::children(Key key) const {
  expect_sound(key, no_listing);
  const auto list = owned(hivex_node_children(hive_, key));
  if (!list) fail("list the keys of " + key_name(key));
  std::vector<Key> keys;
  for (const hive_node_h *child = list.get(); *child; ++child) keys.push_back(*child);
  return keys;
}

std::string Hive::key_name(Key key) const {
  const auto name = owned(hivex_node_name(hive_, key));
  if (!name) fail("read the name of a key");
  return name.get();
}

std::vector<std::string> Hive::value_names(Key key) const {
  const auto list = owned(hivex_node_values(hive_, key));
  if (!list) fail("list the values of " + key_name(key));
  std::vector<std::string> names;
  for (const hive_value_h *value = list.get(); *value; ++value) {
    const auto name = owned(hivex_value_key(hive_, *value));
    if (!name) fail("read the name of a value in " + key_name(key));
    names.emplace_back(name.get());
  }
  return names;
}

std::optional<Value> Hive::value(Key key, const std::string &name) const {
  errno = 0;
  const hive_value_h found = hivex_node_get_value(hive_, key, name.c_str());
  if (!found) {
    if (errno != 0 && errno != ENOENT) fail("look for the value " + name);
    return std::nullopt;
  }
  auto value = content(hive_, found);
  if (!value) fail("read the value " + name);
  return value;
}

std::vector<std::pair<std::string, Value>> Hive::values(Key key) const {
  const auto list = owned(hivex_node_values(hive_, key));
  if (!list) fail("list the values of " + key_name(key));
  std::vector<std::pair<std::string, Value>> all;
  for (const hive_value_h *value = list.get(); *value; ++value) {
    const auto name = owned(hivex_value_key(hive_, *value));
    if (!name) fail("read the name of a value in " + key_name(key));
    auto found = content(hive_, *value);
    if (!found) fail(std::string("read the value ") + name.get());
    all.emplace_back(name.get(), std::move(*found));
  }
  return all;
}

std::optional<std::string> Hive::text(Key key, const std::string &name) const {
  const auto found = value(key, name);
  if (!found || (found->type != ValueType::text && found->type != ValueType::expandable))
    return std::nullopt;
  return without_nul(found->data);
}

std::optional<std::vector<std::string>> Hive::texts(Key key, const std::string &name) const {
  const auto found = value(key, name);
  if (!found || found->type != ValueType::texts) return std::nullopt;
  std::vector<std::string> list;
  const auto all = from_utf16(found->data);
  for (std::size_t start = 0; start < all.size();) {
    const auto end = all.find('\0', start);
    if (end == start) break;
    list.push_back(all.substr(start, end - start));
    if (end == std::string::npos) break;
    start = end + 1;
  }
  return list;
}

std::optional<std::uint32_t> Hive::number(Key key, const std::string &name) const {
  const auto found = value(key, name);
  if (!found || found->type != ValueType::number || found->data.size() != 4) return std::nullopt;
  return little_endian(found->data);
}

Hive::Key Hive::ensure(Key from, std::string_view path) {
  Key key = from;
  while (!path.empty()) {
    const auto end = path.find('\\');
    const std::string name(path.substr(0, end));
    if (const auto there = find(key, name)) {
      key = *there;
    } else {
      expect_sound(key, no_editing);
      key = hivex_node_add_child(hive_, key, name.c_str());
    }
    if (!key) fail("make the key " + name);
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
  }
  return key;
}

void Hive::set(Key key, const std::string &name, const Value &value) {
  expect_sound(key, no_editing);
  auto own_name = name;
  auto own_value = value;
  const auto c_value = for_hivex(own_name, own_value);
  if (hivex_node_set_value(hive_, key, &c_value, 0) == -1) fail("set the value " + name);
}

/// hivex can only replace all values of a key at once.
void Hive::remove_value(Key key, const std::string &name) {
  const auto unwanted = hivex_node_get_value(hive_, key, name.c_str());
  if (!unwanted) return;
  expect_sound(key, no_editing);
  const auto unwanted_name = owned(hivex_value_key(hive_, unwanted));
  if (!unwanted_name) fail("read the name of the value " + name);
  auto kept = values(key);
  kept.erase(std::remove_if(kept.begin(), kept.end(),
                            [&](const auto &one) { return one.first == unwanted_name.get(); }),
             kept.end());
  std::vector<hive_set_value> c_values;
  c_values.reserve(kept.size());
  for (auto &[other, value] : kept) c_values.push_back(for_hivex(other, value));
  if (hivex_node_set_values(hive_, key, c_values.size(), c_values.data(), 0) == -1)
    fail("remove the value " + name);
}

void Hive::remove(Key key) {
  expect_sound(key, no_removal);
  if (const auto parent = hivex_node_parent(hive_, key)) expect_sound(parent, no_editing);
  if (hivex_node_delete_child(hive_, key) == -1) fail("remove the key " + key_name(key));
}

void Hive::commit() {
  if (hivex_commit(hive_, nullptr, 0) == -1) fail("write the hive");
}

}  // namespace v2v::windows
