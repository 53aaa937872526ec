// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The report on a guest: XML as virt-v2v-inspector writes it, with what v2v knows besides, or the same
// as JSON. Text from the guest is made safe to print. Pure, but for write_report.
#pragma once

#include <core/guest/report.hpp>

#include <string>
#include <vector>

namespace v2v::host {

/// @param warnings  what was warned of meanwhile
std::string report_xml(const core::Report &report, const std::vector<std::string> &warnings);
std::string report_json(const core::Report &report, const std::vector<std::string> &warnings);

/// @param file  "-": standard output; a file is whole or not there
/// @throws Error(access), Error(io), Error(no_space)
void write_report(const std::string &file, const std::string &text);

}  // namespace v2v::host
