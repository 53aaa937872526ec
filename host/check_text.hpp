// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What `v2v check` has found, for people and for programs. What comes from the guest, its disks or a server is
// made safe to print. Pure.
#pragma once

#include <core/convert/findings.hpp>

#include <string>

namespace v2v::host {

/// A line for each finding, its remedy below it, and a last line that says what comes of them.
std::string check_text(const core::CheckResult &result);
std::string check_json(const core::CheckResult &result);

}  // namespace v2v::host
