// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See connection.hpp.
#include <fmt/format.h>
#include <libvirt/virterror.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <v2v/libvirt_client/connection.hpp>
#include <v2v/libvirt_client/uri.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::libvirt_client {
namespace {

constexpr std::size_t most_names = 12;

/// What answers libvirt's questions. A password is all that can be asked for: names are in the URI.
struct Answers {
  const Connection::Password &password;
  std::string user;
  std::exception_ptr failure = {};  ///< an exception must not pass through libvirt

  bool answer(virConnectCredential &question) {
    std::optional<std::string> text;
    if (question.type == VIR_CRED_PASSPHRASE || question.type == VIR_CRED_NOECHOPROMPT)
      text = password ? password(question.prompt ? question.prompt : "") : std::nullopt;
    else if (!user.empty())
      text = user;
    if (!text) return false;
    question.result = strdup(text->c_str());  // libvirt frees it
    question.resultlen = static_cast<unsigned>(text->size());
    return question.result != nullptr;
  }

  static int callback(virConnectCredentialPtr questions, unsigned count, void *data) noexcept {
    auto &self = *static_cast<Answers *>(data);
    try {
      for (unsigned i = 0; i < count; ++i)
        if (!self.answer(questions[i])) return -1;
      return 0;
    } catch (...) {
      self.failure = std::current_exception();
      return -1;
    }
  }
};

Error connection_error(const std::string &uri) {
  const auto object = uri.empty() ? "libvirt's default connection" : text::printable(uri);
  const auto *error = virGetLastError();
  const auto failed = last_error("cannot connect to libvirt", object);
  std::string remedy = "see whether libvirtd (or virtqemud) runs, and whether virsh connects to it";
  auto code = failed.code();
  if (code == Code::access)
    remedy =
        "check the user and the password (-ip), or run v2v as a user who may manage guests "
        "(group libvirt)";
  else if (error && (error->code == VIR_ERR_NO_CONNECT || error->code == VIR_ERR_INVALID_ARG ||
                     error->code == VIR_ERR_NO_SUPPORT || error->code == VIR_ERR_CONF_SYNTAX)) {
    code = Code::usage;
    remedy = "check the URI, for instance qemu:///system";
  }
  return {code, failed.failure(), object, remedy};
}

template <class Object, class Handle, auto name_of>
std::vector<std::string> names_of(Object *const *objects, int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) {
    const Handle handle(objects[i]);
    const char *name = name_of(handle.get());
    if (name) names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

template <class Object, class Handle, auto list, auto name_of>
std::vector<std::string> list_names(virConnectPtr connection) {
  Object **objects = nullptr;
  const int count = list(connection, &objects, 0);
  const std::unique_ptr<Object *, void (*)(void *)> room(objects, std::free);
  return names_of<Object, Handle, name_of>(objects, std::max(count, 0));
}

/// What `find` found; null if it is not there.
template <class Handle, class Find>
Handle found(Find find, int not_there, const std::string &what, const std::string &name) {
  Handle handle(find());
  const int number = handle ? static_cast<int>(VIR_ERR_OK) : last_error_number();
  // What is no UUID, or an impossible name.
  if (handle || number == not_there || number == VIR_ERR_INVALID_ARG || number == VIR_ERR_XML_ERROR)
    return handle;
  throw last_error("cannot look for " + what, text::printable(name),
                   "see whether libvirtd still runs");
}

void say_nothing(void *, virErrorPtr) {}

}  // namespace

Connection::Connection(const std::string &uri, const Password &password) {
  if (virInitialize() < 0) throw last_error("cannot start libvirt's library", {});
  // Of the whole process, since a connection that fails has no function of its own. Every error is
  // asked for and told in v2v's way.
  virSetErrorFunc(nullptr, say_nothing);
  Answers answers{password, parse_uri(uri).user};
  int questions[] = {VIR_CRED_AUTHNAME, VIR_CRED_USERNAME, VIR_CRED_ECHOPROMPT, VIR_CRED_PASSPHRASE,
                     VIR_CRED_NOECHOPROMPT};
  virConnectAuth auth = {questions, std::size(questions), Answers::callback, &answers};
  connection_.reset(virConnectOpenAuth(uri.empty() ? nullptr : uri.c_str(), &auth, 0));
  if (answers.failure) std::rethrow_exception(answers.failure);
  if (!connection_) throw connection_error(uri);
}

std::string Connection::uri() const {
  return taken(virConnectGetURI(get()));
}

DomainHandle Connection::find_domain(const std::string &name_or_uuid) const {
  const auto *text = name_or_uuid.c_str();
  if (auto domain = found<DomainHandle>([&] { return virDomainLookupByUUIDString(get(), text); },
                                        VIR_ERR_NO_DOMAIN, "the guest", name_or_uuid))
    return domain;
  return found<DomainHandle>([&] { return virDomainLookupByName(get(), text); }, VIR_ERR_NO_DOMAIN,
                             "the guest", name_or_uuid);
}

PoolHandle Connection::find_pool(const std::string &name_or_uuid) const {
  const auto *text = name_or_uuid.c_str();
  if (auto pool = found<PoolHandle>([&] { return virStoragePoolLookupByUUIDString(get(), text); },
                                    VIR_ERR_NO_STORAGE_POOL, "the storage pool", name_or_uuid))
    return pool;
  return found<PoolHandle>([&] { return virStoragePoolLookupByName(get(), text); },
                           VIR_ERR_NO_STORAGE_POOL, "the storage pool", name_or_uuid);
}

std::vector<std::string> Connection::domain_names() const {
  return list_names<virDomain, DomainHandle, virConnectListAllDomains, virDomainGetName>(get());
}

std::vector<std::string> Connection::pool_names() const {
  return list_names<virStoragePool, PoolHandle, virConnectListAllStoragePools,
                    virStoragePoolGetName>(get());
}

std::vector<std::string> Connection::network_names() const {
  return list_names<virNetwork, NetworkHandle, virConnectListAllNetworks, virNetworkGetName>(get());
}

bool undefine(virDomainPtr guest) {
  if (virDomainUndefineFlags(guest, VIR_DOMAIN_UNDEFINE_NVRAM) == 0) return true;
  // Of a driver whose guests have none.
  return last_error_number() == VIR_ERR_INVALID_ARG && virDomainUndefine(guest) == 0;
}

std::string taken(char *text) {
  const std::unique_ptr<char, void (*)(void *)> owned(text, std::free);
  return text ? std::string(text) : std::string();
}

std::string some_of(std::vector<std::string> names) {
  if (names.empty()) return "none";
  const auto more = names.size() > most_names ? names.size() - most_names : 0;
  names.resize(names.size() - more);
  std::string text;
  for (const auto &name : names) text += (text.empty() ? "'" : ", '") + text::printable(name) + "'";
  return more ? text + fmt::format(" and {} more", more) : text;
}

}  // namespace v2v::libvirt_client
