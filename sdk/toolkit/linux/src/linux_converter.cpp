// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <v2v/guestfs/log.hpp>
#include <v2v/linux/conversion.hpp>
#include <v2v/linux/guestfs_guest.hpp>
#include <v2v/linux/linux_converter.hpp>

#include <fmt/format.h>
#include <guestfs.h>

#include <cstdlib>

namespace v2v::linux {

GuestCaps LinuxConverter::convert() {
  if (!request_.wishes.static_addresses.empty())
    host_.warning("--mac …:ip:… is for Windows: this guest keeps the addresses that it has");
  GuestfsGuest guest(request_.guestfs);
  Conversion conversion(
      guest,
      {*family_, request_.inspection, request_.source, request_.wishes, host_.run_directory(),
       [this](const std::string &device) { return uuid(device); }},
      guestfs::log_to(host_));
  auto caps = conversion.run();
  host_.debug(fmt::format("the conversion took {} appliance calls", guest.calls()));
  return caps;
}

void LinuxConverter::foresee(const Host & /*host*/, const ForeseeRequest &request) {
  if (request.inspection) check_wishes(request.wishes);
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
