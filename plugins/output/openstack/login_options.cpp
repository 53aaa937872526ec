// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "login_options.hpp"

#include <algorithm>
#include <fstream>

namespace v2v::output_openstack {
namespace {

struct Login {
  const char *option, *help;
};

// Each is a setting by the name behind "os-", with '_' for '-'.
constexpr Login logins[] = {
    {"os-auth-type", "How to log in: password, token or v3applicationcredential"},
    {"os-auth-url", "URL of Keystone; -oc is the same"},
    {"os-cloud", "Cloud of clouds.yaml"},
    {"os-username", "User"},
    {"os-user-id", "User, by id"},
    {"os-user-domain-name", "Domain of the user"},
    {"os-user-domain-id", "Domain of the user, by id"},
    {"os-project-name", "Project that gets the volumes"},
    {"os-project-id", "Project that gets the volumes, by id"},
    {"os-project-domain-name", "Domain of the project"},
    {"os-project-domain-id", "Domain of the project, by id"},
    {"os-application-credential-id", "Application credential"},
    {"os-region-name", "Region of the catalogue"},
    {"os-interface", "Interface of the catalogue: public, internal or admin"},
    {"os-cacert", "Certificates to trust"},
    {"os-cert", "Certificate of one's own"},
    {"os-key", "Its private key"},
};

std::string setting_of(const std::string &option) {
  auto name = option.substr(3);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace

std::vector<Option> login_options() {
  std::vector<Option> options;
  for (const auto &login : logins)
    options.push_back({login.option, OptionType::string, login.help, "VALUE", {}});
  options.push_back(
      {"password-file", OptionType::file, "File with the password; -op is the same", "FILE", {}});
  options.push_back({"verify-server-certificate",
                     OptionType::boolean,
                     "Whether the servers' certificates must be trusted",
                     {},
                     "true"});
  return options;
}

openstack::Settings settings_of(const OutputRequest &request, const Host &host,
                                const openstack::Environment &environment) {
  const auto cloud = request.options.get("os-cloud");
  auto settings = openstack::Settings::from([&](const char *name) -> const char * {
    return cloud && name == std::string("OS_CLOUD") ? cloud->c_str() : environment(name);
  });
  if (!request.connection.empty()) settings.set("auth_url", request.connection);
  for (const auto &login : logins)
    if (const auto value = request.options.get(login.option))
      settings.set(setting_of(login.option), *value);
  if (!request.options.flag("verify-server-certificate")) settings.set("insecure", "true");
  if (const auto file = request.options.get("password-file")) {
    if (const auto password = host.secret("password-file", {})) settings.set("password", *password);
    settings.set("password_file", *file);
  }
  return settings;
}

void read_password_file(openstack::Settings &settings) {
  const auto path = settings.get("password_file");
  if (path.empty()) return;
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line))
    throw Error(Code::not_found, "the password cannot be read from this file any more", path,
                "put the file back, and start v2v again");
  settings.set("password", line);
}

}  // namespace v2v::output_openstack
