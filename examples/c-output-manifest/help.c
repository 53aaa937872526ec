/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "help.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

v2v_status fail(const v2v_host *host, v2v_status code, const char *object, const char *remedy,
                const char *what) {
  const v2v_error error = {
      .size = sizeof error, .code = code, .what = what, .object = object, .remedy = remedy};
  host->set_error(host, &error);
  return code;
}

v2v_status fail_errno(const v2v_host *host, const char *object, const char *what) {
  const int reason = errno;
  char text[256];
  snprintf(text, sizeof text, "%s: %s", what, strerror(reason));
  switch (reason) {
    case ENOSPC:
    case EDQUOT:
      return fail(host, V2V_E_NO_SPACE, object, "make room there", text);
    case EACCES:
    case EPERM:
    case EROFS:
      return fail(host, V2V_E_ACCESS, object, "choose a directory that you can write to", text);
    case EEXIST:
    case ENOTEMPTY:
      return fail(host, V2V_E_EXISTS, object, "remove it, or choose another name with -on", text);
    default:
      return fail(host, V2V_E_IO, object, NULL, text);
  }
}

v2v_status out_of_memory(const v2v_host *host) {
  return fail(host, V2V_E_INTERNAL, NULL, NULL, "out of memory");
}

char *format(const char *template, ...) {
  char *text = NULL;
  va_list arguments;
  va_start(arguments, template);
  if (vasprintf(&text, template, arguments) < 0) text = NULL;
  va_end(arguments);
  return text;
}

char *file_name(const char *guest) {
  /* No hidden file, and neither "." nor "..". */
  char *name = format("%s%s", guest[0] == '.' ? "_" : "", guest);
  if (name)
    for (char *c = name; *c; ++c)
      if (*c == '/' || (unsigned char)*c < ' ') *c = '_';
  return name;
}

size_t count_pointers(const void *const *array) {
  size_t n = 0;
  while (array && array[n]) ++n;
  return n;
}
