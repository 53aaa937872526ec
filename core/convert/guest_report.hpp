// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The report on a guest, from what a conversion has found out. Pure.
#pragma once

#include <core/convert/disk_underway.hpp>
#include <core/convert/examination.hpp>
#include <core/guest/report.hpp>

#include <vector>

namespace v2v::core {

/// All but the firmware, the converter and its caps.
Report report_of(const Source &source, const Examination &guest,
                 const std::vector<DiskUnderway> &disks);

}  // namespace v2v::core
