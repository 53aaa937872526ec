// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The few calls of the vSphere Web Services API (SOAP over HTTPS) that reading a guest needs: log in,
// find things in the inventory, read their properties, log out. Source: the API reference, "vSphere
// Web Services API", and what govmomi's simulator accepts.
//
// The object is one session. It ends in the destructor; while nothing is asked for half an hour the
// server ends it, which keep_alive prevents. Used by one thread at a time.
#pragma once

#include "https.hpp"

#include <pugixml.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace v2v::input_vpx {

/// Something in the inventory: "VirtualMachine", "vm-42".
struct Reference {
  std::string type, id;
  bool operator==(const Reference &other) const { return type == other.type && id == other.id; }
};

/// Properties of one thing, as XML.
struct Properties {
  Reference of;
  std::map<std::string, pugi::xml_node> values;
  std::shared_ptr<pugi::xml_document> document;  ///< owns the nodes

  /// The text of a property; empty if it is not set.
  std::string text(const std::string &path) const;
  /// The reference in a property, if it is set.
  std::optional<Reference> reference(const std::string &path) const;
  pugi::xml_node node(const std::string &path) const;
};

class Vsphere {
 public:
  /// Asks what kind of server it is; needs no login.
  /// @throws Error of Https; Error(unsupported) if it speaks something else
  explicit Vsphere(std::unique_ptr<Https> https, std::string server);
  ~Vsphere();
  Vsphere(const Vsphere &) = delete;
  Vsphere &operator=(const Vsphere &) = delete;

  /// "VMware vCenter Server 8.0.3 build-1"
  const std::string &product() const { return product_; }
  bool is_vcenter() const { return vcenter_; }
  const Reference &root_folder() const { return root_folder_; }

  /// @throws Error(access) if user or password are wrong
  void login(const std::string &user, const std::string &password);
  /// Uses the session, or logs in anew if the server has ended it.
  void keep_alive();
  /// "vmware_soap_session=…", which also opens the datastores.
  const std::string &cookie() const { return cookie_; }

  /// What is at this path of the inventory, names as the inventory writes them.
  std::optional<Reference> find(const std::string &path);
  std::vector<Properties> all_below(const Reference &container, const std::string &type,
                                    const std::vector<std::string> &paths);
  /// @throws Error(not_found) if it is gone
  Properties properties(const Reference &of, const std::vector<std::string> &paths);

  Https &https() { return *https_; }

 private:
  std::shared_ptr<pugi::xml_document> call(const std::string &method, const Reference &on,
                                           const std::string &arguments);
  std::vector<Properties> retrieve(const std::string &specification);

  std::unique_ptr<Https> https_;
  std::string server_, product_, version_, cookie_, user_, password_;
  bool vcenter_ = false, logged_in_ = false;
  Reference root_folder_, collector_, views_, sessions_, search_;
};

}  // namespace v2v::input_vpx
