// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The <devices> element. Private to this toolkit.
#pragma once

#include <pugixml.hpp>
#include <v2v/libvirt/domain_xml.hpp>

namespace v2v::libvirt {

void add_devices(pugi::xml_node domain, const Metadata &metadata,
                 const std::vector<machine::DiskSource> &disks, const TargetFeatures &target,
                 const machine::Warn &warn);

}  // namespace v2v::libvirt
