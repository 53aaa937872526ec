// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "records.hpp"

#include "pool.hpp"

#include <v2v/local_disks/staging.hpp>

#include <libvirt/virterror.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace v2v::output_libvirt {
namespace {

using libvirt_client::Connection;
using libvirt_client::last_error;
using libvirt_client::last_error_number;
using nlohmann::json;

class Undoing {
 public:
  explicit Undoing(const std::vector<std::string> &records) {
    for (const auto &record : records) {
      auto one = json::parse(record, nullptr, false);
      if (!one.is_object()) continue;
      if (text(one, "op") == "not ours") foreign_.insert({text(one, "pool"), text(one, "name")});
      if (text(one, "op") == "undefined") forget_domain(text(one, "uuid"));
      records_.push_back(std::move(one));
    }
  }

  /// A domain before the volumes that it has; the last things first.
  void all() {
    for (const auto *op : {"domain", "volume"})
      for (auto record = records_.rbegin(); record != records_.rend(); ++record)
        if (text(*record, "op") == op) guarded([&] { one(op, *record); });
    for (const auto &record : records_)
      if (text(record, "op") == "pool") refresh(record);
  }

  template <class Body>
  void guarded(Body body) {
    try {
      body();
    } catch (const Error &error) {
      if (!failure_) failure_ = error;
    }
  }
  const std::optional<Error> &failure() const { return failure_; }

 private:
  static std::string text(const json &record, const char *key) {
    const auto found = record.find(key);
    return found != record.end() && found->is_string() ? found->get<std::string>() : "";
  }

  void forget_domain(const std::string &uuid) {
    const auto is_it = [&](const json &record) {
      return text(record, "op") == "domain" && text(record, "uuid") == uuid;
    };
    records_.erase(std::remove_if(records_.begin(), records_.end(), is_it), records_.end());
  }

  void one(const std::string &op, const json &record) {
    const auto &connection = connect(text(record, "uri"));
    if (op == "domain")
      undefine(connection, text(record, "uuid"));
    else
      remove_volume(connection, text(record, "pool"), text(record, "name"));
  }

  /// libvirt may have looked at the pool while it had files that are gone. Where it cannot be told so,
  /// it will see for itself.
  void refresh(const json &record) noexcept {
    try {
      const auto pool = connect(text(record, "uri")).find_pool(text(record, "pool"));
      if (pool) (void)virStoragePoolRefresh(pool.get(), 0);
    } catch (const std::exception &) {
    }
  }

  /// No password: nobody may be there any more to be asked.
  const Connection &connect(const std::string &uri) {
    const auto found = connections_.find(uri);
    if (found != connections_.end()) return found->second;
    return connections_
        .emplace(std::piecewise_construct, std::forward_as_tuple(uri),
                 std::forward_as_tuple(uri, Connection::Password()))
        .first->second;
  }

  static void undefine(const Connection &connection, const std::string &uuid) {
    const libvirt_client::DomainHandle domain(
        virDomainLookupByUUIDString(connection.get(), uuid.c_str()));
    if (!domain && last_error_number() == VIR_ERR_NO_DOMAIN) return;
    if (domain && libvirt_client::undefine(domain.get())) return;
    throw last_error("cannot remove the half-made guest", uuid, "virsh undefine --nvram " + uuid);
  }

  void remove_volume(const Connection &connection, const std::string &pool_uuid,
                     const std::string &name) const {
    if (foreign_.count({pool_uuid, name}) != 0) return;
    const auto pool = connection.find_pool(pool_uuid);
    const libvirt_client::VolumeHandle volume(
        pool ? virStorageVolLookupByName(pool.get(), name.c_str()) : nullptr);
    if (!volume && (!pool || last_error_number() == VIR_ERR_NO_STORAGE_VOL)) return;
    if (volume && virStorageVolDelete(volume.get(), 0) == 0) return;
    throw last_error("cannot remove the half-written volume", name,
                     "virsh vol-delete --pool " + pool_uuid + " '" + name + "'");
  }

  std::vector<json> records_;
  std::set<std::pair<std::string, std::string>> foreign_;
  std::map<std::string, Connection> connections_;
  std::optional<Error> failure_;
};

}  // namespace

std::string pool_record(const std::string &uri, const std::string &pool) {
  return json{{"op", "pool"}, {"uri", uri}, {"pool", pool}}.dump();
}

std::string volume_record(const std::string &uri, const std::string &pool,
                          const std::string &name) {
  return json{{"op", "volume"}, {"uri", uri}, {"pool", pool}, {"name", name}}.dump();
}

std::string not_ours_record(const std::string &pool, const std::string &name) {
  return json{{"op", "not ours"}, {"pool", pool}, {"name", name}}.dump();
}

std::string domain_record(const std::string &uri, const std::string &uuid) {
  return json{{"op", "domain"}, {"uri", uri}, {"uuid", uuid}}.dump();
}

std::string undefined_record(const std::string &uuid) {
  return json{{"op", "undefined"}, {"uuid", uuid}}.dump();
}

void undo(const std::vector<std::string> &records) {
  Undoing undoing(records);
  // Files need no libvirt: they go even where it is gone. Then it is told that they went.
  undoing.guarded([&] { local_disks::Staging::abort(records); });
  undoing.all();
  if (undoing.failure()) throw *undoing.failure();
}

}  // namespace v2v::output_libvirt
