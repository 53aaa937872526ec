// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/windows/clock.hpp>

#include <fmt/format.h>

namespace v2v::windows {

bool clock_is_utc(const Hive &system, const std::string &control_set, const text::Log &log) {
  const auto key = system.find(control_set + "\\Control\\TimeZoneInformation");
  const auto value = key ? system.value(*key, "RealTimeIsUniversal") : std::nullopt;
  if (!value) return false;
  const auto one = [&](std::size_t bytes) {
    return value->data == '\1' + std::string(bytes - 1, '\0');
  };
  switch (value->type) {
    case ValueType::none:
      return false;
    case ValueType::number:
      return one(4);
    case ValueType::long_number:
      return one(8);
    default:
      log.warning(
          fmt::format("{}: RealTimeIsUniversal has the unexpected type {}; the guest's clock "
                      "is taken to be in UTC",
                      system.name(), static_cast<std::uint32_t>(value->type)));
      return true;
  }
}

}  // namespace v2v::windows
