// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/customise/file_operations.hpp>
#include <v2v/customise/operations.hpp>
#include <v2v/guestfs/log.hpp>
#include <v2v/linux/customisation.hpp>
#include <v2v/linux/linux_converter.hpp>

#include <fmt/format.h>
#include <guestfs.h>

#include <cstdlib>

namespace v2v::linux {

GuestCaps LinuxConverter::convert() {
  if (!request_.wishes.static_addresses.empty())
    host_.warning("--mac …:ip:… is for Windows: this guest keeps the addresses that it has");
  guest_ = std::make_unique<GuestfsGuest>(request_.guestfs);
  conversion_ = std::make_unique<Conversion>(
      *guest_,
      Task{*family_, request_.inspection, request_.source, request_.wishes, host_.run_directory(),
           [this](const std::string &device) { return uuid(device); }},
      guestfs::log_to(host_));
  auto caps = conversion_->run();
  host_.debug(fmt::format("the conversion took {} appliance calls", guest_->calls()));
  return caps;
}

void LinuxConverter::foresee(const Host & /*host*/, const ForeseeRequest &request) {
  if (request.inspection) check_wishes(request.wishes);
}

void LinuxConverter::check(const Host &host, const Family &family,
                           const CheckOperationsRequest &request) {
  GuestfsGuest guest(request.guestfs);
  for (const auto &operation : request.operations) {
    host.check_cancelled();
    customise::check_shape(operation);
    if (customise::FileOperations::has(operation))
      customise::FileOperations::check(operation);
    else
      Customisation::check(guest, family, request.inspection, operation);
  }
}

void LinuxConverter::customise(const CustomiseRequest &request) {
  const auto log = guestfs::log_to(host_);
  customise::FileOperations files(request.guestfs, customise::Names::exact, log);
  Customisation customisation(*guest_, {*family_, request_.inspection, conversion_->first_boot()},
                              log);
  std::string said;
  for (const auto &operation : request.operations) {
    host_.check_cancelled();
    const auto announcement = customise::announcement(operation);
    // All passwords are set together.
    if (operation.kind != "password" || announcement != said) host_.step(announcement);
    said = announcement;
    if (customise::FileOperations::has(operation)) {
      files.apply(operation);
      guest_->forget();
    } else {
      customisation.apply(operation);
    }
  }
  customisation.finish(request.keep_log);
}

int LinuxConverter::score(const Inspection &inspection, DistroFamily family,
                          const std::string &package_format) {
  const bool fits = inspection.type == "linux" && inspection.package_format == package_format &&
                    distro_family(inspection.distro) == family;
  return fits ? 80 : 0;
}

std::optional<std::string> LinuxConverter::uuid(const std::string &device) const {
  const std::unique_ptr<char, decltype(&free)> text(
      guestfs_vfs_uuid(request_.guestfs, device.c_str()), &free);
  if (!text || !*text) return std::nullopt;
  return std::string(text.get());
}

}  // namespace v2v::linux
