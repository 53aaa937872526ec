// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The text of a VMX file as keys and values. VMware documents no grammar; this reads what ESXi,
// Workstation, Fusion, Player and GSX have written: one `key = "value"` to a
// line, keys without regard to case, in the encoding that the file names, |XX for a byte. A device
// whose `present` is FALSE is not there, with all that belongs to it.
//
// The text is untrusted: any bytes give either a VmxFile or an Error. Values without state.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace v2v::input_vmx {

/// Takes a warning for the user.
using Warn = std::function<void(const std::string &)>;

/// A VMX is a few KiB; what is larger than this is none.
constexpr std::uint64_t largest_vmx = 4 << 20;

class VmxFile {
 public:
  /// The value of a key, UTF-8. `key` is lower case.
  std::optional<std::string> get(const std::string &key) const;
  /// The value, or empty.
  std::string text(const std::string &key) const { return get(key).value_or(""); }
  /// True for TRUE in any case; anything else is not true.
  bool is_true(const std::string &key) const;
  bool has(const std::string &key) const { return values_.count(key) != 0; }
  /// True if a key is `name` or begins with `name.`.
  bool has_namespace(const std::string &name) const;

  /// A device on a bus, "scsi0:1" being {0, 1}.
  struct Place {
    unsigned controller = 0, unit = 0;
    bool operator<(const Place &other) const {
      return controller != other.controller ? controller < other.controller : unit < other.unit;
    }
    bool operator==(const Place &other) const {
      return controller == other.controller && unit == other.unit;
    }
  };
  /// All devices of `bus`, "scsi", in order.
  std::vector<Place> places(const std::string &bus) const;
  /// All N of `prefix`N, "ethernet", in order.
  std::vector<unsigned> numbers(const std::string &prefix) const;

 private:
  friend VmxFile parse_vmx(std::string_view, const std::string &, const Warn &);
  void drop_absent();

  std::map<std::string, std::string> values_;
};

/// @param bytes  the whole file
/// @param name   of the file, for messages
/// @throws Error(usage) for a file of another type, with how to read that;
///         Error(corrupt) for one that is no VMX at all
VmxFile parse_vmx(std::string_view bytes, const std::string &name, const Warn &warn);

}  // namespace v2v::input_vmx
