// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// /etc/netplan/*.yaml: the devices under "ethernets", merged over all files as netplan does. Bonds,
// bridges and VLANs refer to these by their ids, so they need no look.
#include "network_scan.hpp"

#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <functional>
#include <memory>

namespace v2v::linux {
namespace {

struct Ethernet {
  std::string file, mac, match_name, match_driver, set_name, own_mac;
  bool matches = false;
};

// libyaml takes time with the square of the nesting, so a file of brackets would take minutes.
constexpr std::ptrdiff_t kMostBrackets = 2000;

/// One parsed file. Nodes are looked up by key, so that order and style do not matter.
class Yaml {
 public:
  explicit Yaml(const std::string &text) {
    if (std::count(text.begin(), text.end(), '[') + std::count(text.begin(), text.end(), '{') >
        kMostBrackets) {
      problem_ = "too many brackets";
      return;
    }
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) throw Error(Code::internal, "out of memory for YAML");
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char *>(text.data()),
                                 text.size());
    loaded_ = yaml_parser_load(&parser, &document_) != 0;
    if (!loaded_ && parser.problem)
      problem_ = fmt::format("line {}: {}", parser.problem_mark.line + 1, parser.problem);
    yaml_parser_delete(&parser);
  }
  ~Yaml() {
    if (loaded_) yaml_document_delete(&document_);
  }
  Yaml(const Yaml &) = delete;
  Yaml &operator=(const Yaml &) = delete;

  const std::string &problem() const { return problem_; }
  yaml_node_t *root() { return loaded_ ? yaml_document_get_root_node(&document_) : nullptr; }

  using Visit = std::function<void(const std::string &key, yaml_node_t *value)>;
  void each(yaml_node_t *node, const Visit &visit) {
    if (!node || node->type != YAML_MAPPING_NODE) return;
    for (auto *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; ++pair)
      visit(scalar(yaml_document_get_node(&document_, pair->key)),
            yaml_document_get_node(&document_, pair->value));
  }
  yaml_node_t *get(yaml_node_t *node, const std::string &key) {
    yaml_node_t *found = nullptr;
    each(node, [&](const auto &name, auto *value) {
      if (name == key) found = value;
    });
    return found;
  }
  /// The texts of a list with blanks between, or of a scalar.
  std::string all(yaml_node_t *node) {
    if (!node || node->type != YAML_SEQUENCE_NODE) return scalar(node);
    std::string joined;
    const auto &items = node->data.sequence.items;
    for (auto *item = items.start; item < items.top; ++item)
      joined += (joined.empty() ? "" : " ") + scalar(yaml_document_get_node(&document_, *item));
    return joined;
  }
  /// The text of a scalar, or of the first one in a list.
  std::string scalar(yaml_node_t *node) {
    if (node && node->type == YAML_SEQUENCE_NODE &&
        node->data.sequence.items.start < node->data.sequence.items.top)
      node = yaml_document_get_node(&document_, *node->data.sequence.items.start);
    if (!node || node->type != YAML_SCALAR_NODE) return {};
    return {reinterpret_cast<const char *>(node->data.scalar.value), node->data.scalar.length};
  }

 private:
  yaml_document_t document_{};
  bool loaded_ = false;
  std::string problem_;
};

void read_file(const std::string &path, const std::string &text,
               std::map<std::string, Ethernet> &ethernets, const Log &log) {
  Yaml yaml(text);
  if (!yaml.problem().empty()) {
    log.warning(
        fmt::format("{} cannot be read, the names in it are not kept: {}", path, yaml.problem()));
    return;
  }
  yaml.each(yaml.get(yaml.get(yaml.root(), "network"), "ethernets"),
            [&](const std::string &id, yaml_node_t *definition) {
              auto &ethernet = ethernets[id];
              ethernet.file = path;
              const auto set = [&](std::string &member, yaml_node_t *node) {
                if (node) member = yaml.scalar(node);
              };
              auto *match = yaml.get(definition, "match");
              ethernet.matches = ethernet.matches || match;
              set(ethernet.mac, yaml.get(match, "macaddress"));
              set(ethernet.match_name, yaml.get(match, "name"));
              if (auto *driver = yaml.get(match, "driver"))
                ethernet.match_driver = yaml.all(driver);
              set(ethernet.set_name, yaml.get(definition, "set-name"));
              set(ethernet.own_mac, yaml.get(definition, "macaddress"));
            });
}

void add(const std::string &id, const Ethernet &ethernet, NetworkScan &scan) {
  const auto mac = normal_mac(ethernet.mac);
  if (!mac.empty()) {
    scan.needs_mac(mac, ethernet.file);
    // netplan itself gives the name to the card with this address. Without that, a name in the match
    // has to fit as well.
    if (!ethernet.set_name.empty())
      scan.bound(ethernet.set_name, mac);
    else if (!is_pattern(ethernet.match_name))
      scan.use(ethernet.match_name, ethernet.file, mac);
    return;
  }
  scan.needs_hardware("driver", ethernet.match_driver, ethernet.file);
  if (!ethernet.set_name.empty()) {
    scan.misbound(ethernet.set_name);
    scan.use(ethernet.set_name, ethernet.file);
  } else if (!ethernet.matches) {
    scan.use(id, ethernet.file, normal_mac(ethernet.own_mac));
  } else if (is_pattern(ethernet.match_name)) {
    scan.use_pattern(ethernet.match_name, ethernet.file);
  } else if (!ethernet.match_name.empty()) {
    scan.use(ethernet.match_name, ethernet.file);
  }
}

}  // namespace

void scan_netplan(Guest &guest, NetworkScan &scan, const Log &log) {
  std::map<std::string, Ethernet> ethernets;
  for (const auto &name : guest.list("/etc/netplan")) {
    if (!ends_with(name, ".yaml")) continue;
    const auto path = "/etc/netplan/" + name;
    if (const auto text = read_config(guest, path, log)) read_file(path, *text, ethernets, log);
  }
  for (const auto &[id, ethernet] : ethernets) add(id, ethernet, scan);
}

}  // namespace v2v::linux
