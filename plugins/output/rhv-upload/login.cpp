// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "login.hpp"

#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fmt/format.h>

#include <fstream>

namespace v2v::output_rhv_upload {
namespace {

// Whom the engine's setup makes.
constexpr const char *usual_user = "admin@internal";

Error usage(const std::string &what, const std::string &remedy) {
  return {Code::usage, what, "-o rhv-upload", remedy};
}

/// Splits the user, and a password that must not be there, from the URL.
void read_url(Login &login, std::string url) {
  const auto scheme = url.find("://");
  if (url.rfind("https://", 0) != 0 && url.rfind("http://", 0) != 0)
    throw usage("-oc is no URL of an engine's API",
                "give -oc https://ENGINE/ovirt-engine/api, as the engine's own pages have it");
  const auto host = scheme + 3;
  const auto at = url.substr(0, url.find('/', host)).rfind('@');
  if (at != url.npos && at >= host) {
    const auto user = url.substr(host, at - host);
    url.erase(host, at + 1 - host);
    if (user.find(':') != user.npos)
      throw usage("-oc has a password in it, which everybody on this machine can see",
                  "put the password into a file and name it with -op");
    const auto decoded = text::percent_decoded(user);
    if (!decoded) throw usage("the user in -oc is not encoded as URLs are", "write @ as %40");
    login.user = *decoded;
  }
  while (url.back() == '/') url.pop_back();
  login.api = url;
}

}  // namespace

http::Tls Login::tls() const {
  return {ca_file,
          verify,
          {},
          {},
          "name the engine's certificate authority, which is "
          "/etc/pki/ovirt-engine/ca.pem there, with -oo rhv-cafile"};
}

nlohmann::json Login::record() const {
  return {{"api", api},
          {"user", user},
          {"password_file", password_file},
          {"ca_file", ca_file},
          {"verify", verify}};
}

Login Login::from_record(const nlohmann::json &record) {
  Login login;
  login.api = record.at("api");
  login.user = record.at("user");
  login.password_file = record.at("password_file");
  login.ca_file = record.at("ca_file");
  login.verify = record.at("verify");
  std::ifstream file(login.password_file);
  if (!std::getline(file, login.password))
    throw Error(Code::not_found, "the engine's password cannot be read from this file any more",
                login.password_file, "put the file back, and start v2v again");
  return login;
}

std::optional<std::string> either(const Options &options, const std::string &name) {
  const auto old_name = options.get("rhv-" + name), new_name = options.get("ovirt-" + name);
  if (old_name && new_name)
    throw usage(fmt::format("-oo rhv-{0} and -oo ovirt-{0} are the same option", name),
                "give one of them");
  return old_name ? old_name : new_name;
}

Login login_of(const OutputRequest &request, const Host &host) {
  Login login;
  login.user = usual_user;
  if (request.connection.empty())
    throw usage("-oc option was not specified",
                "give the URL of the engine's API: -oc https://ENGINE/ovirt-engine/api");
  read_url(login, request.connection);
  login.password_file = request.options.get("password-file").value_or("");
  const auto password =
      login.password_file.empty() ? std::nullopt : host.secret("password-file", {});
  if (!password)
    throw usage("-op option was not specified", "give a file with the engine's password");
  login.password = *password;
  login.ca_file = either(request.options, "cafile").value_or("");
  const auto verify = either(request.options, "verifypeer");
  login.verify = verify ? *verify == "true" : !login.ca_file.empty();
  return login;
}

}  // namespace v2v::output_rhv_upload
