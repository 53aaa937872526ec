// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "lifted_attributes.hpp"

#include <string_view>

namespace v2v::linux {

using guestfs::OwnedText;

LiftedAttributes::LiftedAttributes(guestfs::Appliance &appliance,
                                   const std::vector<Touched> &touched)
    : appliance_(appliance) {
  for (const auto &place : touched) {
    const OwnedText all(appliance_.call(
        [&](guestfs_h *g) { return guestfs_get_e2attrs(g, place.before.c_str()); }));
    if (!all) continue;
    std::string found;
    for (const char each : {'i', 'a'})
      if (std::string_view(all.get()).find(each) != std::string_view::npos) found += each;
    if (!found.empty() && set(place.before, found, true) == 0) lifted_.push_back({place, found});
  }
}

int LiftedAttributes::set(const std::string &path, const std::string &attributes, bool clear) {
  return appliance_.call([&](guestfs_h *g) {
    return guestfs_set_e2attrs(g, path.c_str(), attributes.c_str(), GUESTFS_SET_E2ATTRS_CLEAR,
                               clear ? 1 : 0, -1);
  });
}

void LiftedAttributes::restore() {
  for (const auto &[place, attributes] : lifted_)
    if (!place.after.empty() && set(place.after, attributes, false) == -1)
      appliance_.fail("cannot give the attributes \"" + attributes + "\" back (chattr)",
                      place.after);
  lifted_.clear();
}

void LiftedAttributes::undo() noexcept {
  for (const auto &[place, attributes] : lifted_) set(place.before, attributes, false);
  lifted_.clear();
}

}  // namespace v2v::linux
