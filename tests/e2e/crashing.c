/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * An output that leaves a file named by -os behind it when it crashes in commit. Its abort, in another
 * process, is what removes the file. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <v2v/plugin.h>

static const v2v_host *the_host;
static char path[4096]; /* of the file */

static v2v_status open_output(const v2v_host *host, const v2v_output_request *request,
                              void **instance) {
  the_host = host;
  snprintf(path, sizeof path, "%s/made-by-prepare", request->storage);
  *instance = &the_host;
  return V2V_OK;
}

static v2v_status describe(void *instance, const v2v_describe_request *request,
                           const v2v_output_description **description) {
  static const char *const formats[] = {"raw", NULL};
  static const v2v_output_description answer = {
      .size = sizeof answer, .formats = formats, .modes = V2V_MODE_BIT(V2V_TARGET_DISCARD)};
  (void)instance;
  (void)request;
  *description = &answer;
  return V2V_OK;
}

static v2v_status prepare(void *instance, const v2v_prepare_request *request,
                          const v2v_target *const **targets) {
  static const v2v_target discard = {.size = sizeof discard, .mode = V2V_TARGET_DISCARD};
  static const v2v_target *const answer[] = {&discard, NULL};
  (void)instance;
  (void)request;
  const v2v_status status = the_host->journal(the_host, path);
  if (status != V2V_OK) return status;
  FILE *file = fopen(path, "w");
  if (!file) return V2V_E_IO;
  fclose(file);
  *targets = answer;
  return V2V_OK;
}

static v2v_status commit(void *instance, const v2v_commit_request *request) {
  (void)instance;
  (void)request;
  abort();
}

static v2v_status abort_output(const v2v_host *host, const v2v_abort_request *request) {
  (void)host;
  for (const char *const *records = request->records; records && *records; ++records)
    unlink(*records);
  return V2V_OK;
}

static void close_output(void *instance) {
  (void)instance;
}

static const v2v_output table = {
    .size = sizeof table,
    .open = open_output,
    .describe = describe,
    .prepare = prepare,
    .commit = commit,
    .abort = abort_output,
    .close = close_output,
};
static const v2v_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = V2V_ABI_MAJOR,
    .abi_minor = V2V_TARGET_MINOR,
    .abi_draft = V2V_ABI_DRAFT,
    .kind = V2V_KIND_OUTPUT,
    .name = "crashing",
    .version = "1",
    .vendor = "the v2v authors",
    .handles = "nothing",
    .output = &table,
};

const v2v_plugin *v2v_plugin_entry_v1(const v2v_host *host) {
  (void)host;
  return &plugin;
}
