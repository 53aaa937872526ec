// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See kubevirt_schema.hpp. Source of the table: the Go types of kubevirt.io/api, core/v1, and what the
// admission webhook of KubeVirt adds to them (names are unique, one network of the pod …).
#include "kubevirt_schema.hpp"

#include <yaml.h>

#include <memory>
#include <regex>
#include <set>
#include <stdexcept>

namespace v2v::test {
namespace {

enum class Type { word, text, label, name, number, flag, empty };

const std::string machine = "spec.template.spec.";
const std::string domain = machine + "domain.";

struct Field {
  Type type;
  const char *allowed;  ///< a regular expression
};

const std::map<std::string, Field> &fields() {
  static const std::map<std::string, Field> all = {
      {"apiVersion", {Type::word, "kubevirt\\.io/v1"}},
      {"kind", {Type::word, "VirtualMachine"}},
      {"metadata.name", {Type::name, ".*"}},
      {"metadata.labels.libguestfs.org/genid", {Type::label, ".*"}},
      {"metadata.labels.libguestfs.org/osinfo", {Type::label, ".*"}},
      {"metadata.labels.libguestfs.org/source", {Type::label, ".*"}},
      {"metadata.annotations.v2v/generator", {Type::text, "[^]*"}},
      {"metadata.annotations.v2v/original-name", {Type::text, "[^]*"}},
      {"spec.runStrategy", {Type::word, "Always|Halted|Manual|RerunOnFailure|Once"}},
      {machine + "architecture", {Type::word, "amd64|arm64|s390x"}},
      {machine + "terminationGracePeriodSeconds", {Type::number, ".*"}},
      {domain + "machine.type", {Type::word, "q35|pc|virt"}},
      {domain + "firmware.bootloader.bios", {Type::empty, ""}},
      {domain + "firmware.bootloader.efi.secureBoot", {Type::flag, ".*"}},
      {domain + "firmware.bootloader.efi.persistent", {Type::flag, ".*"}},
      {domain + "features.acpi", {Type::empty, ""}},
      {domain + "features.apic", {Type::empty, ""}},
      {domain + "features.smm.enabled", {Type::flag, ".*"}},
      {domain + "cpu.model", {Type::text, "[A-Za-z0-9._-]+"}},
      {domain + "cpu.sockets", {Type::number, ".*"}},
      {domain + "cpu.cores", {Type::number, ".*"}},
      {domain + "cpu.threads", {Type::number, ".*"}},
      {domain + "memory.guest", {Type::word, "[1-9][0-9]*Mi"}},
      {domain + "resources.requests.memory", {Type::word, "[1-9][0-9]*Mi"}},
      {domain + "clock.utc", {Type::empty, ""}},
      {domain + "clock.timer.hpet.present", {Type::flag, ".*"}},
      {domain + "clock.timer.hyperv", {Type::empty, ""}},
      {domain + "clock.timer.pit.tickPolicy", {Type::word, "delay|catchup|discard"}},
      {domain + "clock.timer.rtc.tickPolicy", {Type::word, "delay|catchup"}},
      {domain + "devices.useVirtioTransitional", {Type::flag, ".*"}},
      {domain + "devices.autoattachMemBalloon", {Type::flag, ".*"}},
      {domain + "devices.autoattachPodInterface", {Type::flag, ".*"}},
      {domain + "devices.disks[].name", {Type::name, ".*"}},
      {domain + "devices.disks[].disk.bus", {Type::word, "virtio|scsi|sata|usb"}},
      {domain + "devices.disks[].bootOrder", {Type::number, "[1-9][0-9]*"}},
      {domain + "devices.interfaces[].name", {Type::name, ".*"}},
      {domain + "devices.interfaces[].masquerade", {Type::empty, ""}},
      {domain + "devices.interfaces[].bridge", {Type::empty, ""}},
      {domain + "devices.interfaces[].macAddress", {Type::text, "([0-9a-f]{2}:){5}[0-9a-f]{2}"}},
      {domain + "devices.interfaces[].model", {Type::word, "virtio|e1000|rtl8139"}},
      {domain + "devices.inputs[].type", {Type::word, "tablet"}},
      {domain + "devices.inputs[].bus", {Type::word, "usb|virtio"}},
      {domain + "devices.inputs[].name", {Type::name, ".*"}},
      {domain + "devices.rng", {Type::empty, ""}},
      {domain + "devices.sound.name", {Type::name, ".*"}},
      {domain + "devices.sound.model", {Type::word, "ich9|ac97"}},
      {domain + "devices.tpm.persistent", {Type::flag, ".*"}},
      {machine + "volumes[].name", {Type::name, ".*"}},
      {machine + "volumes[].hostDisk.path", {Type::text, "/[^]*"}},
      {machine + "volumes[].hostDisk.type", {Type::word, "Disk|DiskOrCreate"}},
      {machine + "networks[].name", {Type::name, ".*"}},
      {machine + "networks[].pod", {Type::empty, ""}},
      {machine + "networks[].multus.networkName",
       {Type::text, "([a-z0-9.-]+/)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?"}},
  };
  return all;
}

/// What the type says of the value; a number that is quoted, say, is none for Kubernetes.
bool is_of(Type type, const Leaf &leaf) {
  static const std::regex name(
      "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  static const std::regex label("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  // What a reader of YAML 1.1, which Kubernetes has, does not take for a string.
  static const std::regex no_string("|~|[-+.0-9].*|(?:y|n|yes|no|true|false|on|off|null)",
                                    std::regex::icase);
  const bool is_string = leaf.quoted || !std::regex_match(leaf.value, no_string);
  switch (type) {
    case Type::word:
      // Begins with a digit where it is an amount, "1024Mi", which no reader takes for a number.
      return is_string || std::regex_match(leaf.value, std::regex("[0-9]+Mi"));
    case Type::text:
      return leaf.quoted;
    case Type::label:
      return leaf.quoted && std::regex_match(leaf.value, label);
    case Type::name:
      return is_string && leaf.value.size() <= 63 && std::regex_match(leaf.value, name);
    case Type::number:
      return !leaf.quoted && std::regex_match(leaf.value, std::regex("0|[1-9][0-9]{0,8}"));
    case Type::flag:
      return !leaf.quoted && (leaf.value == "true" || leaf.value == "false");
    case Type::empty:
      return leaf.value == "{}";
  }
  return false;
}

class Reader {
 public:
  explicit Reader(yaml_document_t &document) : document_(document) {}

  std::vector<Leaf> leaves() {
    walk(yaml_document_get_root_node(&document_), "");
    return std::move(leaves_);
  }

 private:
  void walk(const yaml_node_t *node, const std::string &path) {
    if (!node) throw std::runtime_error("an empty document");
    if (node->type == YAML_SCALAR_NODE) {
      leaves_.push_back({path, text_of(node), node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE});
    } else if (node->type == YAML_MAPPING_NODE) {
      std::set<std::string> keys;
      const auto &pairs = node->data.mapping.pairs;
      if (pairs.start == pairs.top) leaves_.push_back({path, "{}"});
      for (const auto *pair = pairs.start; pair < pairs.top; ++pair) {
        const std::string key = text_of(yaml_document_get_node(&document_, pair->key));
        if (!keys.insert(key).second) throw std::runtime_error("twice: " + path + "." + key);
        walk(yaml_document_get_node(&document_, pair->value),
             path.empty() ? key : path + "." + key);
      }
    } else {
      const auto &items = node->data.sequence.items;
      if (items.start == items.top) leaves_.push_back({path, "[]"});
      for (const auto *item = items.start; item < items.top; ++item)
        walk(yaml_document_get_node(&document_, *item), path + "[]");
    }
  }

  static std::string text_of(const yaml_node_t *node) {
    if (!node || node->type != YAML_SCALAR_NODE) throw std::runtime_error("no scalar");
    return {reinterpret_cast<const char *>(node->data.scalar.value), node->data.scalar.length};
  }

  yaml_document_t &document_;
  std::vector<Leaf> leaves_;
};

void check_names(const std::vector<Leaf> &leaves, const std::string &list, const std::string &other,
                 std::vector<std::string> &faults) {
  std::multiset<std::string> here, there;
  for (const auto &leaf : leaves) {
    if (leaf.path == list + "[].name") here.insert(leaf.value);
    if (leaf.path == other + "[].name") there.insert(leaf.value);
  }
  if (std::set<std::string>(here.begin(), here.end()).size() != here.size())
    faults.push_back(list + ": a name is there twice");
  if (here != there) faults.push_back(list + " and " + other + " have other names");
}

}  // namespace

std::vector<Leaf> leaves_of(const std::string &yaml) {
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  const std::unique_ptr<yaml_parser_t, void (*)(yaml_parser_t *)> parser_owner(&parser,
                                                                               yaml_parser_delete);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char *>(yaml.data()),
                               yaml.size());
  yaml_document_t first, second;
  if (!yaml_parser_load(&parser, &first)) throw std::runtime_error("no YAML");
  const std::unique_ptr<yaml_document_t, void (*)(yaml_document_t *)> owner(&first,
                                                                            yaml_document_delete);
  auto leaves = Reader(first).leaves();
  if (!yaml_parser_load(&parser, &second)) throw std::runtime_error("no YAML behind the document");
  const bool more = yaml_document_get_root_node(&second) != nullptr;
  yaml_document_delete(&second);
  if (more) throw std::runtime_error("a second document");
  return leaves;
}

std::vector<std::string> faults_of(const std::vector<Leaf> &leaves) {
  std::vector<std::string> faults;
  std::set<std::string> seen, boot_orders;
  unsigned pods = 0;
  for (const auto &leaf : leaves) {
    seen.insert(leaf.path);
    const auto field = fields().find(leaf.path);
    if (field == fields().end())
      faults.push_back(leaf.path + ": the API has no such field");
    else if (!is_of(field->second.type, leaf) ||
             !std::regex_match(leaf.value == "{}" ? "" : leaf.value,
                               std::regex(field->second.allowed)))
      faults.push_back(leaf.path + ": " + leaf.value + " is not possible");
    if (leaf.path == domain + "devices.disks[].bootOrder" && !boot_orders.insert(leaf.value).second)
      faults.push_back("a bootOrder is there twice");
    pods += leaf.path == machine + "networks[].pod";
  }
  for (const std::string needed : {"apiVersion", "kind", "metadata.name", "spec.runStrategy",
                                   "spec.template.spec.domain.memory.guest"})
    if (seen.count(needed) == 0) faults.push_back(needed + " is missing");
  if (pods > 1) faults.push_back("more than one card on the network of the pod");
  check_names(leaves, domain + "devices.disks", machine + "volumes", faults);
  check_names(leaves, domain + "devices.interfaces", machine + "networks", faults);
  return faults;
}

}  // namespace v2v::test
