// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Reads a guest from a file with libvirt's XML; libvirt need not be there. The XML says which files
// and devices are the disks, so it must be the user's own.
#pragma once

#include "guest_disks.hpp"

#include <v2v/input.hpp>

#include <optional>

namespace v2v::input_libvirt {

class LibvirtXmlInput : public Input {
 public:
  LibvirtXmlInput(Host host, InputRequest request) : host_(host), request_(std::move(request)) {}

  /// @throws Error for arguments, XML and disks that cannot be used, each with its remedy
  Source open() override;

 private:
  Host host_;
  InputRequest request_;
  std::optional<GuestDisks> disks_;
};

}  // namespace v2v::input_libvirt
