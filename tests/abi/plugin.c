/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * A whole output plugin that does nothing. Each test plugin is this file, with one thing made wrong
 * by a macro; CMakeLists.txt lists them. */
#include <v2v/plugin.h>

#ifndef ENTRY
#define ENTRY v2v_plugin_entry_v1
#endif
#ifndef MAJOR
#define MAJOR V2V_ABI_MAJOR
#endif
#ifndef MINOR
#define MINOR V2V_TARGET_MINOR
#endif
#ifndef DRAFT
#define DRAFT V2V_ABI_DRAFT
#endif
#ifndef KIND
#define KIND V2V_KIND_OUTPUT
#endif
#ifndef VENDOR
#define VENDOR "the v2v authors"
#endif
#ifndef DESCRIPTOR_SIZE
#define DESCRIPTOR_SIZE sizeof(v2v_plugin)
#endif
#ifndef TABLE_SIZE
#define TABLE_SIZE sizeof(v2v_output)
#endif
#ifndef TABLE
#define TABLE &table
#endif
#ifndef OPEN
#define OPEN open_output
#endif
#ifndef FORMAT
#define FORMAT "raw"
#endif
#ifndef TARGET_SIZE
#define TARGET_SIZE sizeof(v2v_target)
#endif
#ifndef MODES
#define MODES V2V_MODE_BIT(V2V_TARGET_HOST_WRITES) | V2V_MODE_BIT(V2V_TARGET_DISCARD)
#endif
#ifndef PREPARE_STATUS
#define PREPARE_STATUS V2V_OK
#endif
#ifndef OPTION_TYPE
#define OPTION_TYPE V2V_OPTION_SIZE
#endif
#ifndef OPTION_DEFAULT
#define OPTION_DEFAULT "4K"
#endif
#ifndef SECOND_OPTION
#define SECOND_OPTION "tag"
#endif

#ifdef UNDEFINED
void nobody_has_this(void);
#endif

static struct { const v2v_host *host; } state;

static v2v_status open_output(const v2v_host *host, const v2v_output_request *request,
                              void **instance) {
  (void)request;
#ifdef CARELESS
  const v2v_error complaint = {.size = sizeof complaint, .code = V2V_E_IO, .what = "got over it"};
  host->set_error(host, &complaint);
  state.host = host;
#else
  (void)host;
#endif
  *instance = &state;
  return V2V_OK;
}

static v2v_status describe(void *instance, const v2v_describe_request *request,
                           const v2v_output_description **description) {
  static const char *const formats[] = {FORMAT, NULL};
  static const v2v_output_description answer = {
      .size = sizeof answer, .formats = formats, .modes = MODES};
  (void)instance;
  (void)request;
  *description = &answer;
  return V2V_OK;
}

static v2v_status prepare(void *instance, const v2v_prepare_request *request,
                          const v2v_target *const **targets) {
#ifdef TARGET_MODE
  static const v2v_target target = {.size = TARGET_SIZE, .mode = TARGET_MODE};
  static const v2v_target *const answer[] = {&target, NULL};
#else
  static const v2v_target *const answer[] = {NULL};
#endif
#ifdef CARELESS
  const v2v_host *host = state.host;
  host->log(host, V2V_LOG_INFO, NULL);
  host->set_error(host, NULL);
  host->journal(host, NULL);
  host->secret(host, NULL, NULL);
#endif
  (void)instance;
  (void)request;
  *targets = answer;
  return PREPARE_STATUS;
}

static v2v_status commit(void *instance, const v2v_commit_request *request) {
  (void)instance;
  (void)request;
#ifdef UNDEFINED
  nobody_has_this();
#endif
  return V2V_OK;
}

static void close_output(void *instance) {
  (void)instance;
}

static const v2v_output table = {
    .size = TABLE_SIZE,
    .open = OPEN,
    .describe = describe,
    .prepare = prepare,
    .commit = commit,
    .close = close_output,
};

static const v2v_option block = {
    .size = sizeof block,
    .type = OPTION_TYPE,
    .name = "block",
    .default_value = OPTION_DEFAULT,
    .help = "Size of a block.",
};
static const v2v_option tag = {
    .size = sizeof tag,
    .type = V2V_OPTION_LIST,
    .name = SECOND_OPTION,
    .value_name = "WORD",
    .help = "A word to remember.",
};
static const v2v_option *const options[] = {&block, &tag, NULL};

static const v2v_plugin plugin = {
    .size = DESCRIPTOR_SIZE,
    .abi_major = MAJOR,
    .abi_minor = MINOR,
    .abi_draft = DRAFT,
    .kind = KIND,
    .name = NAME,
    .version = "1.2.3",
    .vendor = VENDOR,
    .handles = "nothing",
    .options = options,
    .output = TABLE,
};

V2V_EXPORT const v2v_plugin *ENTRY(const v2v_host *host);

const v2v_plugin *ENTRY(const v2v_host *host) {
  (void)host;
#ifdef REASON
  const v2v_error error = {.size = sizeof error,
                           .code = V2V_E_ACCESS,
                           .what = REASON,
                           .object = "licence.txt",
                           .remedy = "renew it"};
  host->set_error(host, &error);
#endif
#if defined REFUSE || defined REASON
  (void)plugin;
  return NULL;
#else
  host->log(host, V2V_LOG_INFO, "loaded " NAME);
  return &plugin;
#endif
}
