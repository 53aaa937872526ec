// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "inventory.hpp"

#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "fields.hpp"

namespace v2v::output_rhv_upload {
namespace {

using Json = nlohmann::json;

// Since then ImageIO writes raw data into qcow2 disks, and tells its own address.
constexpr std::uint64_t least_major = 4, least_minor = 3;

/// The engine's language of searches has wildcards and quotes, its names have none of them.
bool may_be_name(const std::string &name) {
  return !name.empty() && name.size() <= 255 && name.find_first_of("\"'*\\") == name.npos &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

std::string search(const std::string &words) {
  return "?case_sensitive=true&search=" + text::percent_encoded(words);
}

}  // namespace

std::string Inventory::check_version() {
  const auto api = engine_.ask("GET", "", "the API cannot be read", engine_.printable_url());
  const auto &version = member_of(member_of(api, "product_info"), "version");
  const auto major = number_of(version, "major"), minor = number_of(version, "minor");
  if (!major || !minor)
    throw Error(Code::not_found, "there is no API of an oVirt engine at this URL",
                engine_.printable_url(), "give -oc https://ENGINE/ovirt-engine/api");
  if (std::pair(*major, *minor) < std::pair(least_major, least_minor))
    throw Error(Code::unsupported,
                fmt::format("the engine is of version {}.{}; uploads need {}.{} or newer", *major,
                            *minor, least_major, least_minor),
                engine_.printable_url(), "update the engine, or use -o rhv");
  auto full = text_of(version, "full_version");
  return full.empty() ? fmt::format("{}.{}", *major, *minor) : text::printable(full);
}

/// The one that has this name; a search finds more.
Json Inventory::find(const char *collection, const char *item, const std::string &name,
                     const std::string &what) {
  std::vector<std::string> others;
  if (may_be_name(name))
    for (auto &found : items_of(
             engine_.ask("GET", fmt::format("/{}{}", collection, search("name=\"" + name + "\"")),
                         fmt::format("the engine's {}s cannot be listed", what), name),
             item))
      if (text_of(found, "name") == name) return found;
  for (const auto &other :
       items_of(object_in(engine_.send("GET", fmt::format("/{}", collection))), item))
    others.push_back(text_of(other, "name"));
  throw Error(Code::not_found, fmt::format("the engine has no {} of this name", what),
              text::printable(name),
              others.empty()
                  ? fmt::format("see whether the user may see the {}s", what)
                  : text::printable(fmt::format("there is: {}", fmt::join(others, ", "))));
}

StorageDomain Inventory::storage_domain(const std::string &name) {
  const auto found = find("storagedomains", "storage_domain", name, "storage domain");
  StorageDomain domain;
  domain.id = text_of(found, "id");
  domain.name = name;
  if (const auto type = text_of(found, "type"); type != "data")
    throw Error(
        Code::unsupported,
        fmt::format("disks go to a data domain, and this one is '{}'", text::printable(type)),
        text::printable(name), "give a data domain with -os");
  const auto storage = text_of(member_of(found, "storage"), "type");
  domain.block = storage == "iscsi" || storage == "fcp";
  const auto centers = items_of(member_of(found, "data_centers"), "data_center");
  if (centers.empty())
    throw Error(Code::unsupported, "the storage domain is not attached to a data center",
                text::printable(name), "attach it in the engine, or give another with -os");
  domain.data_center = text_of(centers.front(), "id");
  const auto center = engine_.ask("GET", "/datacenters/" + domain.data_center,
                                  "the storage domain's data center cannot be looked at", name);
  domain.data_center_name = text_of(center, "name");
  if (const auto status = text_of(center, "status"); status != "up")
    throw Error(Code::unsupported,
                fmt::format("the data center of the storage domain is '{}', not up",
                            text::printable(status)),
                text::printable(domain.data_center_name), "put it in order in the engine");
  // Only here it has a status.
  const auto attached = engine_.ask(
      "GET", fmt::format("/datacenters/{}/storagedomains/{}", domain.data_center, domain.id),
      "the storage domain cannot be looked at", name);
  if (const auto status = text_of(attached, "status"); status != "active")
    throw Error(Code::unsupported,
                fmt::format("the storage domain is '{}', not active", text::printable(status)),
                text::printable(name), "activate it in the engine, or give another with -os");
  const auto kept = number_of(attached, "critical_space_action_blocker").value_or(0) << 30;
  const auto available = number_of(attached, "available").value_or(0);
  domain.available = available - std::min(available, kept);
  return domain;
}

Cluster Inventory::cluster(const std::string &name, const StorageDomain &domain) {
  const auto found = find("clusters", "cluster", name, "cluster");
  if (text_of(member_of(found, "data_center"), "id") != domain.data_center)
    throw Error(Code::not_found,
                fmt::format("the cluster is not in the data center of the storage domain, {}",
                            text::printable(domain.data_center_name)),
                text::printable(name), "give one that is with -oo rhv-cluster");
  Cluster cluster{text_of(found, "id"), text_of(member_of(found, "cpu"), "architecture")};
  if (cluster.architecture.empty() || cluster.architecture == "undefined")
    throw Error(Code::unsupported, "the engine does not know the architecture of the cluster",
                text::printable(name), "set its CPU type in the engine");
  return cluster;
}

std::optional<std::string> Inventory::this_host(const std::string &vdsm_id_file,
                                                const StorageDomain &domain) {
  std::ifstream file(vdsm_id_file);
  std::string id;
  if (!(file >> id) || !may_be_name(id)) return std::nullopt;
  const auto words =
      fmt::format("hw_id={} and datacenter=\"{}\" and status=up", id, domain.data_center_name);
  const auto hosts = items_of(object_in(engine_.send("GET", "/hosts" + search(words))), "host");
  if (hosts.empty()) return std::nullopt;
  return text_of(hosts.front(), "id");
}

}  // namespace v2v::output_rhv_upload
