// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "conversion.hpp"

#include "efi_partition.hpp"
#include "network_plan.hpp"
#include "virt_tools.hpp"

#include <v2v/windows/boot_driver.hpp>
#include <v2v/windows/clock.hpp>
#include <v2v/windows/crash_control.hpp>
#include <v2v/windows/device_path.hpp>
#include <v2v/windows/driver_choice.hpp>
#include <v2v/windows/emulated_disks.hpp>
#include <v2v/windows/foreign_drivers.hpp>
#include <v2v/windows/foreign_tools.hpp>
#include <v2v/windows/identity.hpp>
#include <v2v/windows/machine_choice.hpp>
#include <v2v/windows/network_settings.hpp>
#include <v2v/windows/policy.hpp>
#include <v2v/windows/virtio_win.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace v2v::convert_windows {

using windows::FirstBoot;

namespace {

// Where the drivers lie in the guest, as the registry and the scripts say it.
constexpr const char *drivers_in_windows = "%SystemRoot%\\Drivers\\VirtIO\\";

}  // namespace

Conversion::Conversion(const ConvertRequest &request, std::string directory, text::Log log)
    : request_(request),
      inspection_(request.inspection),
      directory_(std::move(directory)),
      log_(std::move(log)),
      files_(request.guestfs) {}

GuestCaps Conversion::run() {
  if (request_.wishes.block_bus == BlockBus::ide)
    throw Error(Code::unsupported, "the disks of a Windows guest go on virtio where it has drivers",
                "--block-driver", "leave the option out");
  find_system();
  identify();
  gather_drivers();
  plan_first_boot();
  edit_system();
  edit_software();
  pack();
  deliver();
  repair_efi_partitions();
  warn_of_policies();
  return caps();
}

std::optional<std::string> Conversion::winarch() const {
  if (inspection_.arch == "x86_64") return "amd64";
  if (inspection_.arch == "i386") return "x86";
  return std::nullopt;
}

void Conversion::find_system() {
  const auto system = find_system_hive(files_);
  if (!system)
    throw Error(Code::not_found, "this Windows has no registry (System32/config/SYSTEM)",
                inspection_.root, "see whether it starts on the source");
  const auto config = system->substr(0, system->rfind('/'));
  system_root_ = config.substr(0, config.find('/', 1));
  system_.emplace(files_, "SYSTEM", *system, directory_);
  software_.emplace(files_, "SOFTWARE", files_.place(config + "/SOFTWARE").path, directory_);
}

void Conversion::identify() {
  control_set_ = windows::current_control_set(system_->hive());
  osinfo_ = windows::osinfo_id(inspection_.major_version, inspection_.minor_version,
                               inspection_.product_variant, inspection_.product_name,
                               windows::build_number(software_->hive()).value_or(0));
  if (inspection_.root.find("/luks-") != std::string::npos)
    log_.warning(
        "the drive is encrypted with BitLocker: at its first start Windows will ask for the "
        "recovery "
        "password, because the old machine's TPM stays behind");
  rtc_utc_ = windows::clock_is_utc(system_->hive(), control_set_, log_);
  log_.debug(fmt::format("Windows is in {}, its control set is {}, osinfo calls it {}",
                         system_root_, control_set_, osinfo_));
}

void Conversion::gather_drivers() {
  if (!winarch()) {
    log_.warning(
        fmt::format("virtio-win has no drivers for Windows on {}: the guest gets emulated "
                    "devices, and nothing is installed at its first boot",
                    inspection_.arch));
    return;
  }
  std::filesystem::create_directory(driver_directory());
  const auto virtio_win = windows::VirtioWin::find();
  const bool scsi = request_.wishes.block_bus == BlockBus::virtio_scsi;
  drivers_ = windows::gather_drivers(virtio_win, {osinfo_, inspection_.arch, scsi},
                                     driver_directory(), log_);
  const auto agents = windows::choose_guest_agents(virtio_win.paths(), inspection_.arch);
  if (agents.empty()) return;
  const auto agent_directory = directory_ + "/agent";
  std::filesystem::create_directory(agent_directory);
  virtio_win.extract({agents.front()}, agent_directory);
  for (const auto &entry : std::filesystem::directory_iterator(agent_directory))
    guest_agent_ = entry.path();
}

void Conversion::plan_first_boot() {
  if (!winarch()) return;
  std::vector<FirstBoot::Driver> drivers;
  for (const auto &package : drivers_.packages)
    drivers.push_back({drivers_in_windows + package.inf, package.required});
  first_boot_.set_drivers(drivers);
  const auto cards =
      plan_cards(windows::match_adapters(windows::old_adapters(system_->hive(), control_set_, log_),
                                         request_.source.nics, log_),
                 request_.wishes.static_addresses);
  if (!cards.empty()) first_boot_.set_network(cards);
  for (const auto &card : cards)
    log_.change("first boot",
                fmt::format("the card {} gets {}", card.mac, fmt::join(card.addresses, ", ")),
                "Windows keeps static addresses with the card that is gone");
  add_virt_tools(first_boot_, request_.wishes.options.all("virt-tool"));
  plan_agents();
  for (const auto &tool : windows::foreign_tools(software_->hive(), log_)) {
    first_boot_.add_script(tool.name, tool.batch);
    log_.change("first boot", tool.name, "they only serve the old hypervisor");
  }
  if (!drivers_.block.empty() && request_.source.disks.size() > 1) first_boot_.set_disks_online();
}

void Conversion::plan_agents() {
  if (guest_agent_.empty()) {
    log_.warning(
        "there is no QEMU guest agent for this Windows beside the virtio drivers; install it "
        "in the guest later (qemu-ga-*.msi of virtio-win)");
  } else {
    first_boot_.install_guest_agent(guest_agent_.filename());
    log_.change("first boot", guest_agent_.filename().string() + " is installed",
                "by the QEMU guest agent KVM shuts Windows down and takes consistent backups");
  }
  if (drivers_.balloon_server)
    first_boot_.install_balloon_service(drivers_in_windows + std::string("blnsvr.exe"));
}

void Conversion::edit_system() {
  auto &system = system_->hive();
  const auto services = control_set_ + "\\Services\\";
  const auto switched_off = windows::disable_foreign_drivers(system, control_set_);
  if (!switched_off.empty())
    log_.debug(fmt::format("switched off: {}", fmt::join(switched_off, " ")));
  for (const auto &service : switched_off)
    log_.change("service " + service,
                "switched off, and taken out of the filters of its device class",
                "drivers of the old hypervisor keep Windows from starting without it");
  if (windows::stay_at_stop_errors(system, control_set_))
    log_.change("SYSTEM\\" + control_set_ + "\\Control\\CrashControl", "AutoReboot is 0",
                "a Windows that does not start shows why instead of starting for ever");
  // A class names its filters.
  std::vector<std::string> planned = {control_set_ + "\\Control\\CrashControl",
                                      control_set_ + "\\Control\\Class"};
  for (const auto &service : switched_off) planned.push_back(services + service);
  if (drivers_.block.empty())
    for (const auto &service : windows::start_emulated_disk_drivers(system, control_set_)) {
      planned.push_back(services + service);
      log_.change("service " + service, "starts at boot",
                  "without virtio drivers the disks are on an emulated controller");
    }
  if (!drivers_.block.empty()) {
    windows::register_boot_driver(system, control_set_, drivers_.block, *winarch());
    for (auto &key : windows::boot_driver_keys(control_set_, drivers_.block, *winarch()))
      planned.push_back(std::move(key));
    log_.change("service " + drivers_.block, "installed as a driver that starts at boot",
                "Windows has to find its system disk on virtio before anything can be installed");
  }
  if (winarch()) {
    FirstBoot::register_service(system, control_set_);
    planned.push_back(services + "v2v-firstboot");
    log_.change("service v2v-firstboot", "installed",
                "some work needs the running Windows; the service removes itself when it is done");
  }
  system_->finish(planned);
  if (!drivers_.block.empty())
    windows::verify_boot_driver(system_->hive(), control_set_, drivers_.block, *winarch());
}

void Conversion::edit_software() {
  if (has_drivers()) windows::add_driver_directory(software_->hive(), log_);
  software_->finish({"Microsoft\\Windows\\CurrentVersion\\DevicePath"});
}

/// Everything that is new in the guest, and whether there is room for it.
void Conversion::pack() {
  delivery_.emplace(directory_ + "/delivery.tar");
  if (has_drivers()) {
    const auto drivers = add_directories(system_root_ + "/Drivers/VirtIO");
    for (const auto &name : drivers_.files)
      delivery_->add_file(drivers + "/" + name, driver_directory() + "/" + name);
    log_.change(drivers, fmt::format("{} files of virtio drivers added", drivers_.files.size()),
                "Windows installs the drivers of its new devices from there");
  }
  if (!drivers_.block.empty()) {
    const auto name = drivers_.block + ".sys";
    delivery_->add_file(files_.place(system_root_ + "/System32/drivers/" + name).path,
                        driver_directory() + "/" + name);
    log_.change(system_root_ + "/System32/drivers/" + name, "added",
                "the boot loader reads the driver of the system disk from there");
  }
  if (winarch()) pack_first_boot();
  const auto &tar = delivery_->finish();
  const auto needed = std::filesystem::file_size(tar), free = files_.free_space();
  if (free < needed)
    throw Error(Code::no_space,
                fmt::format("the system drive has {} MiB free, and {} MiB are needed", free >> 20,
                            (needed >> 20) + 1),
                inspection_.root, "make room on the guest's drive C: and convert it again");
}

void Conversion::pack_first_boot() {
  const auto top = add_directories(FirstBoot::directory);
  delivery_->add(top + "/" + FirstBoot::program_name,
                 std::string(FirstBoot::program(inspection_.arch)));
  std::string last;
  for (const auto &[path, content] : first_boot_.files()) {
    const auto slash = path.rfind('/');
    const auto below = slash == std::string::npos ? "" : path.substr(0, slash);
    if (!below.empty() && below != last) delivery_->add_directory(top + "/" + below);
    last = below;
    delivery_->add(top + "/" + path, content);
  }
  if (!guest_agent_.empty()) {
    delivery_->add_directory(top + "/files");
    delivery_->add_file(top + "/files/" + guest_agent_.filename().string(), guest_agent_);
  }
}

/// @return the directory as the guest spells it; what is missing of it is part of the delivery
std::string Conversion::add_directories(const std::string &path) {
  auto place = files_.place(path);
  for (auto end = place.there; end < place.path.size();) {
    end = std::min(place.path.find('/', end + 1), place.path.size());
    delivery_->add_directory(place.path.substr(0, end));
  }
  return std::move(place.path);
}

/// What an earlier conversion did not come to do, it will not do now.
void Conversion::forget_earlier_first_boot() {
  const auto earlier = files_.find(FirstBoot::directory);
  if (!earlier) return;
  for (const char *name : {"scripts", "scripts-done", "files", "state.txt", "settings.txt",
                           "drivers.txt", "network.txt", "complete"})
    files_.remove(*earlier + "/" + name);
}

void Conversion::deliver() {
  forget_earlier_first_boot();
  files_.unpack(directory_ + "/delivery.tar");
  system_->upload();
  software_->upload();
}

void Conversion::repair_efi_partitions() {
  if (inspection_.esp_devices.empty()) return;
  const auto mount_at = files_.place(system_root_ + "/Temp").path + "/v2v-esp";
  files_.make_directory(mount_at);
  for (const auto &device : inspection_.esp_devices)
    repair_efi_partition(files_, device, mount_at, inspection_.arch, directory_, log_);
  files_.remove(mount_at);
}

/// Both have been seen to keep Windows from loading a new driver for its disk.
void Conversion::warn_of_policies() {
  if (drivers_.block.empty() || drivers_.is_scsi()) return;
  const auto &software = software_->hive();
  if (windows::has_group_policy(software))
    log_.warning(
        "policies of a domain are in force in this Windows, which may forbid to install "
        "drivers; if it stops with INACCESSIBLE_BOOT_DEVICE (7B), relax them and convert again");
  const auto scanners = windows::antivirus(software);
  if (!scanners.empty())
    log_.warning(
        fmt::format("this Windows has virus scanners ({}), which may keep it from starting "
                    "with new drivers; if it stops with INACCESSIBLE_BOOT_DEVICE (7B), remove "
                    "them on the source and convert again",
                    fmt::join(scanners, ", ")));
}

GuestCaps Conversion::caps() const {
  GuestCaps caps;
  caps.block_bus = drivers_.block.empty() ? BlockBus::ide
                   : drivers_.is_scsi()   ? BlockBus::virtio_scsi
                                          : BlockBus::virtio_blk;
  caps.net_bus = drivers_.net.empty() ? NetBus::rtl8139 : NetBus::virtio;
  caps.machine = windows::choose_machine(inspection_.arch, inspection_.major_version);
  caps.virtio_rng = drivers_.rng;
  caps.virtio_balloon = drivers_.balloon;
  caps.isa_pvpanic = drivers_.pvpanic;
  caps.virtio_socket = drivers_.vsock;
  caps.rtc_utc = rtc_utc_;
  caps.arch = winarch() ? "x86_64" : inspection_.arch;
  caps.osinfo = osinfo_ == "unknown" ? "" : osinfo_;
  return caps;
}

}  // namespace v2v::convert_windows
