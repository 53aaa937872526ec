// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A connection to libvirt, its objects as owned handles, and its errors as v2v's. libvirt's own
// habit of writing errors to standard error is switched off.
//
// A Connection may be used from several threads, as libvirt's may; a handle keeps its connection
// open as long as it lives. An error belongs to the thread whose call failed.
#pragma once

#include <libvirt/libvirt.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <v2v/error.hpp>
#include <vector>

namespace v2v::libvirt_client {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T *object) const {
    (void)free_function(object);
  }
};
using DomainHandle = std::unique_ptr<virDomain, Free<virDomainFree>>;
using PoolHandle = std::unique_ptr<virStoragePool, Free<virStoragePoolFree>>;
using VolumeHandle = std::unique_ptr<virStorageVol, Free<virStorageVolFree>>;
using NetworkHandle = std::unique_ptr<virNetwork, Free<virNetworkFree>>;
using InterfaceHandle = std::unique_ptr<virInterface, Free<virInterfaceFree>>;
using StreamHandle = std::unique_ptr<virStream, Free<virStreamFree>>;

/// What libvirt said last in this thread, as an error. Its kind tells the code.
/// @param remedy  empty: to see whether it still runs
Error last_error(const std::string &what, const std::string &object,
                 const std::string &remedy = {});
/// libvirt's number for it, VIR_ERR_OK if there is none.
int last_error_number();

/// A string that libvirt gave, and its end.
std::string taken(char *text);

class Connection {
 public:
  /// Answers a prompt for a password with it, or with nothing. May throw.
  using Password = std::function<std::optional<std::string>(const std::string &prompt)>;

  /// Connects, with the user's own file of credentials (auth.conf) where there is one.
  /// @param uri   empty: libvirt's default
  /// @throws Error(access) if the server refuses the user, Error(io) if it is not there, Error(usage)
  ///         for a URI that libvirt does not know; what `password` throws
  Connection(const std::string &uri, const Password &password);

  virConnectPtr get() const { return connection_.get(); }
  /// As libvirt resolved it.
  std::string uri() const;

  /// By UUID or name; null if there is none.
  /// @throws Error(io) if that cannot be told
  DomainHandle find_domain(const std::string &name_or_uuid) const;
  PoolHandle find_pool(const std::string &name_or_uuid) const;

  std::vector<std::string> domain_names() const;
  std::vector<std::string> pool_names() const;
  std::vector<std::string> network_names() const;

 private:
  std::unique_ptr<virConnect, Free<virConnectClose>> connection_;
};

/// Removes the definition of a guest that never ran, and its NVRAM.
/// @return false if it failed, see last_error
bool undefine(virDomainPtr guest);

/// "'a', 'b' and 3 more", for messages.
std::string some_of(std::vector<std::string> names);

}  // namespace v2v::libvirt_client
