// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ovf_capacity.hpp"

#include "ovf_document.hpp"
#include "units.hpp"

#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::input_ova {
namespace {

constexpr std::uint64_t largest_disk = std::uint64_t(1) << 50;  // bytes

std::uint64_t bounded(std::uint64_t number, std::uint64_t unit, const std::string &disk,
                      const std::string &ovf) {
  const auto bytes = multiply(number, unit);
  if (!bytes || *bytes > largest_disk)
    throw Error(Code::corrupt,
                fmt::format("the disk \"{}\" cannot have {} times {} bytes", disk, number, unit),
                ovf, "export the guest again");
  return *bytes;
}

/// The PROPERTY of "${PROPERTY}", or nothing.
std::optional<std::string> property_in(const std::string &text) {
  if (text.size() < 4 || text.compare(0, 2, "${") != 0 || text.back() != '}') return std::nullopt;
  return text.substr(2, text.size() - 3);
}

/// What a property is if nobody sets it: the value for the configuration, else its own.
std::string default_value(pugi::xml_node property, const std::string &configuration) {
  for (const auto &each : children(property, "Value"))
    if (!configuration.empty() && attribute(each, "configuration") == configuration)
      return attribute(each, "value");
  auto own = attribute(property, "value");
  if (!own.empty()) return own;
  for (const auto &each : children(property, "Value"))
    if (attribute(each, "configuration").empty()) return attribute(each, "value");
  return {};
}

[[noreturn]] void refuse_property(const std::string &property, const std::string &value,
                                  const std::string &disk, const std::string &ovf) {
  throw Error(
      Code::unsupported,
      fmt::format("the capacity of disk \"{}\" is the property \"{}\", whose default {}", disk,
                  text::printable(property),
                  value.empty() ? std::string("is missing")
                                : fmt::format("\"{}\" is no number", text::printable(value))),
      ovf,
      fmt::format("unpack the OVA, write a number in place of ${{{}}} into the .ovf, and "
                  "give that to -i ova",
                  text::printable(property)));
}

}  // namespace

Properties::Properties(pugi::xml_node system, const std::string &configuration) {
  for (auto node = system; node; node = node.parent())
    for (const auto &section : sections(node, "ProductSection")) {
      const auto group = attribute(section, "class"), instance = attribute(section, "instance");
      for (const auto &property : children(section, "Property")) {
        const auto key = attribute(property, "key");
        const auto value = default_value(property, configuration);
        values_.emplace(
            (group.empty() ? "" : group + ".") + key + (instance.empty() ? "" : "." + instance),
            value);
        values_.emplace(key, value);
      }
    }
}

std::optional<std::string> Properties::value(const std::string &name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::optional<std::uint64_t> disk_capacity(pugi::xml_node disk, const Properties &properties,
                                           bool needed, const std::string &ovf,
                                           std::vector<std::string> &warnings) {
  auto text = attribute(disk, "capacity");
  const auto units = attribute(disk, "capacityAllocationUnits");
  const auto id = text::printable(attribute(disk, "diskId"));
  if (const auto property = property_in(text)) {
    const auto value = properties.value(*property).value_or("");
    if (needed && !parse_number(value)) refuse_property(*property, value, id, ovf);
    if (!value.empty()) text = value;
  }
  const auto number = parse_number(text);
  const auto unit = units.empty() ? 1 : unit_bytes(units);
  if (number && unit) return bounded(*number, *unit, id, ovf);
  if (!text.empty())
    warnings.push_back(fmt::format("the capacity of disk \"{}\" is not understood: \"{}\" \"{}\"",
                                   id, text::printable(text), text::printable(units)));
  return std::nullopt;
}

std::optional<std::uint64_t> item_capacity(const Item &item, const std::string &ovf) {
  const auto number = parse_number(item.quantity);
  // CIM counts blocks where the unit is "count".
  const auto unit = item.units == "count"
                        ? parse_number(child_text(item.node, "VirtualResourceBlockSize"))
                    : item.units.empty() ? 1
                                         : unit_bytes(item.units);
  if (!number || !unit) return std::nullopt;
  return bounded(*number, *unit, text::printable(item.name.empty() ? item.id : item.name), ovf);
}

}  // namespace v2v::input_ova
