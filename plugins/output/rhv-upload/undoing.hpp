// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the journal says before anything is made: enough to find and remove it all from another
// process, and no secret. v2v chooses the ids of disks and machine; disks carry the id of their
// conversion, so that a disk of somebody else's with the same id is never touched. One line of JSON:
//   {"conversion":UUID,"machine":UUID,"disks":[UUID…],"login":{…}}
#pragma once

#include <string>
#include <vector>

#include "engine.hpp"

namespace v2v::output_rhv_upload {

struct Record {
  std::string conversion, machine;
  std::vector<std::string> disks;
};

std::string record_line(const Record &record, const Login &login);

/// The description of a disk until its conversion is complete, and after.
std::string description_of(const std::string &conversion);

/// Cancels transfers, and removes machine and disks that the records name; what is not there is no
/// error. The password is read from its file again.
/// @throws the first Error, after all have been tried
void remove_recorded(const std::vector<std::string> &records, const http::Hooks &hooks);

}  // namespace v2v::output_rhv_upload
