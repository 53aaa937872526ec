// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the plugin of a Linux converter derives from: it connects the conversion to the host and to the
// appliance. The plugin itself says which guests are its own, and of which family they are.
#pragma once

#include <v2v/converter.hpp>
#include <v2v/linux/conversion.hpp>
#include <v2v/linux/family.hpp>
#include <v2v/linux/guest_caps.hpp>
#include <v2v/linux/guestfs_guest.hpp>

#include <memory>
#include <utility>

namespace v2v::linux {

class LinuxConverter : public Converter, public Customising {
 public:
  /// @throws from convert() what Conversion::run throws; Error(cancelled)
  GuestCaps convert() override;
  /// Refuses what convert() would refuse before it changes the guest, if that is known to be one.
  static void foresee(const Host &host, const ForeseeRequest &request);
  void customise(const CustomiseRequest &request) override;

 protected:
  LinuxConverter(Host host, ConvertRequest request, std::unique_ptr<const Family> family)
      : host_(host), request_(std::move(request)), family_(std::move(family)) {}

  /// The score for probe() of a converter of a whole family: 80 for its distributions with their own kind
  /// of packages, 0 for all others.
  static int score(const Inspection &inspection, DistroFamily family,
                   const std::string &package_format);

  /// What the plugin's check_operations() calls with its family.
  static void check(const Host &host, const Family &family, const CheckOperationsRequest &request);

 private:
  std::optional<std::string> uuid(const std::string &device) const;

  Host host_;
  ConvertRequest request_;
  std::unique_ptr<const Family> family_;
  std::unique_ptr<GuestfsGuest> guest_;
  std::unique_ptr<Conversion> conversion_;
};

}  // namespace v2v::linux
