// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The structs of plugin.h as C++ value types. plugin.h documents each member; here an empty string
// stands for its null, and std::optional<bool> for its yes, no and unknown. exchange.hpp converts.
#pragma once

#include <v2v/plugin.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace v2v {

enum class Controller {
  unknown = V2V_CONTROLLER_UNKNOWN,
  ide = V2V_CONTROLLER_IDE,
  sata = V2V_CONTROLLER_SATA,
  scsi = V2V_CONTROLLER_SCSI,
  nvme = V2V_CONTROLLER_NVME,
  virtio_blk = V2V_CONTROLLER_VIRTIO_BLK,
  virtio_scsi = V2V_CONTROLLER_VIRTIO_SCSI,
};
enum class Firmware {
  unknown = V2V_FIRMWARE_UNKNOWN,
  bios = V2V_FIRMWARE_BIOS,
  uefi = V2V_FIRMWARE_UEFI,
};
enum class BlockBus {
  none = 0,
  ide = V2V_BUS_IDE,
  virtio_blk = V2V_BUS_VIRTIO_BLK,
  virtio_scsi = V2V_BUS_VIRTIO_SCSI,
};
enum class NetBus { e1000 = V2V_NET_E1000, virtio = V2V_NET_VIRTIO, rtl8139 = V2V_NET_RTL8139 };
enum class Machine {
  i440fx = V2V_MACHINE_I440FX,
  q35 = V2V_MACHINE_Q35,
  virt = V2V_MACHINE_VIRT,
};

/// Where the bytes of a disk are.
struct Location {
  enum class Type { file = V2V_LOCATION_FILE, uri = V2V_LOCATION_URI, fd = V2V_LOCATION_FD };
  Type type = Type::file;
  std::string path;    ///< absolute path, or the URI
  std::string format;  ///< raw, qcow2, vmdk, vdi, vpc, vhdx
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  ///< 0: up to the end
  int fd = -1;
  bool references = false;
};

struct Disk {
  Controller controller = Controller::unknown;
  Location location;
  std::string id;
};

struct Removable {
  enum class Type { cdrom = V2V_REMOVABLE_CDROM, floppy = V2V_REMOVABLE_FLOPPY };
  Type type = Type::cdrom;
  Controller controller = Controller::unknown;
  std::optional<unsigned> slot;
};

struct Nic {
  enum class Type { network = V2V_NIC_NETWORK, bridge = V2V_NIC_BRIDGE };
  Type type = Type::network;
  std::string mac;
  std::string network;
  std::string model;
  std::optional<unsigned> pci_slot;
};

struct Display {
  enum class Type {
    window = V2V_DISPLAY_WINDOW,
    vnc = V2V_DISPLAY_VNC,
    spice = V2V_DISPLAY_SPICE,
  };
  Type type = Type::vnc;
  std::optional<unsigned> port;
  std::string keymap, password, listen;
};

struct Source {
  std::string name;
  std::uint64_t memory = 0;  ///< bytes
  unsigned vcpus = 1;
  std::string genid, hypervisor, cpu_vendor, cpu_model;
  unsigned cpu_sockets = 0, cpu_cores = 0, cpu_threads = 0;
  Firmware firmware = Firmware::unknown;
  std::optional<bool> secure_boot, tpm;
  std::vector<std::string> features;
  std::optional<Display> display;
  std::string sound;
  std::vector<Disk> disks;
  std::vector<Removable> removables;
  std::vector<Nic> nics;
};

struct Mountpoint {
  std::string path, device;
};
struct Application {
  std::string name, version, release, arch;
  int epoch = 0;
};
struct Filesystem {
  std::string device, type;
};

struct Inspection {
  std::string root, type, distro, arch, osinfo, package_format, package_management;
  std::string product_name, product_variant;
  int major_version = 0, minor_version = 0;
  Firmware firmware = Firmware::unknown;
  std::vector<Mountpoint> mountpoints;
  std::vector<Filesystem> filesystems;
  std::vector<Application> applications;
  std::vector<std::string> esp_devices;
  std::optional<unsigned> boot_disk;
};

struct GuestCaps {
  BlockBus block_bus = BlockBus::ide;
  NetBus net_bus = NetBus::e1000;
  Machine machine = Machine::q35;
  bool virtio_rng = false, virtio_balloon = false, virtio_socket = false, isa_pvpanic = false;
  bool virtio_1_0 = true;
  bool rtc_utc = true;
  unsigned arch_min_version = 0;
  std::string arch;
};

struct Slot {
  enum class Type {
    empty = V2V_SLOT_EMPTY,
    disk = V2V_SLOT_DISK,
    removable = V2V_SLOT_REMOVABLE,
  };
  Type type = Type::empty;
  unsigned index = 0;
};
struct Buses {
  std::vector<Slot> virtio_blk, ide, scsi, floppy;
};

/// Option values in the order given; a list option occurs several times.
class Options {
 public:
  void add(std::string name, std::string value) {
    pairs_.emplace_back(std::move(name), std::move(value));
  }
  std::optional<std::string> get(const std::string &name) const {
    for (const auto &[key, value] : pairs_)
      if (key == name) return value;
    return std::nullopt;
  }
  std::vector<std::string> all(const std::string &name) const {
    std::vector<std::string> values;
    for (const auto &[key, value] : pairs_)
      if (key == name) values.push_back(value);
    return values;
  }
  bool flag(const std::string &name) const { return get(name) == "true"; }
  const std::vector<std::pair<std::string, std::string>> &pairs() const { return pairs_; }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

struct InputRequest {
  std::vector<std::string> arguments;
  std::string format, transport, connection;
  bool allow_references = false;
  Options options;
};

struct Wishes {
  bool keep_serial_console = true;
  bool rebuild_initramfs = false;
  BlockBus block_bus = BlockBus::none;
};

enum class Allocation {
  sparse = V2V_ALLOCATION_SPARSE,
  preallocated = V2V_ALLOCATION_PREALLOCATED,
};
struct OutputRequest {
  std::string name, format, storage, connection;
  std::optional<Allocation> allocation;
  Options options;
};

struct OutputDescription {
  std::vector<std::string> formats;
  unsigned max_disks = 0;
  std::uint64_t size_granularity = 0, preferred_request = 0;
  unsigned connections = 0;
  bool keep_serial_console = true;
  bool express_uefi = true;
  std::string destination;
};

struct TargetDisk {
  unsigned index = 0;
  std::string format;
  std::uint64_t virtual_size = 0, estimated_size = 0;
};

struct Target {
  enum class Mode {
    host_writes = V2V_TARGET_HOST_WRITES,
    plugin_takes = V2V_TARGET_PLUGIN_TAKES,
    plugin_copies = V2V_TARGET_PLUGIN_COPIES,
    discard = V2V_TARGET_DISCARD,
  };
  Mode mode = Mode::host_writes;
  std::optional<Location> location;
  bool reads_as_zero = false, compressed = false, preallocated = false;
};

struct Metadata {
  std::string name, generator;
  Firmware firmware = Firmware::bios;
  Source source;
  Inspection inspection;
  GuestCaps caps;
  Buses buses;
  std::vector<TargetDisk> disks;
};

}  // namespace v2v
