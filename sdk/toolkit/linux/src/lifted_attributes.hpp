// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Takes the attributes "immutable" and "append only" (chattr +i, +a) off files and directories of the
// guest, and gives them back. The appliance asks the file system itself, so it works wherever that has
// them: ext2 to ext4, XFS, btrfs.
//
// Each file costs a call or two: for changes that were refused, not for all. Not thread-safe. Private
// to the toolkit.
#pragma once

#include <v2v/guestfs/appliance.hpp>

#include <string>
#include <vector>

namespace v2v::linux {

/// A file or directory that a change touches: its place in the guest, without links.
struct Touched {
  std::string before;
  std::string after;  ///< the same after the change; empty: it is gone then
};

class LiftedAttributes {
 public:
  /// What cannot be asked for its attributes has none.
  LiftedAttributes(guestfs::Appliance &appliance, const std::vector<Touched> &touched);

  /// After the change.
  /// @throws Error if one cannot get back what it had
  void restore();
  /// After a change that failed: each is where it was.
  void undo() noexcept;

 private:
  struct Lifted {
    Touched place;
    std::string attributes;
  };
  int set(const std::string &path, const std::string &attributes, bool clear);

  guestfs::Appliance &appliance_;
  std::vector<Lifted> lifted_;
};

}  // namespace v2v::linux
