// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "vsphere.hpp"

#include "soap.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace v2v::input_vpx {
namespace {

/// The newest version of the API of which this code knows what it reads (VirtualTPM came with it).
constexpr const char *newest_version = "6.7";
constexpr unsigned newest_major = 6, newest_minor = 7;
constexpr const char *session_cookie = "vmware_soap_session=";

std::string version_to_speak(const std::string &server_version) {
  unsigned major = 0, minor = 0;
  if (std::sscanf(server_version.c_str(), "%u.%u", &major, &minor) != 2) return "";
  const bool newer = major > newest_major || (major == newest_major && minor >= newest_minor);
  return newer ? newest_version : server_version;
}

Reference reference_in(pugi::xml_node node) {
  return {node.attribute("type").value(), node.text().get()};
}

std::string property_paths(const std::string &type, const std::vector<std::string> &paths) {
  auto text = "<propSet>" + soap::element("type", type);
  for (const auto &path : paths) text += soap::element("pathSet", path);
  return text + "</propSet>";
}

}  // namespace

pugi::xml_node Properties::node(const std::string &path) const {
  const auto found = values.find(path);
  return found == values.end() ? pugi::xml_node() : found->second;
}

std::string Properties::text(const std::string &path) const {
  return node(path).text().get();
}

std::optional<Reference> Properties::reference(const std::string &path) const {
  const auto value = node(path);
  if (!value) return std::nullopt;
  return reference_in(value);
}

Vsphere::Vsphere(std::unique_ptr<Https> https, std::string server)
    : https_(std::move(https)), server_(std::move(server)) {
  const auto answer = call("RetrieveServiceContent", {"ServiceInstance", "ServiceInstance"}, "");
  const auto content = soap::result(*answer);
  const auto about = content.child("about");
  product_ = text::printable(about.child("fullName").text().get());
  vcenter_ = about.child("apiType").text().get() == std::string("VirtualCenter");
  version_ = version_to_speak(about.child("apiVersion").text().get());
  root_folder_ = reference_in(content.child("rootFolder"));
  collector_ = reference_in(content.child("propertyCollector"));
  views_ = reference_in(content.child("viewManager"));
  sessions_ = reference_in(content.child("sessionManager"));
  search_ = reference_in(content.child("searchIndex"));
  if (root_folder_.id.empty() || collector_.id.empty() || sessions_.id.empty())
    throw Error(Code::unsupported, "it is neither a vCenter nor an ESXi host", server_,
                "check name and port in -ic");
}

Vsphere::~Vsphere() {
  if (!logged_in_) return;
  https_->hurry();
  try {
    call("Logout", sessions_, "");
  } catch (...) {
    // The server ends it by itself, later.
  }
}

std::shared_ptr<pugi::xml_document> Vsphere::call(const std::string &method, const Reference &on,
                                                  const std::string &arguments) {
  std::vector<std::string> headers = {
      "Content-Type: text/xml; charset=utf-8",
      fmt::format("SOAPAction: \"urn:vim25{}{}\"", version_.empty() ? "" : "/", version_)};
  if (!cookie_.empty()) headers.push_back("Cookie: " + cookie_);
  const auto answer =
      https_->post("/sdk", soap::envelope(method, on.type, on.id, arguments), headers);
  for (const auto &cookie : answer.cookies)
    if (cookie.rfind(session_cookie, 0) == 0) cookie_ = cookie;
  return soap::checked(answer.status, answer.body, method, server_);
}

void Vsphere::login(const std::string &user, const std::string &password) {
  user_ = user;
  password_ = password;
  cookie_.clear();
  logged_in_ = false;
  call("Login", sessions_, soap::element("userName", user) + soap::element("password", password));
  if (cookie_.empty())
    throw Error(Code::unsupported, "the server gives no session", server_,
                "see whether it is a vCenter or an ESXi host");
  logged_in_ = true;
}

void Vsphere::keep_alive() {
  try {
    // Some servers answer without a session as well, that there is none.
    if (logged_in_ && properties(sessions_, {"currentSession"}).node("currentSession")) return;
  } catch (const Error &error) {
    if (error.code() != Code::access) throw;
  }
  login(user_, password_);
}

std::optional<Reference> Vsphere::find(const std::string &path) {
  const auto answer = call("FindByInventoryPath", search_, soap::element("inventoryPath", path));
  const auto found = soap::result(*answer);
  if (!found) return std::nullopt;
  return reference_in(found);
}

std::vector<Properties> Vsphere::all_below(const Reference &container, const std::string &type,
                                           const std::vector<std::string> &paths) {
  const auto made = call("CreateContainerView", views_,
                         soap::reference("container", container.type, container.id) +
                             soap::element("type", type) + soap::element("recursive", "true"));
  const auto view = reference_in(soap::result(*made));
  return retrieve(property_paths(type, paths) + "<objectSet>" +
                  soap::reference("obj", view.type, view.id) +
                  "<skip>true</skip><selectSet xsi:type=\"TraversalSpec\"><name>all</name>"
                  "<type>ContainerView</type><path>view</path><skip>false</skip></selectSet>"
                  "</objectSet>");
}

Properties Vsphere::properties(const Reference &of, const std::vector<std::string> &paths) {
  auto found = retrieve(property_paths(of.type, paths) + "<objectSet>" +
                        soap::reference("obj", of.type, of.id) + "<skip>false</skip></objectSet>");
  if (found.size() != 1) throw Error(Code::not_found, "it is no longer there", of.id, "try again");
  return std::move(found.front());
}

std::vector<Properties> Vsphere::retrieve(const std::string &specification) {
  std::vector<Properties> all;
  auto answer = call("RetrievePropertiesEx", collector_,
                     "<specSet>" + specification + "</specSet><options/>");
  for (;;) {
    const auto result = soap::result(*answer);
    for (const auto &object : result.children("objects")) {
      Properties properties;
      properties.of = reference_in(object.child("obj"));
      properties.document = answer;
      for (const auto &property : object.children("propSet"))
        properties.values.emplace(property.child("name").text().get(), property.child("val"));
      all.push_back(std::move(properties));
    }
    const std::string token = result.child("token").text().get();
    if (token.empty()) return all;
    answer = call("ContinueRetrievePropertiesEx", collector_, soap::element("token", token));
  }
}

}  // namespace v2v::input_vpx
