/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * The smallest output plugin in C: it takes each finished disk, and does nothing with it. Give it
 * a name (here and in CMakeLists.txt), fill in take and commit, and for everything that you create
 * outside: host->journal before, abort to remove it. v2v/plugin.h is the manual. */
#include <v2v/plugin.h>

#include <stdio.h>
#include <stdlib.h>

enum { most_disks = 26 };

/* One conversion. What prepare hands out lives here until close. */
typedef struct mytarget {
  const v2v_host *host;
  v2v_target target;
  const v2v_target *targets[most_disks + 1];
} mytarget;

static v2v_status mytarget_open(const v2v_host *host, const v2v_output_request *request,
                                void **instance) {
  (void)request; /* -os, -oc and the options; copy what you need later */
  mytarget *me = calloc(1, sizeof *me);
  if (!me) return V2V_E_INTERNAL;
  me->host = host;
  *instance = me;
  return V2V_OK;
}

static v2v_status mytarget_describe(void *instance, const v2v_describe_request *request,
                                    const v2v_output_description **description) {
  static const char *const formats[] = {"qcow2", "raw", NULL}; /* the preferred one first */
  static const v2v_output_description answer = {
      .size = sizeof answer,
      .max_disks = most_disks,
      .formats = formats,
      .modes = V2V_MODE_BIT(V2V_TARGET_PLUGIN_TAKES),
      .parallel_disks = 1, /* more: take is called for several disks at once */
      .keep_serial_console = V2V_YES,
      .express_uefi = V2V_YES,
      .destination = "-o mytarget",
  };
  (void)instance;
  (void)request;
  *description = &answer;
  return V2V_OK;
}

static v2v_status mytarget_prepare(void *instance, const v2v_prepare_request *request,
                                   const v2v_target *const **targets) {
  mytarget *me = instance;
  const v2v_target_disk *const *disks = request->metadata->disks;
  me->target = (v2v_target){.size = sizeof me->target, .mode = V2V_TARGET_PLUGIN_TAKES};
  for (size_t i = 0; i < most_disks && disks && disks[i]; ++i) me->targets[i] = &me->target;
  *targets = me->targets;
  return V2V_OK;
}

/* The disk as a local image: request->image->path, in the format that was asked for. */
static v2v_status mytarget_take(void *instance, const v2v_take_request *request) {
  mytarget *me = instance;
  char message[4096];
  snprintf(message, sizeof message, "disk %u is ready at %s", request->disk + 1,
           request->image->path);
  me->host->log(me->host, V2V_LOG_INFO, message);
  if (me->host->cancelled(me->host)) return V2V_E_CANCELLED;

  /* An error looks like this:
   *   const v2v_error error = {.size = sizeof error,
   *                            .code = V2V_E_NO_SPACE,
   *                            .what = "the volume is full",
   *                            .object = "volume 7",
   *                            .remedy = "make it larger"};
   *   me->host->set_error(me->host, &error);
   *   return error.code; */
  return V2V_OK;
}

/* Create the machine. All or nothing. */
static v2v_status mytarget_commit(void *instance, const v2v_commit_request *request) {
  (void)instance;
  (void)request; /* request->metadata: all that is known of the machine */
  return V2V_OK;
}

static void mytarget_close(void *instance) {
  free(instance);
}

static const v2v_output output = {
    .size = sizeof output,
    .open = mytarget_open,
    .describe = mytarget_describe,
    .prepare = mytarget_prepare,
    .take = mytarget_take,
    .commit = mytarget_commit,
    .close = mytarget_close,
};

static const v2v_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = V2V_ABI_MAJOR,
    .abi_minor = V2V_TARGET_MINOR,
    .abi_draft = V2V_ABI_DRAFT,
    .kind = V2V_KIND_OUTPUT,
    .name = "mytarget",
    .version = "0.1",
    .vendor = "you",
    .handles = "my target",
    .output = &output,
};

const v2v_plugin *v2v_plugin_entry_v1(const v2v_host *host) {
  (void)host;
  return &plugin;
}
