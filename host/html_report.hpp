// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// --report: the chronicle of a conversion as one HTML file that needs nothing else: no script, no network,
// light or dark as its reader has it, fit for a printer. It is XHTML as well, since it is written by an XML
// library, so that what a guest calls itself can never become markup. Pure.
#pragma once

#include <core/run/chronicle.hpp>

#include <string>

namespace v2v::host {

struct Outcome {
  bool succeeded = false;
  bool in_place = false;  ///< the guest's own disks were to be changed
};

std::string html_report(const core::Chronicle &chronicle, const Outcome &outcome);

}  // namespace v2v::host
