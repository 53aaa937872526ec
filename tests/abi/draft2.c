/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * An output as it was built for draft 2 of the ABI: its descriptor ends with the draft, and its calls
 * have another shape, so that nothing of it may ever be called. Written down here, because plugin.h
 * does not know it any more. */
#include <stdint.h>
#include <stdlib.h>

typedef struct draft2_output {
  uint32_t size, reserved;
  void (*members[9])(void);
} draft2_output;

typedef struct draft2_plugin {
  uint32_t size, abi_major, abi_minor;
  int32_t kind;
  const char *name, *version, *vendor, *handles;
  const void *options, *input, *converter;
  const draft2_output *output;
  void *get_extension;
  uint32_t abi_draft, reserved;
} draft2_plugin;

static const draft2_output table = {
    sizeof table, 0, {abort, abort, abort, abort, abort, abort, abort, abort, abort}};
static const draft2_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = 1,
    .kind = 3,
    .name = NAME,
    .version = "1",
    .vendor = "the v2v authors",
    .handles = "nothing",
    .output = &table,
    .abi_draft = 2,
};

__attribute__((visibility("default"))) const void *v2v_plugin_entry_v1(const void *host);
const void *v2v_plugin_entry_v1(const void *host) {
  (void)host;
  return &plugin;
}
