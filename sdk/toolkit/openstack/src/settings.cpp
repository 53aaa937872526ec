// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/openstack/settings.hpp>

#include <v2v/text/characters.hpp>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace v2v::openstack {
namespace {

constexpr const char *known[] = {
    "auth_type", "auth_url", "username", "user_id", "user_domain_name", "user_domain_id",
    "project_name", "project_id", "project_domain_name", "project_domain_id", "default_domain",
    "default_domain_id", "default_domain_name", "application_credential_id",
    "application_credential_name", "region_name", "interface", "cacert", "cert", "key", "insecure",
    "image_endpoint_override", "compute_endpoint_override", "volume_endpoint_override",
    // older names
    "tenant_name", "tenant_id", "endpoint_type"};

constexpr const char *secrets[] = {"password", "token", "application_credential_secret"};

constexpr std::pair<const char *, const char *> older_names[] = {
    {"tenant_name", "project_name"}, {"tenant_id", "project_id"}, {"endpoint_type", "interface"}};

std::string variable(const Environment &environment, const std::string &setting) {
  std::string name = "OS_";
  for (const char c : setting) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const char *value = environment(name.c_str());
  return value ? value : "";
}

}  // namespace

Environment process_environment() {
  return [](const char *name) -> const char * { return std::getenv(name); };
}

Settings Settings::from(const Environment &environment) {
  Settings made;
  const auto take = [&](const std::string &name) {
    if (const auto value = variable(environment, name); !value.empty()) made.values_[name] = value;
  };
  const auto cloud = variable(environment, "cloud");
  if (cloud.empty()) {
    for (const char *name : known) take(name);
    for (const char *name : secrets) take(name);
  } else {
    made.values_ = read_clouds_file(cloud, environment);
    made.values_["cloud"] = cloud;
    for (const char *name : {"region_name", "interface"}) take(name);
    for (const char *name : {"password", "application_credential_secret", "cacert"})
      if (made.get(name).empty()) take(name);
  }
  for (const auto &[older, name] : older_names)
    if (made.get(name).empty() && !made.get(older).empty()) made.values_[name] = made.get(older);
  return made;
}

Settings Settings::from_record(const std::map<std::string, std::string> &record,
                               const Environment &environment) {
  Settings made;
  made.values_ = record;
  std::map<std::string, std::string> now;
  if (const auto cloud = made.get("cloud"); !cloud.empty())
    now = read_clouds_file(cloud, [&](const char *name) -> const char * {
      const auto file = record.find("client_config_file");
      if (name == std::string("OS_CLIENT_CONFIG_FILE") && file != record.end())
        return file->second.c_str();
      return environment(name);
    });
  // The environment of another cloud has secrets that are not for this one.
  const bool same =
      !made.get("cloud").empty() || variable(environment, "auth_url") == made.get("auth_url");
  for (const char *name : secrets) {
    auto value = now.count(name) ? now.at(name) : std::string();
    if (value.empty() && same) value = variable(environment, name);
    if (!value.empty()) made.values_[name] = value;
  }
  return made;
}

std::map<std::string, std::string> Settings::without_secrets() const {
  auto rest = values_;
  for (const char *name : secrets) rest.erase(name);
  return rest;
}

std::string Settings::get(const std::string &name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string() : found->second;
}

void Settings::set(const std::string &name, const std::string &value) {
  values_[name] = value;
}

bool Settings::insecure() const {
  const auto value = text::lower(get("insecure"));
  return value == "true" || value == "1" || value == "yes";
}

std::string Settings::redacted(std::string text) const {
  for (const char *name : secrets) {
    const auto secret = get(name);
    if (secret.empty()) continue;
    for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at + 3))
      text.replace(at, secret.size(), "***");
  }
  return text;
}

}  // namespace v2v::openstack
