// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What Mageia does in another way than the other distributions with rpm.
#pragma once

#include <v2v/linux/family.hpp>

namespace mageia {

class MageiaFamily : public v2v::linux::RpmFamily {
 public:
  v2v::linux::KernelOwner kernel_owner(const v2v::Inspection &inspection) const override;
  std::optional<v2v::linux::PackageInstallation> installation(
      const v2v::Inspection &inspection, const std::string &package) const override;
};

}  // namespace mageia
