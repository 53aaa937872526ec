// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The fields, as in exchange.hpp, of what is asked of a plugin and of what an output answers: requests,
// wishes, the description of a target, its disks, buses and the metadata.
#pragma once

#include <v2v/exchange.hpp>

namespace v2v {

// ---- What is asked of an input and a converter ------------------------------------------------

template <>
struct Fields<v2v_input_request> {
  using Value = InputRequest;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_input_request", V2V_HAS(v2v_input_request, &c, options), c.size);
    io.yes_no(c.allow_references, v.allow_references);
    io.texts(c.arguments, v.arguments);
    io.text(c.format, v.format);
    io.text(c.transport, v.transport);
    io.text(c.connection, v.connection);
    io.options(c.options, v.options);
  }
};

template <>
struct Fields<v2v_probe_request> {
  using Value = ProbeRequest;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_probe_request", V2V_HAS(v2v_probe_request, &c, source), c.size);
    io.nested(c.inspection, v.inspection, "v2v_probe_request's inspection");
    io.nested(c.source, v.source, "v2v_probe_request's source");
  }
};

template <>
struct Fields<v2v_static_address> {
  using Value = StaticAddress;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_static_address", V2V_HAS(v2v_static_address, &c, name_servers), c.size);
    io.number(c.prefix_length, v.prefix_length);
    io.present(c.mac, v.mac);
    io.present(c.address, v.address);
    io.text(c.gateway, v.gateway);
    io.texts(c.name_servers, v.name_servers);
  }
};

template <>
struct Fields<v2v_wishes> {
  using Value = Wishes;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_wishes", V2V_HAS(v2v_wishes, &c, static_addresses), c.size);
    io.yes_no(c.keep_serial_console, v.keep_serial_console);
    io.yes_no(c.rebuild_initramfs, v.rebuild_initramfs);
    io.strict(c.block_bus, v.block_bus, "block_bus of the wishes",
              {BlockBus::none, BlockBus::ide, BlockBus::virtio_blk, BlockBus::virtio_scsi});
    io.options(c.options, v.options);
    io.yes_no(c.relabel, v.relabel);
    io.list(c.static_addresses, v.static_addresses);
  }
};

template <>
struct Fields<v2v_foresee_request> {
  using Value = ForeseeRequest;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_foresee_request", V2V_HAS(v2v_foresee_request, &c, wishes), c.size);
    io.nested(c.source, v.source, "v2v_foresee_request's source");
    io.nested(c.wishes, v.wishes, "v2v_foresee_request's wishes");
    if (V2V_HAS(v2v_foresee_request, &c, inspection))
      io.nested_if_there(c.inspection, v.inspection);
  }
};

template <>
struct Fields<v2v_convert_request> {
  using Value = ConvertRequest;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_convert_request", V2V_HAS(v2v_convert_request, &c, wishes), c.size);
    io.pointer(c.guestfs, v.guestfs);
    io.nested(c.inspection, v.inspection, "v2v_convert_request's inspection");
    io.nested(c.source, v.source, "v2v_convert_request's source");
    io.nested(c.wishes, v.wishes, "v2v_convert_request's wishes");
  }
};

template <>
struct Fields<v2v_operation> {
  using Value = Operation;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_operation", V2V_HAS(v2v_operation, &c, arguments), c.size);
    io.present(c.kind, v.kind);
    io.texts(c.arguments, v.arguments);
  }
};

template <>
struct Fields<v2v_check_operations_request> {
  using Value = CheckOperationsRequest;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_check_operations_request", V2V_HAS(v2v_check_operations_request, &c, operations),
             c.size);
    io.pointer(c.guestfs, v.guestfs);
    io.nested(c.inspection, v.inspection, "v2v_check_operations_request's inspection");
    io.list(c.operations, v.operations);
  }
};

template <>
struct Fields<v2v_customise_request> {
  using Value = CustomiseRequest;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_customise_request", V2V_HAS(v2v_customise_request, &c, operations), c.size);
    io.yes_no(c.keep_log, v.keep_log);
    io.pointer(c.guestfs, v.guestfs);
    io.list(c.operations, v.operations);
  }
};

// ---- The target -------------------------------------------------------------------------------

template <>
struct Fields<v2v_output_request> {
  using Value = OutputRequest;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_output_request", V2V_HAS(v2v_output_request, &c, options), c.size);
    io.choice_if_set(c.allocation_set, c.allocation, v.allocation, Allocation::sparse,
                     {Allocation::sparse, Allocation::preallocated});
    io.text(c.name, v.name);
    io.text(c.format, v.format);
    io.text(c.storage, v.storage);
    io.text(c.connection, v.connection);
    io.options(c.options, v.options);
  }
};

template <>
struct Fields<v2v_output_description> {
  using Value = OutputDescription;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_output_description", V2V_HAS(v2v_output_description, &c, destination), c.size);
    io.number(c.max_disks, v.max_disks);
    io.texts(c.formats, v.formats);
    io.number(c.size_granularity, v.size_granularity);
    io.number(c.preferred_request, v.preferred_request);
    io.number(c.connections, v.connections);
    io.yes_no(c.keep_serial_console, v.keep_serial_console);
    io.yes_no(c.express_uefi, v.express_uefi);
    io.number(c.modes, v.modes);
    io.number(c.parallel_disks, v.parallel_disks);
    io.text(c.destination, v.destination);
  }
};

template <>
struct Fields<v2v_target_disk> {
  using Value = TargetDisk;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_target_disk", V2V_HAS(v2v_target_disk, &c, estimated_size), c.size);
    io.number(c.index, v.index);
    io.present(c.format, v.format);
    io.number(c.virtual_size, v.virtual_size);
    io.number(c.estimated_size, v.estimated_size);
  }
};

template <>
struct Fields<v2v_target> {
  using Value = Target;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_target", V2V_HAS(v2v_target, &c, display_name), c.size);
    io.strict(c.mode, v.mode, "the mode of a target",
              {Target::Mode::host_writes, Target::Mode::plugin_takes, Target::Mode::plugin_copies,
               Target::Mode::discard, Target::Mode::plugin_reads});
    io.nested_if_there(c.location, v.location);
    io.yes_no(c.reads_as_zero, v.reads_as_zero);
    io.yes_no(c.compressed, v.compressed);
    io.yes_no(c.preallocated, v.preallocated);
    io.text(c.display_name, v.display_name);
  }
};

// ---- The new machine, and what is asked of an output for it -----------------------------------

template <>
struct Fields<v2v_slot> {
  using Value = Slot;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_slot", V2V_HAS(v2v_slot, &c, index), c.size);
    io.strict(c.type, v.type, "the type of a slot",
              {Slot::Type::empty, Slot::Type::disk, Slot::Type::removable});
    io.number(c.index, v.index);
  }
};

template <>
struct Fields<v2v_buses> {
  using Value = Buses;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_buses", V2V_HAS(v2v_buses, &c, floppy), c.size);
    io.list(c.virtio_blk, v.virtio_blk);
    io.list(c.ide, v.ide);
    io.list(c.scsi, v.scsi);
    io.list(c.floppy, v.floppy);
  }
};

template <>
struct Fields<v2v_metadata> {
  using Value = Metadata;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_metadata", V2V_HAS(v2v_metadata, &c, generator), c.size);
    io.choice(c.firmware, v.firmware, Firmware::unknown, detail::firmwares);
    io.present(c.name, v.name);
    io.nested(c.source, v.source, "v2v_metadata's source");
    io.nested_if(!v.inspection.root.empty(), c.inspection, v.inspection);
    io.nested_if(!v.caps.arch.empty(), c.caps, v.caps);
    io.nested_if(!v.caps.arch.empty(), c.buses, v.buses);
    io.list(c.disks, v.disks);
    io.present(c.generator, v.generator);
  }
};

template <>
struct Fields<v2v_take_request> {
  using Value = TakeRequest;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_take_request", V2V_HAS(v2v_take_request, &c, metadata), c.size);
    io.number(c.disk, v.disk);
    io.nested(c.image, v.image, "v2v_take_request's image");
    io.nested(c.metadata, v.metadata, "v2v_take_request's metadata");
  }
};

template <>
struct Fields<v2v_range> {
  using Value = Range;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_range", V2V_HAS(v2v_range, &c, length), c.size);
    io.number(c.start, v.start);
    io.number(c.length, v.length);
  }
};

template <>
struct Fields<v2v_copy_request> {
  using Value = CopyRequest;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_copy_request", V2V_HAS(v2v_copy_request, &c, changes), c.size);
    io.number(c.disk, v.disk);
    io.nested(c.location, v.location, "v2v_copy_request's location");
    io.nested(c.metadata, v.metadata, "v2v_copy_request's metadata");
    io.nested_if_there(c.base, v.base);
    io.list_if_there(c.changes, v.changes);
  }
};

template <>
struct Fields<v2v_read_request> {
  using Value = ReadRequest;
  template <class Io, class C, class V>
  static void all(Io &io, C &c, V &v) {
    io.whole("v2v_read_request", V2V_HAS(v2v_read_request, &c, changes), c.size);
    io.number(c.disk, v.disk);
    io.present(c.uri, v.uri);
    io.nested(c.metadata, v.metadata, "v2v_read_request's metadata");
    io.nested_if_there(c.base, v.base);
    io.list_if_there(c.changes, v.changes);
  }
};

}  // namespace v2v
