// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a guest from an OVA: finds the OVF and the disks in whatever the OVA is packed in, and
// checks the manifest's sums in the background. Nothing outside the run directory is written, and
// no process is started.
#pragma once

#include "container.hpp"
#include "manifests.hpp"
#include "members.hpp"
#include "ovf.hpp"

#include <v2v/input.hpp>

#include <memory>
#include <string>

namespace v2v::input_ova {

class OvaInput : public Input {
 public:
  OvaInput(Host host, InputRequest request) : host_(host), request_(std::move(request)) {}

  /// @throws Error for anything that keeps the guest from being read, with its remedy
  Source open() override;
  /// Waits for the sums of the manifest.
  /// @throws Error(corrupt) if one is wrong
  void verify() override;

 private:
  struct Contents;
  void read_in_place(Contents &contents) const;
  void read_packed(Contents &contents) const;
  void read_beside(Contents &contents) const;
  OvfMachine parse(const Contents &contents) const;
  void check_request() const;

  Host host_;
  InputRequest request_;
  std::unique_ptr<Checksums> checksums_;
};

}  // namespace v2v::input_ova
