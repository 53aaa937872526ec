// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The <devices> element. Private to this toolkit.
#pragma once

#include <pugixml.hpp>
#include <v2v/toolkit/domain_xml.hpp>

namespace v2v::toolkit {

void add_devices(pugi::xml_node domain, const Metadata &metadata,
                 const std::vector<DiskSource> &disks, const TargetFeatures &target,
                 const Warn &warn);

}  // namespace v2v::toolkit
