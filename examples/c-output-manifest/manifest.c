/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * An output plugin in plain C11: -o manifest -os DIRECTORY makes
 *
 *     DIRECTORY/NAME/disk0.raw, disk1.raw …   the disks
 *     DIRECTORY/NAME/manifest.json            what a machine must have to run them
 *
 * for a script that creates the machine by itself. It shows all that an output needs:
 *
 *   All or nothing.  The disks are written into a hidden directory beside the final one. commit
 *                    gives it its name with one rename, so nobody ever sees half a guest.
 *   Clean-up.        The hidden directory goes into the journal before it is made; abort removes
 *                    what the journal names, and needs no instance to do so.
 *   Errors           say what failed, on which object, and what to do.
 *
 * One instance serves one conversion. The host calls it from one thread at a time, so there are
 * no locks. Everything that an instance hands out lives in it and is freed by close.
 */
#define _GNU_SOURCE
#include "help.h"
#include "json.h"

#include <v2v/plugin.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct manifest {
  const v2v_host *host;
  char *storage;   /* -os, absolute */
  char *final;     /* storage/NAME; set by precheck */
  char *work;      /* storage/.v2v-RANDOM; set by prepare */
  int preallocate; /* -oa preallocated */
  char **labels;   /* of the label options, copied; null at the end */
  size_t disk_count;
  v2v_location *locations; /* one for each disk, as the arrays below */
  v2v_target *targets;
  const v2v_target **list; /* what prepare hands out; null at the end */
  v2v_output_description description;
  char *destination;
} manifest;

/* ---- open and close -------------------------------------------------------------------------- */

static void manifest_close(void *instance) {
  manifest *me = instance;
  for (size_t i = 0; i < me->disk_count; ++i) free((char *)me->locations[i].path);
  free(me->locations);
  free(me->targets);
  free(me->list);
  for (size_t i = 0; me->labels && me->labels[i]; ++i) free(me->labels[i]);
  free(me->labels);
  free(me->destination);
  free(me->work);
  free(me->final);
  free(me->storage);
  free(me);
}

/* What is in the request is gone when open returns, so labels are copied. */
static int copy_labels(manifest *me, const v2v_pair *const *options) {
  me->labels = calloc(COUNT(options) + 1, sizeof *me->labels);
  if (!me->labels) return -1;
  size_t n = 0;
  for (; options && *options; ++options) {
    if (strcmp((*options)->name, "label") != 0) continue;
    if (!(me->labels[n++] = strdup((*options)->value))) return -1;
  }
  return 0;
}

static v2v_status check_request(const v2v_host *host, const v2v_output_request *request) {
  struct stat info;
  if (!request->storage)
    return fail(host, V2V_E_USAGE, "-o manifest", "add -os DIRECTORY",
                "the directory for the guest is not given");
  if (stat(request->storage, &info) != 0)
    return fail(host, V2V_E_NOT_FOUND, request->storage, "create it, or correct -os",
                strerror(errno));
  if (!S_ISDIR(info.st_mode))
    return fail(host, V2V_E_USAGE, request->storage, "give a directory to -os",
                "is not a directory");
  if (request->format && strcmp(request->format, "raw") != 0)
    return fail(host, V2V_E_USAGE, "-o manifest", "leave out -of", "it writes raw disks only");
  return V2V_OK;
}

static v2v_status manifest_open(const v2v_host *host, const v2v_output_request *request,
                                void **instance) {
  const v2v_status status = check_request(host, request);
  if (status != V2V_OK) return status;

  manifest *me = calloc(1, sizeof *me);
  if (!me) return out_of_memory(host);
  me->host = host;
  me->preallocate = request->allocation == V2V_ALLOCATION_PREALLOCATED;
  me->storage = realpath(request->storage, NULL);
  me->destination = format("-o manifest -os %s", request->storage);
  if (!me->storage || !me->destination || copy_labels(me, request->options) != 0) {
    manifest_close(me);
    return out_of_memory(host);
  }
  *instance = me;
  return V2V_OK;
}

static v2v_status manifest_describe(void *instance, const v2v_describe_request *request,
                                    const v2v_output_description **description) {
  static const char *const formats[] = {"raw", NULL};
  manifest *me = instance;
  (void)request;
  me->description = (v2v_output_description){
      .size = sizeof me->description,
      .formats = formats,
      .size_granularity = 512,
      .connections = 4,
      .modes = V2V_MODE_BIT(V2V_TARGET_HOST_WRITES),
      .keep_serial_console = V2V_YES,
      .express_uefi = V2V_YES,
      .destination = me->destination,
  };
  *description = &me->description;
  return V2V_OK;
}

/* ---- precheck and prepare -------------------------------------------------------------------- */

static v2v_status name_final(manifest *me, const char *name) {
  char *file = file_name(name);
  free(me->final);
  me->final = file ? format("%s/%s", me->storage, file) : NULL;
  free(file);
  return me->final ? V2V_OK : out_of_memory(me->host);
}

static v2v_status manifest_precheck(void *instance, const v2v_precheck_request *request) {
  manifest *me = instance;
  const v2v_status status = name_final(me, request->metadata->name);
  if (status != V2V_OK) return status;
  struct stat info;
  if (lstat(me->final, &info) == 0)
    return fail(me->host, V2V_E_EXISTS, me->final, "remove it, or choose another name with -on",
                "is already there");
  if (access(me->storage, W_OK) != 0) return fail_errno(me->host, me->storage, "cannot be written");
  return V2V_OK;
}

/* The journal is told of the directory before it is there. Its name must therefore be one that
 * nobody else uses: mkdir refuses one that is, and abort removes only what was made here. */
static v2v_status make_work_directory(manifest *me) {
  unsigned long long unique = 0;
  if (getentropy(&unique, sizeof unique) != 0)
    return fail_errno(me->host, NULL, "cannot get a random number");
  me->work = format("%s/.v2v-%016llx", me->storage, unique);
  if (!me->work) return out_of_memory(me->host);
  const v2v_status status = me->host->journal(me->host, me->work);
  if (status != V2V_OK) return fail(me->host, status, me->work, NULL, "cannot write the journal");
  if (mkdir(me->work, 0777) != 0)
    return fail_errno(me->host, me->work, "cannot create the directory");
  return V2V_OK;
}

static v2v_status make_disk(manifest *me, const v2v_target_disk *disk, const char *path) {
  const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return fail_errno(me->host, path, "cannot create the disk");
  const off_t size = (off_t)disk->virtual_size;
  /* posix_fallocate answers its error instead of setting errno. */
  errno = me->preallocate ? posix_fallocate(fd, 0, size) : 0;
  v2v_status status = V2V_OK;
  if (errno != 0 || ftruncate(fd, size) != 0)
    status = fail_errno(me->host, path, "cannot give the disk its size");
  close(fd);
  return status;
}

static v2v_status manifest_prepare(void *instance, const v2v_prepare_request *request,
                                   const v2v_target *const **targets) {
  manifest *me = instance;
  const v2v_target_disk *const *disks = request->metadata->disks;
  const size_t disk_count = COUNT(disks);
  me->locations = calloc(disk_count + 1, sizeof *me->locations);
  me->targets = calloc(disk_count + 1, sizeof *me->targets);
  me->list = calloc(disk_count + 1, sizeof *me->list);
  if (!me->locations || !me->targets || !me->list) return out_of_memory(me->host);

  v2v_status status = name_final(me, request->metadata->name);
  if (status == V2V_OK) status = make_work_directory(me);
  for (size_t i = 0; status == V2V_OK && i < disk_count; ++i) {
    char *path = format("%s/disk%zu.raw", me->work, i);
    if (!path) return out_of_memory(me->host);
    me->locations[i] = (v2v_location){.size = sizeof(v2v_location),
                                      .type = V2V_LOCATION_FILE,
                                      .path = path,
                                      .format = "raw",
                                      .fd = -1,
                                      .references = V2V_NO};
    me->targets[i] = (v2v_target){.size = sizeof(v2v_target),
                                  .mode = V2V_TARGET_HOST_WRITES,
                                  .location = &me->locations[i],
                                  .reads_as_zero = V2V_YES,
                                  .compressed = V2V_NO,
                                  .preallocated = me->preallocate ? V2V_YES : V2V_NO};
    me->list[i] = &me->targets[i];
    me->disk_count = i + 1;
    status = make_disk(me, disks[i], path);
  }
  if (status == V2V_OK) *targets = me->list;
  return status;
}

/* ---- commit and abort ------------------------------------------------------------------------ */

static v2v_status write_manifest(manifest *me, const v2v_metadata *metadata) {
  char *path = format("%s/manifest.json", me->work);
  FILE *file = path ? fopen(path, "wxe") : NULL;
  if (!file) {
    free(path);
    return path ? fail_errno(me->host, me->work, "cannot create manifest.json")
                : out_of_memory(me->host);
  }
  json_manifest(file, metadata, (const char *const *)me->labels);
  /* Everything is on the disk before the rename makes it visible. */
  const int bad = fflush(file) != 0 || ferror(file) || fsync(fileno(file)) != 0;
  v2v_status status = V2V_OK;
  if (bad) status = fail_errno(me->host, path, "cannot write the manifest");
  if (fclose(file) != 0 && status == V2V_OK)
    status = fail_errno(me->host, path, "cannot write the manifest");
  free(path);
  return status;
}

static v2v_status manifest_commit(void *instance, const v2v_commit_request *request) {
  manifest *me = instance;
  const v2v_status status = write_manifest(me, request->metadata);
  if (status != V2V_OK) return status;
  /* rename replaces an empty directory only: somebody's data cannot get lost. */
  if (rename(me->work, me->final) != 0)
    return fail_errno(me->host, me->final, "cannot give the finished guest its name");
  return V2V_OK;
}

/* Removes a directory of plain files. What is not there is no error. */
static v2v_status remove_directory(const v2v_host *host, const char *path) {
  const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT ? V2V_OK : fail_errno(host, path, "cannot open");
  DIR *directory = fdopendir(fd);
  if (!directory) {
    close(fd);
    return fail_errno(host, path, "cannot read");
  }
  for (const struct dirent *entry; (entry = readdir(directory));)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
      unlinkat(fd, entry->d_name, 0);
  closedir(directory);
  if (rmdir(path) != 0 && errno != ENOENT) return fail_errno(host, path, "cannot remove");
  return V2V_OK;
}

static v2v_status manifest_abort(const v2v_host *host, const v2v_abort_request *request) {
  v2v_status status = V2V_OK;
  for (const char *const *records = request->records; records && *records; ++records) {
    /* Goes on after a failure: as much as possible is to disappear. */
    const v2v_status removed = remove_directory(host, *records);
    if (removed != V2V_OK) status = removed;
  }
  return status;
}

/* ---- The descriptor -------------------------------------------------------------------------- */

static const v2v_output output = {
    .size = sizeof output,
    .open = manifest_open,
    .describe = manifest_describe,
    .precheck = manifest_precheck,
    .prepare = manifest_prepare,
    .commit = manifest_commit,
    .abort = manifest_abort,
    .close = manifest_close,
};

static const v2v_option label = {
    .size = sizeof label,
    .type = V2V_OPTION_LIST,
    .name = "label",
    .value_name = "TEXT",
    .help = "Text to put into the manifest, such as the number of a ticket.",
};
static const v2v_option *const options[] = {&label, NULL};

static const v2v_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = V2V_ABI_MAJOR,
    .abi_minor = V2V_TARGET_MINOR,
    .abi_draft = V2V_ABI_DRAFT,
    .kind = V2V_KIND_OUTPUT,
    .name = "manifest",
    .version = "1.0",
    .vendor = "the v2v authors",
    .handles = "a directory with raw disks and a JSON manifest",
    .options = options,
    .output = &output,
};

const v2v_plugin *v2v_plugin_entry_v1(const v2v_host *host) {
  (void)host;
  return &plugin;
}
