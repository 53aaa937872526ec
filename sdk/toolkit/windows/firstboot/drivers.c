// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Installs the drivers of drivers.txt one by one, each in a child of its own, because a driver's
// installation may hang or crash. One that the guest can do without is tried twice and never restarts
// Windows; a required one is tried in up to three boots.
//
// Lines of drivers.txt: "required PATH" or "optional PATH" of an INF file; %variables% are expanded.
#include "firstboot.h"

#include <setupapi.h>
#include <stdlib.h>
#include <wchar.h>

struct driver {
  struct step *step;
  wchar_t *inf;
  bool is_required;
  struct driver *next;
};

static struct driver *parse(wchar_t *text) {
  struct driver *first = NULL, **place = &first;
  for (wchar_t *line; (line = text_next_line(&text));) {
    wchar_t *path = line;
    const wchar_t *kind = text_split(&path, L' ');
    const bool is_required = !wcscmp(kind, L"required");
    wchar_t inf[MAX_PATH] = L"";
    if ((!is_required && wcscmp(kind, L"optional")) || !*path ||
        ExpandEnvironmentStringsW(path, inf, MAX_PATH) > MAX_PATH) {
      log_event(L"drivers.txt: \"%ls %ls\" is not \"required PATH\" or \"optional PATH\"; left out",
                kind, path);
      continue;
    }
    CLEANUP_TEXT wchar_t *name = text_format(L"driver %ls", path);
    *place = allocate(sizeof **place);
    **place = (struct driver){state_step(name), text_format(L"%ls", inf), is_required, NULL};
    place = &(*place)->next;
  }
  return first;
}

static void fail(const struct driver *driver, unsigned attempts_at_most) {
  if (driver->step->attempts < attempts_at_most) {
    log_detail(L"will be tried again %ls",
               driver->is_required ? L"after a restart" : L"when plug and play has settled");
  } else {
    log_detail(L"given up%ls", driver->is_required ? L"" : L"; the guest can do without it");
    step_end(driver->step, OUTCOME_GIVEN_UP);
  }
}

// Returns true if a restart is needed.
static bool install(const struct driver *driver) {
  const unsigned attempts_at_most = driver->is_required ? ATTEMPTS_AT_MOST : 2;
  if (!step_begin(driver->step, attempts_at_most)) return false;
  if (!file_is_there(driver->inf)) {
    log_detail(L"failed: %ls is not there", driver->inf);
    step_end(driver->step, OUTCOME_FAILED);
    return false;
  }
  CLEANUP_TEXT wchar_t *program = file_beside(SERVICE_NAME L".exe");
  CLEANUP_TEXT wchar_t *command = text_format(L"\"%ls\" driver \"%ls\"", program, driver->inf);
  const struct process result = process_run(program, command, NULL, settings.driver_seconds);
  CLEANUP_TEXT wchar_t *error = text_of_error(result.code);

  if (result.ending == ENDING_STOPPED) {
    step_interrupted(driver->step);
    return false;
  }
  // 259: the device has this driver, or a better one, already.
  const bool wants_restart = result.code == ERROR_SUCCESS_REBOOT_REQUIRED;
  if (result.ending == ENDING_EXITED &&
      (result.code == 0 || result.code == ERROR_NO_MORE_ITEMS || wants_restart)) {
    log_detail(wants_restart ? L"done; in use after the next restart" : L"done");
    step_end(driver->step, OUTCOME_DONE);
    return wants_restart && driver->is_required;
  }
  if (result.ending == ENDING_TIME_LIMIT)
    log_detail(L"failed: did not end within %u seconds", settings.driver_seconds);
  else
    log_detail(L"failed: %ls", error);
  fail(driver, attempts_at_most);
  return driver->is_required && driver->step->outcome == OUTCOME_OPEN;
}

// Scripts find the new devices working.
static void wait_for_plug_and_play(void) {
  const HMODULE library = LoadLibraryW(L"setupapi.dll");
  DWORD(WINAPI * wait)
  (DWORD) = library ? (DWORD(WINAPI *)(DWORD))(void *)GetProcAddress(
                          library, "CMP_WaitNoPendingInstallEvents")
                    : NULL;
  if (!wait || is_stopping()) return;
  for (unsigned second = 0; second < settings.pnp_seconds; ++second) {
    if (wait(1000) != WAIT_TIMEOUT) {
      log_event(L"plug and play has settled after %u seconds", second);
      return;
    }
    if (is_stopping()) return;
  }
  log_event(L"plug and play has not settled within %u seconds; going on", settings.pnp_seconds);
}

bool drivers_run(void) {
  CLEANUP_TEXT wchar_t *path = file_beside(L"drivers.txt");
  CLEANUP_TEXT wchar_t *text = text_read_file(path);
  if (!text) return false;
  bool needs_restart = false, is_retried = false;
  struct driver *const first = parse(text);
  for (const struct driver *driver = first; driver; driver = driver->next)
    if (install(driver)) needs_restart = true;
  if (first) wait_for_plug_and_play();
  for (const struct driver *driver = first; driver; driver = driver->next) {
    if (driver->is_required || driver->step->outcome != OUTCOME_OPEN) continue;
    install(driver);
    is_retried = true;
  }
  if (is_retried) wait_for_plug_and_play();
  for (struct driver *driver = first, *next; driver; driver = next) {
    next = driver->next;
    free(driver->inf);
    free(driver);
  }
  return needs_restart;
}

DWORD driver_install(const wchar_t *inf) {
  // A question that nobody sees would wait for ever.
  SetupSetNonInteractiveMode(TRUE);
  const HMODULE library = LoadLibraryW(L"newdev.dll");
  BOOL(WINAPI * install_driver)
  (HWND, LPCWSTR, DWORD, BOOL *) = library ? (BOOL(WINAPI *)(HWND, LPCWSTR, DWORD, BOOL *))(
                                                 void *)GetProcAddress(library, "DiInstallDriverW")
                                           : NULL;
  if (install_driver) {
    BOOL wants_restart = FALSE;
    if (!install_driver(NULL, inf, 0, &wants_restart)) return GetLastError();
    return wants_restart ? ERROR_SUCCESS_REBOOT_REQUIRED : ERROR_SUCCESS;
  }
  // Before Vista: where plug and play finds it.
  return SetupCopyOEMInfW(inf, NULL, SPOST_PATH, 0, NULL, 0, NULL, NULL) ? ERROR_SUCCESS
                                                                         : GetLastError();
}
