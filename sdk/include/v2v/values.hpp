// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The structs of plugin.h as C++ value types. plugin.h documents each member; here an empty string
// stands for its null, and std::optional<bool> for its yes, no and unknown. `Struct` is the struct that
// a type stands for; exchange_io.hpp converts.
#pragma once

#include <v2v/plugin.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct guestfs_h;

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
  using Struct = v2v_location;
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
  using Struct = v2v_disk;
  Controller controller = Controller::unknown;
  Location location;
  std::string id;
};

struct Removable {
  using Struct = v2v_removable;
  enum class Type { cdrom = V2V_REMOVABLE_CDROM, floppy = V2V_REMOVABLE_FLOPPY };
  Type type = Type::cdrom;
  Controller controller = Controller::unknown;
  std::optional<unsigned> slot;
};

struct Nic {
  using Struct = v2v_nic;
  enum class Type { network = V2V_NIC_NETWORK, bridge = V2V_NIC_BRIDGE };
  Type type = Type::network;
  std::string mac;
  std::string network;
  std::string model;
  std::optional<unsigned> pci_slot;
};

struct Display {
  using Struct = v2v_display;
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
  using Struct = v2v_source;
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
  std::string os_type;  ///< "windows" if the source says so
};

struct Mountpoint {
  using Struct = v2v_mountpoint;
  std::string path, device;
};
struct Application {
  using Struct = v2v_application;
  std::string name, version, release, arch;
  int epoch = 0;
};
struct Filesystem {
  using Struct = v2v_filesystem;
  std::string device, type;
};

struct Inspection {
  using Struct = v2v_inspection;
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
  using Struct = v2v_guest_caps;
  BlockBus block_bus = BlockBus::ide;
  NetBus net_bus = NetBus::e1000;
  Machine machine = Machine::q35;
  bool virtio_rng = false, virtio_balloon = false, virtio_socket = false, isa_pvpanic = false;
  bool virtio_1_0 = true;
  bool rtc_utc = true;
  unsigned arch_min_version = 0;
  std::string arch;
  std::string osinfo;  ///< empty: the inspection's is right
};

struct Slot {
  using Struct = v2v_slot;
  enum class Type {
    empty = V2V_SLOT_EMPTY,
    disk = V2V_SLOT_DISK,
    removable = V2V_SLOT_REMOVABLE,
  };
  Type type = Type::empty;
  unsigned index = 0;
};
struct Buses {
  using Struct = v2v_buses;
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
  using Struct = v2v_input_request;
  std::vector<std::string> arguments;
  std::string format, transport, connection;
  bool allow_references = false;
  Options options;
};

struct StaticAddress {
  using Struct = v2v_static_address;
  std::string mac, address, gateway;
  unsigned prefix_length = 0;  ///< 0: not given
  std::vector<std::string> name_servers;
};

struct Wishes {
  using Struct = v2v_wishes;
  bool keep_serial_console = true;
  bool rebuild_initramfs = false;
  BlockBus block_bus = BlockBus::none;
  Options options;
  bool relabel = true;
  std::vector<StaticAddress> static_addresses;
};

struct ForeseeRequest {
  using Struct = v2v_foresee_request;
  Source source;
  Wishes wishes;
  std::optional<Inspection> inspection;  ///< not given: it is not known yet what the disks hold
};

struct ProbeRequest {
  using Struct = v2v_probe_request;
  Inspection inspection;
  Source source;
};

struct ConvertRequest {
  using Struct = v2v_convert_request;
  guestfs_h *guestfs = nullptr;  ///< launched, the guest's file systems mounted; the host's
  Inspection inspection;
  Source source;
  Wishes wishes;
};

/// A change of the guest besides its conversion: virt-customize's option and what plugin.h says of its
/// arguments.
struct Operation {
  using Struct = v2v_operation;
  std::string kind;
  std::vector<std::string> arguments;
};

struct CheckOperationsRequest {
  using Struct = v2v_check_operations_request;
  guestfs_h *guestfs = nullptr;  ///< as in ConvertRequest; only to look
  Inspection inspection;
  std::vector<Operation> operations;
};

struct CustomiseRequest {
  using Struct = v2v_customise_request;
  bool keep_log = true;  ///< false: what programs said is not left in the guest
  guestfs_h *guestfs = nullptr;
  std::vector<Operation> operations;
};

enum class Allocation {
  sparse = V2V_ALLOCATION_SPARSE,
  preallocated = V2V_ALLOCATION_PREALLOCATED,
};
struct OutputRequest {
  using Struct = v2v_output_request;
  std::string name, format, storage, connection;
  std::optional<Allocation> allocation;
  Options options;
};

struct OutputDescription {
  using Struct = v2v_output_description;
  std::vector<std::string> formats;
  unsigned max_disks = 0;
  std::uint64_t size_granularity = 0, preferred_request = 0;
  unsigned connections = 0;
  unsigned modes = 0;  ///< mode_bit of each mode that prepare may answer
  unsigned parallel_disks = 0;
  bool keep_serial_console = true;
  bool express_uefi = true;
  std::string destination;
};

struct TargetDisk {
  using Struct = v2v_target_disk;
  unsigned index = 0;
  std::string format;
  std::uint64_t virtual_size = 0, estimated_size = 0;
};

struct Target {
  using Struct = v2v_target;
  enum class Mode {
    host_writes = V2V_TARGET_HOST_WRITES,
    plugin_takes = V2V_TARGET_PLUGIN_TAKES,
    plugin_copies = V2V_TARGET_PLUGIN_COPIES,
    discard = V2V_TARGET_DISCARD,
    plugin_reads = V2V_TARGET_PLUGIN_READS,
  };
  Mode mode = Mode::host_writes;
  std::optional<Location> location;
  bool reads_as_zero = false, compressed = false, preallocated = false;
  std::string display_name;
};
constexpr unsigned mode_bit(Target::Mode mode) {
  return V2V_MODE_BIT(static_cast<unsigned>(mode));
}

/// The new machine, as far as it is known: in precheck, all but name, source and disks may still be
/// empty.
struct Metadata {
  using Struct = v2v_metadata;
  std::string name, generator;
  Firmware firmware = Firmware::unknown;
  Source source;
  Inspection inspection;
  GuestCaps caps;
  Buses buses;
  std::vector<TargetDisk> disks;
};

struct TakeRequest {
  using Struct = v2v_take_request;
  unsigned disk = 0;
  Location image;  ///< the finished disk, in the format of metadata.disks[disk]
  Metadata metadata;
};
struct Range {
  using Struct = v2v_range;
  std::uint64_t start = 0, length = 0;  ///< bytes of the disk
};
struct CopyRequest {
  using Struct = v2v_copy_request;
  unsigned disk = 0;
  Location location;  ///< shows the finished disk
  Metadata metadata;
  std::optional<Location> base;  ///< the source's disk, if it is offered
  std::optional<std::vector<Range>>
      changes;  ///< where the disk differs from it; not given: anywhere
};
struct ReadRequest {
  using Struct = v2v_read_request;
  unsigned disk = 0;
  std::string uri;  ///< NBD: the finished disk, raw and read-only, until the call returns
  Metadata metadata;
  std::optional<Location> base;               ///< as in CopyRequest
  std::optional<std::vector<Range>> changes;  ///< as in CopyRequest
};

}  // namespace v2v
