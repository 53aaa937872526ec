// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What is written and what is verified come from one list, so that they cannot drift apart.
#include <v2v/windows/boot_driver.hpp>

namespace v2v::windows {
namespace {

struct Entry {
  std::string key, name;
  Value value;
};

constexpr const char *inf = "guestor.inf", *configuration = "guestor_conf";

std::string service_key(const std::string &control_set, const std::string &driver) {
  return control_set + "\\Services\\" + driver;
}

/// <inf>_<architecture>_<16 hex digits>
std::string package(const std::string &winarch) {
  if (winarch != "x86" && winarch != "amd64")
    throw Error(Code::unsupported, "no virtio block driver is known for Windows on " + winarch);
  return std::string(inf) + '_' + winarch + "_0000000000000000";
}

std::vector<Entry> service(const std::string &control_set, const std::string &driver) {
  const auto key = service_key(control_set, driver);
  return {{key, "Type", Value::number(1)},   // a kernel driver
          {key, "Start", Value::number(0)},  // by the boot loader
          {key, "Group", Value::text("SCSI miniport")},
          {key, "ErrorControl", Value::number(1)},
          {key, "ImagePath",
           Value::text("system32\\drivers\\" + driver + ".sys", ValueType::expandable)}};
}

/// Until Windows 7.
std::vector<Entry> critical_devices(const std::string &control_set, const std::string &driver) {
  std::vector<Entry> entries;
  for (const auto &id : boot_device_ids(driver)) {
    const auto key = control_set + "\\Control\\CriticalDeviceDatabase\\PCI#" + id;
    entries.push_back({key, "Service", Value::text(driver)});
    entries.push_back({key, "ClassGUID", Value::text("{4D36E97B-E325-11CE-BFC1-08002BE10318}")});
  }
  return entries;
}

/// Version of the driver database's record, and the class of SCSI and RAID controllers as a binary GUID;
/// date and version of the driver are zero.
Value package_version() {
  std::string bytes(
      "\x00\xff\x09\x00\x00\x00\x00\x00"
      "\x7b\xe9\x36\x4d\x25\xe3\xce\x11\xbf\xc1\x08\x00\x2b\xe1\x03\x18",
      24);
  bytes.resize(48);
  return Value::binary(bytes);
}

/// Since Windows 8.
std::vector<Entry> driver_database(const std::string &driver, const std::string &winarch) {
  const auto label = package(winarch);
  const std::string infs = std::string("DriverDatabase\\DriverInfFiles\\") + inf;
  const auto files = "DriverDatabase\\DriverPackages\\" + label;
  const auto settings = files + "\\Configurations\\" + configuration;
  std::vector<Entry> entries = {{infs, "", Value::texts({label})},
                                {infs, "Active", Value::text(label)},
                                {infs, "Configurations", Value::texts({configuration})},
                                {files, "Version", package_version()},
                                {settings, "ConfigFlags", Value::number(0)},
                                {settings, "Service", Value::text(driver)}};
  for (const auto &id : boot_device_ids(driver)) {
    entries.push_back({"DriverDatabase\\DeviceIds\\PCI\\" + id, inf,
                       Value::binary(std::string("\x01\xff\x00\x00", 4))});
    entries.push_back(
        {files + "\\Descriptors\\PCI\\" + id, "Configuration", Value::text(configuration)});
  }
  return entries;
}

std::vector<Entry> entries(const Hive &system, const std::string &control_set,
                           const std::string &driver, const std::string &winarch) {
  auto all = service(control_set, driver);
  const auto binding = system.find("DriverDatabase") ? driver_database(driver, winarch)
                                                     : critical_devices(control_set, driver);
  all.insert(all.end(), binding.begin(), binding.end());
  return all;
}

}  // namespace

std::array<std::string, 2> boot_device_ids(const std::string &driver) {
  if (driver == "vioscsi") return {"VEN_1AF4&DEV_1004&REV_00", "VEN_1AF4&DEV_1048&REV_01"};
  for (const auto *name : {"viostor", "virtio_blk", "vrtioblk"})
    if (driver == name) return {"VEN_1AF4&DEV_1001&REV_00", "VEN_1AF4&DEV_1042&REV_01"};
  throw Error(Code::unsupported, "no virtio block driver has this name", driver);
}

void register_boot_driver(Hive &system, const std::string &control_set, const std::string &driver,
                          const std::string &winarch) {
  for (const auto &[key, name, value] : entries(system, control_set, driver, winarch))
    system.set(system.ensure(key), name, value);
  if (const auto off = system.find(service_key(control_set, driver) + "\\StartOverride"))
    system.remove(*off);
}

void verify_boot_driver(const Hive &system, const std::string &control_set,
                        const std::string &driver, const std::string &winarch) {
  const auto wrong = [&](const std::string &what) {
    throw Error(Code::corrupt, "the boot driver was not entered rightly: " + what, system.name(),
                "the guest would not start; convert it again, and report this if it stays");
  };
  for (const auto &[path, name, value] : entries(system, control_set, driver, winarch)) {
    const auto key = system.find(path);
    if (!key) return wrong(path + " is missing");
    const auto found = system.value(*key, name);
    if (!found || !(*found == value))
      return wrong("value \"" + name + "\" of " + path + (found ? " is another" : " is missing"));
  }
  const auto off = service_key(control_set, driver) + "\\StartOverride";
  if (system.find(off)) wrong(off + " keeps it from starting");
}

std::vector<std::string> boot_driver_keys(const std::string &control_set, const std::string &driver,
                                          const std::string &winarch) {
  const std::string database = "DriverDatabase\\";
  std::vector<std::string> keys = {service_key(control_set, driver),
                                   database + "DriverInfFiles\\" + inf,
                                   database + "DriverPackages\\" + package(winarch)};
  for (const auto &id : boot_device_ids(driver)) {
    keys.push_back(control_set + "\\Control\\CriticalDeviceDatabase\\PCI#" + id);
    keys.push_back(database + "DeviceIds\\PCI\\" + id);
  }
  return keys;
}

}  // namespace v2v::windows
