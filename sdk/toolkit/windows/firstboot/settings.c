// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// settings.txt beside the program: lines NAME=SECONDS. It need not be there; the tests use it, and a
// person whose script takes longer.
#include "firstboot.h"

#include <stdlib.h>
#include <wchar.h>

struct settings settings = {.script_seconds = 1800, .driver_seconds = 600, .pnp_seconds = 300};

static void set(const wchar_t *name, const wchar_t *value) {
  enum { DAY = 24 * 60 * 60 };
  wchar_t *end = NULL;
  const unsigned long seconds = wcstoul(value, &end, 10);
  unsigned *setting = !wcscmp(name, L"script_seconds")   ? &settings.script_seconds
                      : !wcscmp(name, L"driver_seconds") ? &settings.driver_seconds
                      : !wcscmp(name, L"pnp_seconds")    ? &settings.pnp_seconds
                                                         : NULL;
  if (setting && *value && !*end && seconds >= 1 && seconds <= DAY)
    *setting = seconds;
  else
    log_event(L"settings.txt: %ls=%ls is not a setting with 1 to %u seconds; left out", name, value,
              DAY);
}

void settings_load(void) {
  CLEANUP_TEXT wchar_t *path = file_beside(L"settings.txt");
  CLEANUP_TEXT wchar_t *text = text_read_file(path);
  if (!text) return;
  wchar_t *rest = text;
  for (wchar_t *line; (line = text_next_line(&rest));) {
    wchar_t *value = line;
    const wchar_t *name = text_split(&value, L'=');
    set(name, value);
  }
}
