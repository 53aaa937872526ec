// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Where a path of the guest leads. libguestfs does some of its work with programs of the appliance (cp, mv,
// rm, tar, ln, scrub), which would follow an absolute link into the appliance's own root: so links are
// resolved here first, inside the guest.
//
// The handle stays the caller's. Not thread-safe.
#pragma once

#include <v2v/guestfs/appliance.hpp>

#include <string>

namespace v2v::customise {

/// Whether the guest minds the case of letters in names.
enum class Names { exact, any_case };

class GuestPlaces {
 public:
  GuestPlaces(guestfs::Appliance &appliance, Names names) : appliance_(appliance), names_(names) {}

  /// The path without links, as the file system spells it; the end of it need not be there.
  std::string real(const std::string &path);
  /// The same, but a link at the very end is not followed: the name itself.
  std::string name(const std::string &path);

  bool exists(const std::string &path);
  bool is_directory(const std::string &path);
  /// real() of what is a regular file. @throws Error(not_found) if it is not
  std::string file(const std::string &path);
  /// real() of what is a directory. @throws Error(not_found) if it is not
  std::string directory(const std::string &path);
  /// real() of a file that may be written: what is there, a device or a FIFO for example, is a regular
  /// file. @throws Error(exists) if it is not
  std::string writable(const std::string &path);

 private:
  std::string spelled(const std::string &path);

  guestfs::Appliance &appliance_;
  Names names_;
};

}  // namespace v2v::customise
