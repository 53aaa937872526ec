// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How the engine talks to people. The host implements it for a terminal and for machines; tests
// collect what was said. Every function may be called from any thread.
#pragma once

#include <v2v/error.hpp>

#include <cstdint>
#include <string>

namespace v2v::core {

/// How far a long step has come.
struct Progress {
  std::string phase;        ///< copy, upload, unpack …
  unsigned disk = 0;        ///< from 1; 0: all disks together
  unsigned disks = 0;       ///< how many there are
  std::uint64_t done = 0;   ///< bytes
  std::uint64_t total = 0;  ///< bytes
};

/// What a converter has changed in the guest.
struct GuestChange {
  std::string object;  ///< a file, package, service, registry key …
  std::string change;  ///< what is different now
  std::string reason;
};

class Reporter {
 public:
  virtual ~Reporter() = default;
  /// A step of the conversion begins: "Opening the source".
  virtual void step(const std::string &text) = 0;
  virtual void info(const std::string &text) = 0;
  /// A remark that a quiet run (-q) leaves out; info is for what such a run must still say.
  virtual void note(const std::string &text) { info(text); }
  /// The conversion goes on, but a person should look.
  virtual void warning(const std::string &text) = 0;
  /// The conversion has failed.
  virtual void error(const Error &error) = 0;
  /// Shown with -v. May have several lines.
  virtual void debug(const std::string &text) = 0;
  virtual void progress(const Progress &progress) = 0;
  virtual void change(const GuestChange & /*change*/) {}
  /// After a failure: something that the conversion had made is gone again.
  virtual void undone(const std::string & /*text*/) {}
};

}  // namespace v2v::core
