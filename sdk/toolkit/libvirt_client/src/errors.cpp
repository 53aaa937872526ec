// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See connection.hpp: libvirt's errors.
#include <fmt/format.h>
#include <libvirt/virterror.h>

#include <cerrno>
#include <v2v/libvirt_client/connection.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::libvirt_client {
namespace {

constexpr std::size_t longest_message = 1000;

Code code_of(const virError &error) {
  switch (error.code) {
    case VIR_ERR_NO_DOMAIN:
    case VIR_ERR_NO_STORAGE_POOL:
    case VIR_ERR_NO_STORAGE_VOL:
    case VIR_ERR_NO_NETWORK:
    case VIR_ERR_NO_INTERFACE:
      return Code::not_found;
    case VIR_ERR_AUTH_FAILED:
    case VIR_ERR_AUTH_CANCELLED:
    case VIR_ERR_AUTH_UNAVAILABLE:
    case VIR_ERR_ACCESS_DENIED:
    case VIR_ERR_OPERATION_DENIED:
      return Code::access;
    case VIR_ERR_DOM_EXIST:
    case VIR_ERR_STORAGE_VOL_EXIST:
      return Code::exists;
    case VIR_ERR_NO_SUPPORT:
    case VIR_ERR_CONFIG_UNSUPPORTED:
    case VIR_ERR_OPERATION_UNSUPPORTED:
    case VIR_ERR_XML_INVALID_SCHEMA:
      return Code::unsupported;
    case VIR_ERR_SYSTEM_ERROR:
      if (error.int1 == ENOSPC || error.int1 == EDQUOT) return Code::no_space;
      if (error.int1 == EACCES || error.int1 == EPERM) return Code::access;
      return Code::io;
    default:
      return Code::io;
  }
}

}  // namespace

int last_error_number() {
  const auto *error = virGetLastError();
  return error ? error->code : VIR_ERR_OK;
}

Error last_error(const std::string &what, const std::string &object, const std::string &wanted) {
  const auto remedy = wanted.empty() ? "see whether libvirtd (or virtqemud) still runs" : wanted;
  const auto *error = virGetLastError();
  if (!error || error->code == VIR_ERR_OK || !error->message)
    return {Code::io, what + ": libvirt gives no reason", object, remedy};
  return {code_of(*error),
          fmt::format("{}: {}", what, text::printable(error->message, longest_message)), object,
          remedy};
}

}  // namespace v2v::libvirt_client
