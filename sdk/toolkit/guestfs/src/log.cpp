// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/guestfs/log.hpp>

namespace v2v::guestfs {

text::Log log_to(const Host &host) {
  const auto sink = [host](void (Host::*say)(const std::string &) const) {
    return [host, say](const std::string &text) {
      host.check_cancelled();
      (host.*say)(text);
    };
  };
  return {sink(&Host::debug), sink(&Host::info), sink(&Host::warning)};
}

}  // namespace v2v::guestfs
