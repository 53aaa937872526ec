// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The journal of the output, and how it is undone. Besides the records of local_disks/staging.hpp:
//   {"op":"pool","uri":URI,"pool":UUID}                     something is made in the pool
//   {"op":"volume","uri":URI,"pool":UUID,"name":NAME}       a volume of this name, which is not there,
//                                                          is about to be created
//   {"op":"not ours","pool":UUID,"name":NAME}               it was not: somebody else's was there
//   {"op":"domain","uri":URI,"uuid":UUID}                   a domain of this UUID is about to be
//                                                          defined
//   {"op":"undefined","uuid":UUID}                          it was taken back
// The UUID of a domain is made for this conversion, so it can only be its own.
#pragma once

#include <string>
#include <vector>

namespace v2v::output_libvirt {

std::string pool_record(const std::string &uri, const std::string &pool);
std::string volume_record(const std::string &uri, const std::string &pool, const std::string &name);
std::string not_ours_record(const std::string &pool, const std::string &name);
std::string domain_record(const std::string &uri, const std::string &uuid);
std::string undefined_record(const std::string &uuid);

/// Removes what the records name. Goes on after a failure.
/// @throws Error: the first failure
void undo(const std::vector<std::string> &records);

}  // namespace v2v::output_libvirt
