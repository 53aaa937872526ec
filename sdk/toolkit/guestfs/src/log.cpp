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
  const auto change = [host](const std::string &object, const std::string &what,
                             const std::string &reason) {
    host.check_cancelled();
    host.change(object, what, reason);
  };
  return {sink(&Host::debug), sink(&Host::info), sink(&Host::warning), change};
}

}  // namespace v2v::guestfs
