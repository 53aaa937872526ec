// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "inventory.hpp"

#include "datastore.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace v2v::input_vpx {
namespace {

constexpr std::size_t most_named = 10;  // in a message

std::string joined(const std::vector<std::string> &names, std::size_t from, std::size_t to) {
  std::string path;
  for (auto i = from; i < to; ++i) path += (i == from ? "" : "/") + inventory_name(names[i]);
  return path;
}

/// "A, B and 3 more", for a person.
std::string listed(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  const auto more = names.size() > most_named ? names.size() - most_named : 0;
  names.resize(names.size() - more);
  for (auto &name : names) name = text::printable(plain_name(name));
  return fmt::format("{}{}", fmt::join(names, ", "), more ? fmt::format(" and {} more", more) : "");
}

std::vector<std::string> names_of(const std::vector<Properties> &things) {
  std::vector<std::string> names;
  for (const auto &thing : things) names.push_back(thing.text("name"));
  return names;
}

[[noreturn]] void no_datacenter(Vsphere &vsphere, const std::string &path) {
  const auto all = names_of(vsphere.all_below(vsphere.root_folder(), "Datacenter", {"name"}));
  throw Error(Code::not_found, "there is no such datacenter", text::printable(plain_name(path)),
              all.empty() ? "the user sees no datacenter on this server: check its privileges"
                          : fmt::format("there are: {} (put the folders of a datacenter before it; "
                                        "names are case-sensitive)",
                                        listed(all)));
}

/// The host was not where the URI says.
[[noreturn]] void no_host(Vsphere &vsphere, const Place &place, const std::string &path,
                          const std::string &host) {
  const auto hosts = vsphere.all_below(place.datacenter, "HostSystem", {"name", "parent"});
  const auto datacenter = text::printable(plain_name(place.path));
  for (const auto &candidate : hosts) {
    const auto parent = candidate.reference("parent");
    if (candidate.text("name") != host || !parent || parent->type != "ClusterComputeResource")
      continue;
    const auto cluster = vsphere.properties(*parent, {"name"}).text("name");
    throw Error(
        Code::not_found,
        fmt::format("the host is in the cluster {}", text::printable(plain_name(cluster))),
        text::printable(plain_name(path)),
        fmt::format("name the cluster before the host: -ic vpx://…/{}/{}/{}",
                    percent_encoded(plain_name(place.path), true),
                    percent_encoded(plain_name(cluster), false), percent_encoded(host, false)));
  }
  throw Error(Code::not_found, fmt::format("there is no such host in {}", datacenter),
              text::printable(plain_name(path)),
              hosts.empty() ? "the user sees no host in it: check its privileges"
                            : fmt::format("there are: {}", listed(names_of(hosts))));
}

/// @param names  what stands behind the datacenter: folders, a cluster, a host
Reference find_host(Vsphere &vsphere, const Place &place, const std::vector<std::string> &names,
                    std::size_t from) {
  const auto path = joined(names, from, names.size());
  const auto found = vsphere.find(place.path + "/host/" + path);
  if (!found) no_host(vsphere, place, path, inventory_name(names.back()));
  if (found->type == "HostSystem") return *found;
  if (found->type == "ClusterComputeResource")
    throw Error(Code::usage, "this is a cluster, not a host", text::printable(plain_name(path)),
                fmt::format("name one of its hosts behind it; there are: {}",
                            listed(names_of(vsphere.all_below(*found, "HostSystem", {"name"})))));
  // A host outside of any cluster is the only one of a ComputeResource with its name.
  if (found->type == "ComputeResource") {
    const auto hosts = vsphere.all_below(*found, "HostSystem", {"name"});
    if (!hosts.empty()) return hosts.front().of;
  }
  no_host(vsphere, place, path, inventory_name(names.back()));
}

Place only_datacenter(Vsphere &vsphere) {
  const auto all = vsphere.all_below(vsphere.root_folder(), "Datacenter", {"name"});
  if (all.size() != 1)
    throw Error(Code::unsupported, fmt::format("an ESXi host with {} datacenters", all.size()),
                vsphere.product(), "give the vCenter: -ic vpx://…");
  return {all.front().of, all.front().text("name"), std::nullopt};
}

bool is_called(const Properties &guest, const std::string &name) {
  return guest.text("name") == name || plain_name(guest.text("name")) == name;
}

[[noreturn]] void no_guest(const std::vector<Properties> &all, const Place &place,
                           const std::string &name) {
  std::string remedy = "the user sees no guest in it: check its privileges";
  if (!all.empty()) remedy = fmt::format("there are: {}", listed(names_of(all)));
  for (const auto &guest : all)
    if (const auto plain = plain_name(guest.text("name")); text::lower(plain) == text::lower(name))
      remedy = fmt::format("did you mean {}? Names are case-sensitive", text::printable(plain));
  throw Error(Code::not_found,
              fmt::format("there is no such guest in the datacenter {}",
                          text::printable(plain_name(place.path))),
              text::printable(name), remedy);
}

}  // namespace

Place find_place(Vsphere &vsphere, const VpxUri &uri) {
  if (uri.path.empty()) return only_datacenter(vsphere);
  Place place;
  for (std::size_t count = 1; count <= uri.path.size(); ++count) {
    place.path = joined(uri.path, 0, count);
    const auto found = vsphere.find(place.path);
    if (!found) break;
    if (found->type != "Datacenter") continue;
    place.datacenter = *found;
    if (count < uri.path.size()) place.host = find_host(vsphere, place, uri.path, count);
    return place;
  }
  no_datacenter(vsphere, place.path);
}

Reference find_guest(Vsphere &vsphere, const Place &place, const std::string &name,
                     const std::function<void(const std::string &)> &debug) {
  const auto all = vsphere.all_below(place.datacenter, "VirtualMachine",
                                     {"name", "runtime.host", "config.uuid"});
  std::vector<Properties> found;
  for (const auto &guest : all)
    if (guest.text("config.uuid") == text::lower(name)) found.push_back(guest);
  if (found.empty())
    std::copy_if(all.begin(), all.end(), std::back_inserter(found),
                 [&](const Properties &guest) { return is_called(guest, name); });
  if (found.empty()) no_guest(all, place, name);
  const auto elsewhere = [&](const Properties &guest) {
    return guest.reference("runtime.host") != place.host;
  };
  if (found.size() > 1 && place.host)
    found.erase(std::remove_if(found.begin(), found.end(), elsewhere), found.end());
  if (found.size() != 1) {
    throw Error(Code::usage, "several guests of this datacenter have this name",
                text::printable(name),
                "name their host in the URI, or give the guest's UUID instead of its name (the "
                "vSphere client shows it as uuid.bios in the VMX)");
  }
  if (place.host && elsewhere(found.front()))
    debug(fmt::format("{}: it runs on another host than the URI names", text::printable(name)));
  return found.front().of;
}

}  // namespace v2v::input_vpx
