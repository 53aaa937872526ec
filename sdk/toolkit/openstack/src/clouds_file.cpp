// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// clouds.yaml and secure.yaml. Source of names and places: openstacksdk's manual, "Configuring
// OpenStack SDK Applications". A cloud is a flat list of settings here: what stands below "auth" is
// put beside the rest, as the names are distinct.
#include <v2v/openstack/settings.hpp>

#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

namespace v2v::openstack {
namespace {

using Values = std::map<std::string, std::string>;

constexpr std::size_t longest_file = 1u << 20;
// libyaml takes time with the square of the nesting.
constexpr std::ptrdiff_t most_brackets = 2000;

class CloudsFile {
 public:
  CloudsFile(const std::string &text, const std::string &path) {
    yaml_parser_t parser;
    if (std::count_if(text.begin(), text.end(), [](char c) { return c == '[' || c == '{'; }) >
            most_brackets ||
        !yaml_parser_initialize(&parser))
      throw Error(Code::usage, "this file cannot be read as YAML", path);
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char *>(text.data()),
                                 text.size());
    loaded_ = yaml_parser_load(&parser, &document_) != 0;
    const auto line = parser.problem_mark.line + 1;
    const std::string problem = !loaded_ && parser.problem ? parser.problem : "";
    yaml_parser_delete(&parser);
    if (!loaded_)
      throw Error(Code::usage, fmt::format("line {} is no YAML: {}", line, problem), path,
                  "put it right, or name another file in OS_CLIENT_CONFIG_FILE");
  }
  ~CloudsFile() {
    if (loaded_) yaml_document_delete(&document_);
  }
  CloudsFile(const CloudsFile &) = delete;
  CloudsFile &operator=(const CloudsFile &) = delete;

  /// Nothing if the file does not have this cloud.
  std::optional<Values> cloud(const std::string &name) {
    auto *found = child(child(yaml_document_get_root_node(&document_), "clouds"), name);
    if (!found || found->type != YAML_MAPPING_NODE) return std::nullopt;
    Values values;
    add_scalars(found, values);
    add_scalars(child(found, "auth"), values);
    if (auto *regions = child(found, "regions"); regions && !values.count("region_name"))
      if (const auto first = first_scalar(regions); !first.empty()) values["region_name"] = first;
    return values;
  }

  std::string names() {
    std::string joined;
    for_each(child(yaml_document_get_root_node(&document_), "clouds"),
             [&](const std::string &key, yaml_node_t *) {
               joined += (joined.empty() ? "" : ", ") + text::printable(key);
             });
    return joined;
  }

 private:
  template <class Visit>
  void for_each(yaml_node_t *node, Visit visit) {
    if (!node || node->type != YAML_MAPPING_NODE) return;
    for (auto *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; ++pair)
      visit(scalar(yaml_document_get_node(&document_, pair->key)),
            yaml_document_get_node(&document_, pair->value));
  }
  yaml_node_t *child(yaml_node_t *node, const std::string &key) {
    yaml_node_t *found = nullptr;
    for_each(node, [&](const std::string &name, yaml_node_t *value) {
      if (name == key) found = value;
    });
    return found;
  }
  void add_scalars(yaml_node_t *node, Values &values) {
    for_each(node, [&](std::string key, yaml_node_t *value) {
      std::replace(key.begin(), key.end(), '-', '_');
      if (value && value->type == YAML_SCALAR_NODE) values[key] = scalar(value);
    });
  }
  std::string first_scalar(yaml_node_t *node) {
    if (node->type != YAML_SEQUENCE_NODE) return scalar(node);
    const auto &items = node->data.sequence.items;
    return items.start < items.top ? scalar(yaml_document_get_node(&document_, *items.start)) : "";
  }
  static std::string scalar(const yaml_node_t *node) {
    if (!node || node->type != YAML_SCALAR_NODE) return {};
    return {reinterpret_cast<const char *>(node->data.scalar.value), node->data.scalar.length};
  }

  yaml_document_t document_;
  bool loaded_ = false;
};

/// Where a file of this name may be, in the order in which the first one counts.
std::vector<std::string> places(const std::string &file, const char *variable,
                                const Environment &environment) {
  if (const char *named = environment(variable); named && *named) return {named};
  std::vector<std::string> found = {file};
  const char *configuration = environment("XDG_CONFIG_HOME");
  const char *home = environment("HOME");
  if (configuration && *configuration)
    found.push_back(std::string(configuration) + "/openstack/" + file);
  else if (home && *home)
    found.push_back(std::string(home) + "/.config/openstack/" + file);
  found.push_back("/etc/openstack/" + file);
  return found;
}

struct Text {
  std::string path, content;
};

std::optional<Text> first_file(const std::vector<std::string> &paths) {
  for (const auto &path : paths) {
    std::ifstream file(path, std::ios::binary);
    if (!file) continue;
    Text text{path, {std::istreambuf_iterator<char>(file), {}}};
    if (text.content.size() > longest_file)
      throw Error(Code::usage, "this file is too long for clouds.yaml", path);
    return text;
  }
  return std::nullopt;
}

}  // namespace

std::map<std::string, std::string> read_clouds_file(const std::string &name,
                                                    const Environment &environment) {
  const auto looked_at = places("clouds.yaml", "OS_CLIENT_CONFIG_FILE", environment);
  const auto text = first_file(looked_at);
  if (!text)
    throw Error(Code::usage,
                fmt::format("OS_CLOUD is '{}', but there is no clouds.yaml", text::printable(name)),
                fmt::format("{}", fmt::join(looked_at, ", ")),
                "make one, or name it in OS_CLIENT_CONFIG_FILE");
  CloudsFile file(text->content, text->path);
  auto values = file.cloud(name);
  if (!values)
    throw Error(Code::usage,
                fmt::format("there is no cloud '{}' in this file", text::printable(name)),
                text->path, "set OS_CLOUD to one of: " + file.names());
  if (const auto secure = first_file(places("secure.yaml", "OS_CLIENT_SECURE_FILE", environment))) {
    if (const auto more = CloudsFile(secure->content, secure->path).cloud(name))
      for (const auto &[key, value] : *more) (*values)[key] = value;
  }
  if (const auto verify = values->find("verify"); verify != values->end()) {
    const auto &word = verify->second;
    if (word == "false" || word == "False" || word == "no") (*values)["insecure"] = "true";
  }
  // Found again from any directory.
  char absolute[4096];
  if (::realpath(text->path.c_str(), absolute)) (*values)["client_config_file"] = absolute;
  return *values;
}

}  // namespace v2v::openstack
