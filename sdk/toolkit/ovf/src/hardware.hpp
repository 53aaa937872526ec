// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The items of the hardware section, and what other sections say of disks and networks. Private.
#pragma once

#include <pugixml.hpp>
#include <v2v/ovf/document.hpp>

namespace v2v::ovf {

constexpr const char *nil_uuid = "00000000-0000-0000-0000-000000000000";

/// "2024/01/31 23:59:59", in UTC, as all dates of an OVF are.
std::string date_of(std::time_t time);

/// Memory in MiB, rounded up.
std::uint64_t megabytes(const Source &source);

/// The sections that an item of hardware leaves its traces in.
struct Sections {
  pugi::xml_node references, networks, disks, hardware;
};

void add_hardware(const Sections &sections, const Metadata &metadata, const Request &request,
                  const machine::Warn &warn);

}  // namespace v2v::ovf
