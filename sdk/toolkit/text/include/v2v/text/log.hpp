// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where a converter's toolkit says what it does. A converter connects the sinks to its host; a test
// collects them. A sink that is not set swallows its messages.
//
// A value; as thread-safe as its sinks.
#pragma once

#include <functional>
#include <string>

namespace v2v::text {

struct Log {
  using Sink = std::function<void(const std::string &)>;
  using ChangeSink = std::function<void(const std::string &object, const std::string &change,
                                        const std::string &reason)>;
  Sink on_debug = {};         ///< what a maintainer wants to know (-v)
  Sink on_info = {};          ///< one line the user sees
  Sink on_warning = {};       ///< the guest runs, but something of it needs a person
  ChangeSink on_change = {};  ///< what is different in the guest now, and why

  void debug(const std::string &message) const { send(on_debug, message); }
  void info(const std::string &message) const { send(on_info, message); }
  void warning(const std::string &message) const { send(on_warning, message); }
  /// Each is short: "/etc/default/grub", "console=ttyS0 added", "KVM has no console hvc0".
  void change(const std::string &object, const std::string &change,
              const std::string &reason) const {
    if (on_change) on_change(object, change, reason);
  }

 private:
  static void send(const Sink &sink, const std::string &message) {
    if (sink) sink(message);
  }
};

}  // namespace v2v::text
