// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The converter of Windows guests, XP and 2003 to 11 and 2025.
#include "boot_sector.hpp"
#include "conversion.hpp"
#include "customisation.hpp"

#include <v2v/converter.hpp>
#include <v2v/customise/operations.hpp>
#include <v2v/guestfs/log.hpp>
#include <v2v/windows/driver_set.hpp>
#include <v2v/windows/virtio_win.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <optional>

namespace v2v::convert_windows {
namespace {

class WindowsConverter : public Converter, public Customising {
 public:
  WindowsConverter(Host host, ConvertRequest request) : host_(host), request_(std::move(request)) {}

  static int probe(const ProbeRequest &request) {
    return request.inspection.type == "windows" ? 80 : 0;
  }

  /// Which Windows it is is only known from its disks; but without any drivers it will need emulated
  /// devices, and a tree that cannot be read would fail later.
  static void foresee(const Host &host, const ForeseeRequest &request) {
    if (!request.inspection && request.source.os_type != "windows") return;
    const auto drivers = windows::VirtioWin::find();
    if (drivers.found()) {
      if (request.inspection) try_drivers(host, drivers, request);
    } else {
      host.warning(
          fmt::format("this is a Windows guest, and there are no virtio drivers for it here "
                      "({}): it will get emulated, slow devices; install the package "
                      "virtio-win, or let VIRTIO_WIN name its ISO image",
                      drivers.place()));
    }
  }

  GuestCaps convert() override {
    const auto directory = host_.run_directory() + "/windows";
    std::filesystem::create_directory(directory);
    conversion_.emplace(request_, directory, guestfs::log_to(host_));
    auto caps = conversion_->run();
    host_.debug(fmt::format("the conversion took {} appliance calls", conversion_->calls()));
    return caps;
  }

  static void check_operations(const Host &host, const CheckOperationsRequest &request) {
    for (const auto &operation : request.operations) {
      host.check_cancelled();
      customise::check_shape(operation);
      customise::FileOperations::check(operation);
      check_operation(operation, request.inspection);
      if (operation.kind != "hostname") continue;
      GuestFiles files(request.guestfs);
      check_domain(files, host.run_directory());
    }
  }

  void customise(const CustomiseRequest &request) override {
    Customisation customisation(request.guestfs, conversion_->first_boot(),
                                host_.run_directory() + "/customise", guestfs::log_to(host_));
    for (const auto &operation : request.operations) {
      host_.check_cancelled();
      host_.step(customise::announcement(operation));
      customisation.apply(operation);
    }
    customisation.finish();
  }

  void finish(guestfs_h *handle) override {
    if (request_.inspection.major_version < 6 && fix_ntfs_heads(handle, request_.inspection.root))
      host_.change("boot sector of C:", "the number of heads is that of KVM's BIOS",
                   "this Windows starts only where its boot sector has the BIOS's geometry");
  }

 private:
  /// Warns of what the conversion would warn of.
  static void try_drivers(const Host &host, const windows::VirtioWin &drivers,
                          const ForeseeRequest &request) {
    const auto directory = host.run_directory() + "/drivers";
    std::filesystem::create_directory(directory);
    const bool scsi = request.wishes.block_bus == BlockBus::virtio_scsi;
    (void)windows::gather_drivers(drivers,
                                  {request.inspection->osinfo, request.inspection->arch, scsi},
                                  directory, guestfs::log_to(host));
  }

  Host host_;
  ConvertRequest request_;
  std::optional<Conversion> conversion_;
};

}  // namespace
}  // namespace v2v::convert_windows

V2V_REGISTER_CONVERTER(v2v::convert_windows::WindowsConverter,
                       v2v::PluginInfo{
                           "windows",
                           V2V_PLUGIN_VERSION,
                           "the v2v authors",
                           "Windows XP and Server 2003 to Windows 11 and Server 2025",
                           {{"virt-tool", v2v::OptionType::list,
                             "Also run this program of VIRT_TOOLS_DATA_DIR at the first "
                             "boot: vmdp, rhev-apt or pnp_wait",
                             "NAME", std::nullopt}}})
