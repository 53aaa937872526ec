// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Conversion, as in exchange.hpp, of what is asked of a plugin and of what an output answers:
// requests, option values, wishes, the description of a target, its disks, buses and the metadata.
#pragma once

#include <v2v/exchange.hpp>

namespace v2v {

// ---- Options and requests ---------------------------------------------------------------------

inline const v2v_pair *const *to_c(Lender &lender, const Options &options) {
  return lender.list<const v2v_pair>(options.pairs(), [&](const auto &pair) {
    auto *c = lender.make<v2v_pair>();
    c->name = lender.present(pair.first);
    c->value = lender.present(pair.second);
    return c;
  });
}
inline Options from_c(const v2v_pair *const *pairs) {
  Options options;
  detail::each(pairs, [&](const v2v_pair *pair) {
    V2V_REQUIRE(v2v_pair, pair, value);
    options.add(detail::text(pair->name), detail::text(pair->value));
  });
  return options;
}

inline v2v_input_request *to_c(Lender &lender, const InputRequest &value) {
  auto *c = lender.make<v2v_input_request>();
  c->allow_references = detail::yes_no(value.allow_references);
  c->arguments = lender.texts(value.arguments);
  c->format = lender.text(value.format);
  c->transport = lender.text(value.transport);
  c->connection = lender.text(value.connection);
  c->options = to_c(lender, value.options);
  return c;
}
inline InputRequest from_c(const v2v_input_request &c) {
  V2V_REQUIRE(v2v_input_request, &c, options);
  InputRequest value;
  value.allow_references = c.allow_references == V2V_YES;
  value.arguments = detail::texts(c.arguments);
  value.format = detail::text(c.format);
  value.transport = detail::text(c.transport);
  value.connection = detail::text(c.connection);
  value.options = from_c(c.options);
  return value;
}

inline v2v_wishes *to_c(Lender &lender, const Wishes &value) {
  auto *c = lender.make<v2v_wishes>();
  c->keep_serial_console = detail::yes_no(value.keep_serial_console);
  c->rebuild_initramfs = detail::yes_no(value.rebuild_initramfs);
  c->block_bus = static_cast<std::int32_t>(value.block_bus);
  return c;
}
inline Wishes from_c(const v2v_wishes &c) {
  V2V_REQUIRE(v2v_wishes, &c, options);
  Wishes value;
  value.keep_serial_console = c.keep_serial_console == V2V_YES;
  value.rebuild_initramfs = c.rebuild_initramfs == V2V_YES;
  value.block_bus = static_cast<BlockBus>(c.block_bus);
  return value;
}

inline v2v_output_request *to_c(Lender &lender, const OutputRequest &value) {
  auto *c = lender.make<v2v_output_request>();
  c->allocation = static_cast<std::int32_t>(value.allocation.value_or(Allocation::sparse));
  c->allocation_set = detail::yes_no(value.allocation.has_value());
  c->name = lender.text(value.name);
  c->format = lender.text(value.format);
  c->storage = lender.text(value.storage);
  c->connection = lender.text(value.connection);
  c->options = to_c(lender, value.options);
  return c;
}
inline OutputRequest from_c(const v2v_output_request &c) {
  V2V_REQUIRE(v2v_output_request, &c, options);
  OutputRequest value;
  if (c.allocation_set == V2V_YES) value.allocation = static_cast<Allocation>(c.allocation);
  value.name = detail::text(c.name);
  value.format = detail::text(c.format);
  value.storage = detail::text(c.storage);
  value.connection = detail::text(c.connection);
  value.options = from_c(c.options);
  return value;
}

// ---- The target -------------------------------------------------------------------------------

inline v2v_output_description *to_c(Lender &lender, const OutputDescription &value) {
  auto *c = lender.make<v2v_output_description>();
  c->max_disks = value.max_disks;
  c->formats = lender.texts(value.formats);
  c->size_granularity = value.size_granularity;
  c->preferred_request = value.preferred_request;
  c->connections = value.connections;
  c->keep_serial_console = detail::yes_no(value.keep_serial_console);
  c->express_uefi = detail::yes_no(value.express_uefi);
  c->destination = lender.text(value.destination);
  return c;
}
inline OutputDescription from_c(const v2v_output_description &c) {
  V2V_REQUIRE(v2v_output_description, &c, destination);
  OutputDescription value;
  value.max_disks = c.max_disks;
  value.formats = detail::texts(c.formats);
  value.size_granularity = c.size_granularity;
  value.preferred_request = c.preferred_request;
  value.connections = c.connections;
  value.keep_serial_console = c.keep_serial_console != V2V_NO;
  value.express_uefi = c.express_uefi != V2V_NO;
  value.destination = detail::text(c.destination);
  return value;
}

inline v2v_target_disk *to_c(Lender &lender, const TargetDisk &value) {
  auto *c = lender.make<v2v_target_disk>();
  c->index = value.index;
  c->format = lender.present(value.format);
  c->virtual_size = value.virtual_size;
  c->estimated_size = value.estimated_size;
  return c;
}
inline const v2v_target_disk *const *to_c(Lender &lender, const std::vector<TargetDisk> &disks) {
  return lender.list<const v2v_target_disk>(
      disks, [&](const TargetDisk &disk) { return to_c(lender, disk); });
}
inline std::vector<TargetDisk> from_c(const v2v_target_disk *const *disks) {
  std::vector<TargetDisk> values;
  detail::each(disks, [&](const v2v_target_disk *disk) {
    V2V_REQUIRE(v2v_target_disk, disk, estimated_size);
    values.push_back(
        {disk->index, detail::text(disk->format), disk->virtual_size, disk->estimated_size});
  });
  return values;
}

inline v2v_target *to_c(Lender &lender, const Target &value) {
  auto *c = lender.make<v2v_target>();
  c->mode = static_cast<std::int32_t>(value.mode);
  c->location = value.location ? to_c(lender, *value.location) : nullptr;
  c->reads_as_zero = detail::yes_no(value.reads_as_zero);
  c->compressed = detail::yes_no(value.compressed);
  c->preallocated = detail::yes_no(value.preallocated);
  return c;
}
inline Target from_c(const v2v_target &c) {
  V2V_REQUIRE(v2v_target, &c, reserved);
  Target value;
  value.mode = static_cast<Target::Mode>(c.mode);
  if (c.location) value.location = from_c(*c.location);
  value.reads_as_zero = c.reads_as_zero == V2V_YES;
  value.compressed = c.compressed == V2V_YES;
  value.preallocated = c.preallocated == V2V_YES;
  return value;
}

// ---- Metadata ---------------------------------------------------------------------------------

namespace detail {
inline const v2v_slot *const *slots(Lender &lender, const std::vector<Slot> &values) {
  return lender.list<const v2v_slot>(values, [&](const Slot &slot) {
    auto *c = lender.make<v2v_slot>();
    c->type = static_cast<std::int32_t>(slot.type);
    c->index = slot.index;
    return c;
  });
}
inline std::vector<Slot> slots(const v2v_slot *const *array) {
  std::vector<Slot> values;
  each(array, [&](const v2v_slot *slot) {
    V2V_REQUIRE(v2v_slot, slot, index);
    values.push_back({static_cast<Slot::Type>(slot->type), slot->index});
  });
  return values;
}
}  // namespace detail

inline v2v_metadata *to_c(Lender &lender, const Metadata &value) {
  auto *buses = lender.make<v2v_buses>();
  buses->virtio_blk = detail::slots(lender, value.buses.virtio_blk);
  buses->ide = detail::slots(lender, value.buses.ide);
  buses->scsi = detail::slots(lender, value.buses.scsi);
  buses->floppy = detail::slots(lender, value.buses.floppy);
  auto *c = lender.make<v2v_metadata>();
  c->firmware = static_cast<std::int32_t>(value.firmware);
  c->name = lender.present(value.name);
  c->source = to_c(lender, value.source);
  c->inspection = to_c(lender, value.inspection);
  c->caps = to_c(lender, value.caps);
  c->buses = buses;
  c->disks = to_c(lender, value.disks);
  c->generator = lender.present(value.generator);
  return c;
}
inline Buses from_c(const v2v_buses &c) {
  V2V_REQUIRE(v2v_buses, &c, floppy);
  return {detail::slots(c.virtio_blk), detail::slots(c.ide), detail::slots(c.scsi),
          detail::slots(c.floppy)};
}
inline Metadata from_c(const v2v_metadata &c) {
  using detail::require_there;
  V2V_REQUIRE(v2v_metadata, &c, generator);
  Metadata value;
  value.firmware = static_cast<Firmware>(c.firmware);
  value.name = detail::text(c.name);
  value.generator = detail::text(c.generator);
  value.source = from_c(require_there(c.source, "v2v_source"));
  value.inspection = from_c(require_there(c.inspection, "v2v_inspection"));
  value.caps = from_c(require_there(c.caps, "v2v_guest_caps"));
  value.buses = from_c(require_there(c.buses, "v2v_buses"));
  value.disks = from_c(c.disks);
  return value;
}

}  // namespace v2v
