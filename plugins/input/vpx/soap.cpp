// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "soap.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <string_view>

namespace v2v::input_vpx::soap {
namespace {

constexpr const char *check_server =
    "see whether the name and the port in -ic are those of a vCenter or an ESXi host";

std::string escaped(const std::string &text) {
  std::string result;
  for (const char c : text) switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  return result;
}

std::string_view local_name(pugi::xml_node node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(pugi::xml_node node, std::string_view name) {
  for (const auto &candidate : node.children())
    if (local_name(candidate) == name) return candidate;
  return {};
}

pugi::xml_node body_of(const pugi::xml_document &document) {
  return child(child(document, "Envelope"), "Body");
}

/// "InvalidLogin" of <detail><InvalidLoginFault xsi:type="InvalidLogin">.
std::string fault_name(pugi::xml_node fault) {
  const auto detail = child(fault, "detail").first_child();
  if (auto type = type_of(detail); !type.empty()) return type;
  std::string name(local_name(detail));
  constexpr std::string_view suffix = "Fault";
  if (name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix)
    name.resize(name.size() - suffix.size());
  return name;
}

[[noreturn]] void refuse(pugi::xml_node fault, const std::string &method,
                         const std::string &server) {
  const auto name = fault_name(fault);
  const auto words = text::printable(child(fault, "faultstring").text().get());
  if (name == "InvalidLogin")
    throw Error(Code::access, "the login failed: wrong user or password", server,
                "name the user in the URI (administrator%40vsphere.local@…, or DOMAIN%5cUSER@…), "
                "and give the password in the first line of a file with -ip");
  if (name == "NoPermission")
    throw Error(Code::access, fmt::format("the user may not do this ({})", words), server,
                "give the user the privileges System.Read and Datastore.Browse on the guest and "
                "its datastores, or take another user");
  if (name == "NotAuthenticated")
    throw Error(Code::access, "the session is over", server, "try again");
  throw Error(Code::io,
              fmt::format("the server answers {} with {}: {}", method,
                          name.empty() ? "a fault" : text::printable(name), words),
              server, "see the server's log, or its list of tasks and events");
}

}  // namespace

std::string element(const std::string &name, const std::string &text) {
  if (!text::is_xml_text(text))
    throw Error(Code::usage, "it has a character that cannot be sent to the server",
                fmt::format("the {} for the server", name), "see how it was typed or saved");
  return fmt::format("<{0}>{1}</{0}>", name, escaped(text));
}

std::string reference(const std::string &name, const std::string &type, const std::string &id) {
  return fmt::format("<{0} type=\"{1}\">{2}</{0}>", name, escaped(type), escaped(id));
}

std::string envelope(const std::string &method, const std::string &type, const std::string &id,
                     const std::string &arguments) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
      "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
      "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
      "<soapenv:Body><{0} xmlns=\"urn:vim25\">{1}{2}</{0}></soapenv:Body></soapenv:Envelope>",
      method, reference("_this", type, id), arguments);
}

std::shared_ptr<pugi::xml_document> checked(long status, const std::string &body,
                                            const std::string &method, const std::string &server) {
  auto document = std::make_shared<pugi::xml_document>();
  const auto parsed = document->load_buffer(body.data(), body.size());
  const auto content = parsed ? body_of(*document) : pugi::xml_node();
  // A fault comes with status 500.
  if (const auto fault = child(content, "Fault")) refuse(fault, method, server);
  if (status == 503)
    throw Error(Code::io, "the server is not ready to answer (503)", server,
                "it may still be starting, or have too many sessions; try again later");
  if (status != 200)
    throw Error(Code::unsupported,
                fmt::format("it answers with status {}, as neither a vCenter nor an ESXi host does",
                            status),
                server, check_server);
  if (!child(content, method + "Response"))
    throw Error(Code::unsupported, "its answer is not one of a vCenter or an ESXi host", server,
                check_server);
  return document;
}

std::string type_of(pugi::xml_node node) {
  for (const auto &attribute : node.attributes()) {
    const std::string name = attribute.name();
    if (const auto colon = name.find(':'); colon != name.npos && name.substr(colon + 1) == "type")
      return attribute.value();
  }
  return {};
}

pugi::xml_node result(const pugi::xml_document &answer) {
  return child(body_of(answer).first_child(), "returnval");
}

}  // namespace v2v::input_vpx::soap
