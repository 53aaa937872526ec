/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * A converter that changes nothing and answers guest caps that a macro may make wrong. */
#include <v2v/plugin.h>

#include <string.h>

#ifndef BLOCK_BUS
#define BLOCK_BUS V2V_BUS_VIRTIO_BLK
#endif
#ifndef SCORE
#define SCORE 50
#endif

static const v2v_host *kept;

static int32_t probe(const v2v_host *host, const v2v_probe_request *request) {
#ifdef PROBE_FAILS
  const v2v_error error = {.size = sizeof error, .code = V2V_E_IO, .what = "the table is gone"};
  host->set_error(host, &error);
#endif
  (void)host;
  (void)request;
  return SCORE;
}

static v2v_status convert(const v2v_host *host, const v2v_convert_request *request, void **instance,
                          const v2v_guest_caps **caps) {
  static const v2v_guest_caps answer = {.size = sizeof answer,
                                        .block_bus = BLOCK_BUS,
                                        .net_bus = V2V_NET_VIRTIO,
                                        .machine = V2V_MACHINE_Q35,
                                        .arch = "x86_64"};
  (void)request;
#ifdef JOURNALS
  return host->journal(host, "made");
#endif
#ifdef ASKS
  const char *secret = "";
  const v2v_secret_request question = {.size = sizeof question, .option = "password-file"};
  const v2v_status status = host->secret(host, &question, &secret);
  if (status != V2V_OK) return status;
  if (secret) host->log(host, V2V_LOG_INFO, secret);
#endif
  kept = host;
  *instance = NULL; /* allowed: close is called all the same */
  *caps = &answer;
  return V2V_OK;
}

static void close_converter(void *instance) {
  (void)instance;
  kept->log(kept, V2V_LOG_INFO, "closed");
}

#ifdef CUSTOMISE_SIZE
#ifndef CUSTOMISE
#define CUSTOMISE NULL
#endif
__attribute__((unused)) static v2v_status never(void *instance,
                                                const v2v_customise_request *request) {
  (void)instance;
  (void)request;
  return V2V_E_INTERNAL;
}
static v2v_status check(const v2v_host *host, const v2v_check_operations_request *request) {
  /* One that this converter has never heard of, from a newer host. */
  const v2v_error error = {
      .size = sizeof error, .code = V2V_E_UNSUPPORTED, .what = request->operations[0]->kind};
  host->set_error(host, &error);
  return error.code;
}
static const v2v_customise customise = {
    .size = CUSTOMISE_SIZE, .check = check, .customise = CUSTOMISE};

static const void *get_extension(const char *id) {
  return strcmp(id, V2V_CONVERTER_CUSTOMISE) == 0 ? &customise : NULL;
}
#endif

static const v2v_converter table = {
    .size = sizeof table, .probe = probe, .convert = convert, .close = close_converter};
static const v2v_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = V2V_ABI_MAJOR,
    .abi_minor = V2V_TARGET_MINOR,
    .abi_draft = V2V_ABI_DRAFT,
    .kind = V2V_KIND_CONVERT,
    .name = NAME,
    .version = "1",
    .vendor = "the v2v authors",
    .handles = "nothing",
    .converter = &table,
#ifdef CUSTOMISE_SIZE
    .get_extension = get_extension,
#endif
};

const v2v_plugin *v2v_plugin_entry_v1(const v2v_host *host) {
  (void)host;
  return &plugin;
}
