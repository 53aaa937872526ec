// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ovf_hardware.hpp"

#include "ovf_document.hpp"
#include "units.hpp"

#include <v2v/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace v2v::input_ova {
namespace {

// Items are looked up in one another, so a hostile OVF may not have millions. VMware's largest
// machine has 256 disks.
constexpr std::size_t most_items = 4096;

bool is_item(std::string_view name) {
  return name == "Item" || name == "StorageItem" || name == "EthernetPortItem";
}

/// The text of the first of these elements that is there: OVF 0.9 had other names.
std::string either(pugi::xml_node node, std::string_view name, std::string_view older) {
  auto text = child_text(node, name);
  return text.empty() ? child_text(node, older) : text;
}

Item read_item(pugi::xml_node node) {
  Item item;
  item.node = node;
  item.id = either(node, "InstanceID", "InstanceId");
  item.parent = child_text(node, "Parent");
  item.sub_type = child_text(node, "ResourceSubType");
  item.address = either(node, "Address", "BusNumber");
  item.address_on_parent = child_text(node, "AddressOnParent");
  item.connection = child_text(node, "Connection");
  item.host_resource = child_text(node, "HostResource");
  item.quantity = child_text(node, "VirtualQuantity");
  item.units = either(node, "AllocationUnits", "VirtualQuantityUnits");
  item.name = either(node, "ElementName", "Caption");
  const auto type = parse_number(child_text(node, "ResourceType")).value_or(0);
  item.type = static_cast<Resource>(std::min<std::uint64_t>(type, 0xFFFF));
  return item;
}

bool has_word(const std::string &words, const std::string &wanted) {
  std::istringstream stream(words);
  for (std::string word; stream >> word;)
    if (word == wanted) return true;
  return false;
}

}  // namespace

std::string default_configuration(pugi::xml_node envelope) {
  for (const auto &section : sections(envelope, "DeploymentOptionSection")) {
    const auto all = children(section, "Configuration");
    for (const auto &each : all) {
      const auto chosen = attribute(each, "default");
      if (chosen == "true" || chosen == "1") return attribute(each, "id");
    }
    if (!all.empty()) return attribute(all.front(), "id");
  }
  return {};
}

std::vector<Item> read_items(pugi::xml_node section, const std::string &configuration,
                             const std::string &name) {
  std::vector<Item> items, special;
  for (const auto &node : section.children()) {
    if (!is_item(local_name(node.name()))) continue;
    if (items.size() + special.size() >= most_items)
      throw Error(Code::corrupt,
                  fmt::format("the guest has more than {} pieces of hardware", most_items), name,
                  "do not trust this OVF, or export the guest again");
    const auto bound = attribute(node, "bound");
    if (bound == "min" || bound == "max") continue;
    const auto configurations = attribute(node, "configuration");
    if (configurations.empty())
      items.push_back(read_item(node));
    else if (has_word(configurations, configuration))
      special.push_back(read_item(node));
  }
  // An item of the configuration takes the place of the general one of the same number.
  for (auto &item : special) {
    const auto same = std::find_if(items.begin(), items.end(), [&](const Item &other) {
      return !item.id.empty() && other.id == item.id;
    });
    if (same != items.end())
      *same = std::move(item);
    else
      items.push_back(std::move(item));
  }
  return items;
}

bool is_hard_disk(const Item &item) {
  if (item.type == Resource::disk || item.type == Resource::logical_disk) return true;
  return item.type == Resource::storage_extent &&
         item.host_resource.find("disk/") != std::string::npos;
}

std::optional<std::string> config_value(pugi::xml_node node, const char *key) {
  for (const auto *element : {"Config", "ExtraConfig"})
    for (const auto &each : children(node, element))
      if (same_letters(attribute(each, "key"), key)) return attribute(each, "value");
  return std::nullopt;
}

}  // namespace v2v::input_ova
