// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The parts of reading a domain, each in a file of its own. Private to this toolkit.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <v2v/libvirt/document.hpp>
#include <v2v/libvirt/domain.hpp>

namespace v2v::libvirt {

/// What every part knows.
struct Reading {
  pugi::xml_node domain;
  pugi::xml_node devices;
  const std::string &name;  ///< for messages
  const machine::Warn &warning;

  void warn(const std::string &what) const;
};

std::vector<DomainDisk> read_disks(const Reading &reading);
std::vector<Removable> read_removables(const Reading &reading);
std::vector<Nic> read_nics(const Reading &reading);
std::optional<Display> read_display(const Reading &reading);
std::string read_sound(const Reading &reading);
void warn_of_what_stays_behind(const Reading &reading);

/// "raw" for what Xen calls aio, and so on; other names as they are.
std::string format_name(const std::string &written);

}  // namespace v2v::libvirt
