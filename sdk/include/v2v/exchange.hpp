// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Conversion between the C structs of plugin.h and the value types of values.hpp. Both sides of the
// ABI compile this in: `to_c` lends a C view that lives as long as its Lender; `from_c` copies. It
// refuses a struct that is smaller than in ABI 1.0, reads what a later minor version appended only
// where it is there (V2V_GET), and never trusts a pointer to be there.
#pragma once

#include <v2v/error.hpp>
#include <v2v/values.hpp>

#include <cstring>
#include <deque>
#include <memory>
#include <type_traits>

namespace v2v {

/// Owns the C copies of values while somebody on the other side looks at them.
class Lender {
 public:
  /// A zeroed struct with its size set.
  template <class T>
  T *make() {
    auto holder = std::make_shared<T>();
    std::memset(static_cast<void *>(holder.get()), 0, sizeof(T));
    holder->size = sizeof(T);
    blocks_.push_back(holder);
    return holder.get();
  }
  /// Null for an empty string.
  const char *text(const std::string &value) { return value.empty() ? nullptr : present(value); }
  /// Never null.
  const char *present(const std::string &value) { return strings_.emplace_back(value).c_str(); }

  const char *const *texts(const std::vector<std::string> &values) {
    return list<const char>(values, [this](const std::string &v) { return present(v); });
  }
  /// A null-terminated array with convert(element) for each element.
  template <class C, class Values, class Convert>
  C *const *list(const Values &values, Convert convert) {
    auto holder = std::make_shared<std::vector<C *>>();
    for (const auto &value : values) holder->push_back(convert(value));
    holder->push_back(nullptr);
    blocks_.push_back(holder);
    return holder->data();
  }

 private:
  std::deque<std::string> strings_;
  std::vector<std::shared_ptr<void>> blocks_;
};

namespace detail {

inline std::string text(const char *value) {
  return value ? value : std::string();
}
inline std::optional<bool> tristate(std::int32_t value) {
  if (value == V2V_YES) return true;
  if (value == V2V_NO) return false;
  return std::nullopt;
}
inline std::int32_t tristate(std::optional<bool> value) {
  return value ? (*value ? V2V_YES : V2V_NO) : V2V_UNKNOWN;
}
inline std::int32_t yes_no(bool value) {
  return value ? V2V_YES : V2V_NO;
}

template <class C, class Use>
void each(C *const *array, Use use) {
  for (; array && *array; ++array) use(*array);
}
inline std::vector<std::string> texts(const char *const *array) {
  std::vector<std::string> values;
  each(array, [&](const char *value) { values.emplace_back(value); });
  return values;
}

// A struct of the other side, which must be there and of at least the size that it had in 1.0.
inline void require_whole(const char *type, bool whole, std::uint32_t size) {
  if (!whole)
    throw Error(Code::internal,
                std::string("a ") + type + " of " + std::to_string(size) +
                    " bytes is smaller than plugin ABI 1.0 has it",
                {}, "its `size` must be set with sizeof: report this to the plugin's vendor");
}
template <class T>
const T &require_there(const T *pointer, const char *type) {
  if (pointer) return *pointer;
  throw Error(Code::internal, std::string("a ") + type + " that must be there is missing", {},
              "report this to the plugin's vendor");
}

}  // namespace detail

/// Throws if a struct lacks members of ABI 1.0. `last` is the last one that it had there: a name,
/// not sizeof, because that grows with every minor version.
#define V2V_REQUIRE(type, ptr, last) \
  v2v::detail::require_whole(#type, V2V_HAS(type, ptr, last), (ptr)->size)

/// The value of a member of a later minor version, or `fallback` where the struct's creator did not
/// know it.
#define V2V_GET(type, ptr, member, fallback) \
  (V2V_HAS(type, ptr, member) ? (ptr)->member : (fallback))

// ---- Errors -----------------------------------------------------------------------------------

/// Lenient, so that a message is never lost for the shape it came in. A code that is not known
/// counts as internal.
inline Error from_c(const v2v_error &c) {
  const std::int32_t code = V2V_GET(v2v_error, &c, code, V2V_E_INTERNAL);
  const bool known = code > V2V_OK && code <= V2V_E_CANCELLED;
  const std::string what = detail::text(V2V_GET(v2v_error, &c, what, nullptr));
  return Error(known ? static_cast<Code>(code) : Code::internal,
               what.empty() ? "the plugin gave no reason" : what,
               detail::text(V2V_GET(v2v_error, &c, object, nullptr)),
               detail::text(V2V_GET(v2v_error, &c, remedy, nullptr)));
}

// ---- Location ---------------------------------------------------------------------------------

inline v2v_location *to_c(Lender &lender, const Location &value) {
  auto *c = lender.make<v2v_location>();
  c->type = static_cast<std::int32_t>(value.type);
  c->path = lender.text(value.path);
  c->format = lender.present(value.format);
  c->offset = value.offset;
  c->length = value.length;
  c->fd = value.fd;
  c->references = detail::yes_no(value.references);
  return c;
}
inline Location from_c(const v2v_location &c) {
  V2V_REQUIRE(v2v_location, &c, references);
  Location value;
  value.type = static_cast<Location::Type>(c.type);
  value.path = detail::text(c.path);
  value.format = detail::text(c.format);
  value.offset = c.offset;
  value.length = c.length;
  value.fd = c.fd;
  value.references = c.references == V2V_YES;
  return value;
}

// ---- Source -----------------------------------------------------------------------------------

inline v2v_disk *to_c(Lender &lender, const Disk &value) {
  auto *c = lender.make<v2v_disk>();
  c->controller = static_cast<std::int32_t>(value.controller);
  c->location = to_c(lender, value.location);
  c->id = lender.text(value.id);
  return c;
}
inline v2v_removable *to_c(Lender &lender, const Removable &value) {
  auto *c = lender.make<v2v_removable>();
  c->type = static_cast<std::int32_t>(value.type);
  c->controller = static_cast<std::int32_t>(value.controller);
  c->slot = value.slot ? static_cast<std::int32_t>(*value.slot) : -1;
  return c;
}
inline v2v_nic *to_c(Lender &lender, const Nic &value) {
  auto *c = lender.make<v2v_nic>();
  c->type = static_cast<std::int32_t>(value.type);
  c->mac = lender.text(value.mac);
  c->network = lender.text(value.network);
  c->model = lender.text(value.model);
  c->pci_slot = value.pci_slot ? static_cast<std::int32_t>(*value.pci_slot) : -1;
  return c;
}
inline v2v_display *to_c(Lender &lender, const Display &value) {
  auto *c = lender.make<v2v_display>();
  c->type = static_cast<std::int32_t>(value.type);
  c->port = value.port ? static_cast<std::int32_t>(*value.port) : -1;
  c->keymap = lender.text(value.keymap);
  c->password = lender.text(value.password);
  c->listen = lender.text(value.listen);
  return c;
}
inline v2v_source *to_c(Lender &lender, const Source &value) {
  auto *c = lender.make<v2v_source>();
  c->vcpus = value.vcpus;
  c->memory = value.memory;
  c->name = lender.present(value.name);
  c->genid = lender.text(value.genid);
  c->hypervisor = lender.text(value.hypervisor);
  c->cpu_vendor = lender.text(value.cpu_vendor);
  c->cpu_model = lender.text(value.cpu_model);
  c->cpu_sockets = value.cpu_sockets;
  c->cpu_cores = value.cpu_cores;
  c->cpu_threads = value.cpu_threads;
  c->firmware = static_cast<std::int32_t>(value.firmware);
  c->secure_boot = detail::tristate(value.secure_boot);
  c->tpm = detail::tristate(value.tpm);
  c->features = lender.texts(value.features);
  c->display = value.display ? to_c(lender, *value.display) : nullptr;
  c->sound = lender.text(value.sound);
  c->disks =
      lender.list<const v2v_disk>(value.disks, [&](const Disk &d) { return to_c(lender, d); });
  c->removables = lender.list<const v2v_removable>(
      value.removables, [&](const Removable &r) { return to_c(lender, r); });
  c->nics = lender.list<const v2v_nic>(value.nics, [&](const Nic &n) { return to_c(lender, n); });
  return c;
}

inline Disk from_c(const v2v_disk &c) {
  V2V_REQUIRE(v2v_disk, &c, id);
  Disk value;
  value.controller = static_cast<Controller>(c.controller);
  value.location = from_c(detail::require_there(c.location, "v2v_disk's location"));
  value.id = detail::text(c.id);
  return value;
}
inline Removable from_c(const v2v_removable &c) {
  V2V_REQUIRE(v2v_removable, &c, slot);
  Removable value;
  value.type = static_cast<Removable::Type>(c.type);
  value.controller = static_cast<Controller>(c.controller);
  if (c.slot >= 0) value.slot = static_cast<unsigned>(c.slot);
  return value;
}
inline Nic from_c(const v2v_nic &c) {
  V2V_REQUIRE(v2v_nic, &c, reserved);
  Nic value;
  value.type = static_cast<Nic::Type>(c.type);
  value.mac = detail::text(c.mac);
  value.network = detail::text(c.network);
  value.model = detail::text(c.model);
  if (c.pci_slot >= 0) value.pci_slot = static_cast<unsigned>(c.pci_slot);
  return value;
}
inline Display from_c(const v2v_display &c) {
  V2V_REQUIRE(v2v_display, &c, listen);
  Display value;
  value.type = static_cast<Display::Type>(c.type);
  if (c.port >= 0) value.port = static_cast<unsigned>(c.port);
  value.keymap = detail::text(c.keymap);
  value.password = detail::text(c.password);
  value.listen = detail::text(c.listen);
  return value;
}
inline Source from_c(const v2v_source &c) {
  V2V_REQUIRE(v2v_source, &c, nics);
  Source value;
  value.vcpus = c.vcpus;
  value.memory = c.memory;
  value.name = detail::text(c.name);
  value.genid = detail::text(c.genid);
  value.hypervisor = detail::text(c.hypervisor);
  value.cpu_vendor = detail::text(c.cpu_vendor);
  value.cpu_model = detail::text(c.cpu_model);
  value.cpu_sockets = c.cpu_sockets;
  value.cpu_cores = c.cpu_cores;
  value.cpu_threads = c.cpu_threads;
  value.firmware = static_cast<Firmware>(c.firmware);
  value.secure_boot = detail::tristate(c.secure_boot);
  value.tpm = detail::tristate(c.tpm);
  value.features = detail::texts(c.features);
  if (c.display) value.display = from_c(*c.display);
  value.sound = detail::text(c.sound);
  detail::each(c.disks, [&](const v2v_disk *d) { value.disks.push_back(from_c(*d)); });
  detail::each(c.removables,
               [&](const v2v_removable *r) { value.removables.push_back(from_c(*r)); });
  detail::each(c.nics, [&](const v2v_nic *n) { value.nics.push_back(from_c(*n)); });
  return value;
}

// ---- Inspection and guest caps ----------------------------------------------------------------

inline v2v_inspection *to_c(Lender &lender, const Inspection &value) {
  auto *c = lender.make<v2v_inspection>();
  c->major_version = value.major_version;
  c->minor_version = value.minor_version;
  c->firmware = static_cast<std::int32_t>(value.firmware);
  c->root = lender.present(value.root);
  c->type = lender.present(value.type);
  c->distro = lender.present(value.distro);
  c->arch = lender.present(value.arch);
  c->osinfo = lender.present(value.osinfo);
  c->package_format = lender.text(value.package_format);
  c->package_management = lender.text(value.package_management);
  c->product_name = lender.text(value.product_name);
  c->product_variant = lender.text(value.product_variant);
  c->mountpoints = lender.list<const v2v_mountpoint>(value.mountpoints, [&](const Mountpoint &m) {
    auto *e = lender.make<v2v_mountpoint>();
    e->path = lender.present(m.path);
    e->device = lender.present(m.device);
    return e;
  });
  c->filesystems = lender.list<const v2v_filesystem>(value.filesystems, [&](const Filesystem &f) {
    auto *e = lender.make<v2v_filesystem>();
    e->device = lender.present(f.device);
    e->type = lender.present(f.type);
    return e;
  });
  c->applications =
      lender.list<const v2v_application>(value.applications, [&](const Application &a) {
        auto *e = lender.make<v2v_application>();
        e->epoch = a.epoch;
        e->name = lender.present(a.name);
        e->version = lender.present(a.version);
        e->release = lender.present(a.release);
        e->arch = lender.present(a.arch);
        return e;
      });
  c->esp_devices = lender.texts(value.esp_devices);
  c->boot_disk = value.boot_disk ? static_cast<std::int32_t>(*value.boot_disk) : -1;
  return c;
}
inline Inspection from_c(const v2v_inspection &c) {
  using detail::text;
  V2V_REQUIRE(v2v_inspection, &c, reserved);
  Inspection value;
  value.major_version = c.major_version;
  value.minor_version = c.minor_version;
  value.firmware = static_cast<Firmware>(c.firmware);
  value.root = text(c.root);
  value.type = text(c.type);
  value.distro = text(c.distro);
  value.arch = text(c.arch);
  value.osinfo = text(c.osinfo);
  value.package_format = text(c.package_format);
  value.package_management = text(c.package_management);
  value.product_name = text(c.product_name);
  value.product_variant = text(c.product_variant);
  detail::each(c.mountpoints, [&](const v2v_mountpoint *m) {
    V2V_REQUIRE(v2v_mountpoint, m, device);
    value.mountpoints.push_back({text(m->path), text(m->device)});
  });
  detail::each(c.filesystems, [&](const v2v_filesystem *f) {
    V2V_REQUIRE(v2v_filesystem, f, type);
    value.filesystems.push_back({text(f->device), text(f->type)});
  });
  detail::each(c.applications, [&](const v2v_application *a) {
    V2V_REQUIRE(v2v_application, a, arch);
    value.applications.push_back(
        {text(a->name), text(a->version), text(a->release), text(a->arch), a->epoch});
  });
  value.esp_devices = detail::texts(c.esp_devices);
  if (c.boot_disk >= 0) value.boot_disk = static_cast<unsigned>(c.boot_disk);
  return value;
}

inline v2v_guest_caps *to_c(Lender &lender, const GuestCaps &value) {
  auto *c = lender.make<v2v_guest_caps>();
  c->block_bus = static_cast<std::int32_t>(value.block_bus);
  c->net_bus = static_cast<std::int32_t>(value.net_bus);
  c->machine = static_cast<std::int32_t>(value.machine);
  c->virtio_rng = detail::yes_no(value.virtio_rng);
  c->virtio_balloon = detail::yes_no(value.virtio_balloon);
  c->virtio_socket = detail::yes_no(value.virtio_socket);
  c->isa_pvpanic = detail::yes_no(value.isa_pvpanic);
  c->virtio_1_0 = detail::yes_no(value.virtio_1_0);
  c->rtc_utc = detail::yes_no(value.rtc_utc);
  c->arch_min_version = value.arch_min_version;
  c->arch = lender.present(value.arch);
  return c;
}
inline GuestCaps from_c(const v2v_guest_caps &c) {
  V2V_REQUIRE(v2v_guest_caps, &c, arch);
  GuestCaps value;
  value.block_bus = static_cast<BlockBus>(c.block_bus);
  value.net_bus = static_cast<NetBus>(c.net_bus);
  value.machine = static_cast<Machine>(c.machine);
  value.virtio_rng = c.virtio_rng == V2V_YES;
  value.virtio_balloon = c.virtio_balloon == V2V_YES;
  value.virtio_socket = c.virtio_socket == V2V_YES;
  value.isa_pvpanic = c.isa_pvpanic == V2V_YES;
  value.virtio_1_0 = c.virtio_1_0 == V2V_YES;
  value.rtc_utc = c.rtc_utc == V2V_YES;
  value.arch_min_version = c.arch_min_version;
  value.arch = detail::text(c.arch);
  return value;
}

}  // namespace v2v
