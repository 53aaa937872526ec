/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * A library would do this better; an example is to be built with a compiler alone. */
#include "json.h"

#include <inttypes.h>

/* A string, or null. Bytes from 0x80 are UTF-8, which JSON takes as it is. */
static void text(FILE *file, const char *value) {
  if (!value) {
    fputs("null", file);
    return;
  }
  fputc('"', file);
  for (const unsigned char *c = (const unsigned char *)value; *c; ++c) {
    if (*c == '"' || *c == '\\')
      fprintf(file, "\\%c", *c);
    else if (*c < ' ')
      fprintf(file, "\\u%04x", *c);
    else
      fputc(*c, file);
  }
  fputc('"', file);
}

static void member(FILE *file, const char *name, const char *value) {
  fprintf(file, "  \"%s\": ", name);
  text(file, value);
  fputs(",\n", file);
}

static const char *block_bus(int32_t bus) {
  switch (bus) {
    case V2V_BUS_VIRTIO_BLK:
      return "virtio-blk";
    case V2V_BUS_VIRTIO_SCSI:
      return "virtio-scsi";
    default:
      return "ide";
  }
}

static const char *net_bus(int32_t bus) {
  switch (bus) {
    case V2V_NET_VIRTIO:
      return "virtio";
    case V2V_NET_RTL8139:
      return "rtl8139";
    default:
      return "e1000";
  }
}

static const char *machine(int32_t type) {
  switch (type) {
    case V2V_MACHINE_I440FX:
      return "pc";
    case V2V_MACHINE_VIRT:
      return "virt";
    default:
      return "q35";
  }
}

/* A comma before every element but the first. */
static const char *separator(size_t index) {
  return index == 0 ? "" : ",";
}

void json_manifest(FILE *file, const v2v_metadata *metadata, const char *const *labels) {
  const v2v_source *source = metadata->source;
  const v2v_guest_caps *caps = metadata->caps;
  fputs("{\n", file);
  member(file, "generator", metadata->generator);
  member(file, "name", metadata->name);
  member(file, "os", metadata->inspection->osinfo);
  member(file, "arch", caps->arch);
  member(file, "machine", machine(caps->machine));
  member(file, "firmware", metadata->firmware == V2V_FIRMWARE_UEFI ? "uefi" : "bios");
  member(file, "disk_bus", block_bus(caps->block_bus));
  fprintf(file, "  \"memory_bytes\": %" PRIu64 ",\n  \"vcpus\": %" PRIu32 ",\n", source->memory,
          source->vcpus);

  fputs("  \"disks\": [", file);
  for (size_t i = 0; metadata->disks && metadata->disks[i]; ++i)
    fprintf(file,
            "%s\n    {\"file\": \"disk%zu.raw\", \"format\": \"raw\", \"bytes\": %" PRIu64 "}",
            separator(i), i, metadata->disks[i]->virtual_size);
  fputs("\n  ],\n  \"nics\": [", file);
  for (size_t i = 0; source->nics && source->nics[i]; ++i) {
    const v2v_nic *nic = source->nics[i];
    fprintf(file, "%s\n    {\"model\": \"%s\", \"mac\": ", separator(i), net_bus(caps->net_bus));
    text(file, nic->mac);
    fprintf(file, ", \"%s\": ", nic->type == V2V_NIC_BRIDGE ? "bridge" : "network");
    text(file, nic->network ? nic->network : "default");
    fputc('}', file);
  }
  fputs("\n  ],\n  \"labels\": [", file);
  for (size_t i = 0; labels && labels[i]; ++i) {
    fprintf(file, "%s\n    ", separator(i));
    text(file, labels[i]);
  }
  fputs("\n  ]\n}\n", file);
}
