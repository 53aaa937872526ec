// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// One boot from beginning to end: the drivers, the scripts, and then one restart for all that asked for
// one, or the end of it all.
#include "firstboot.h"

#include <stdlib.h>

static void allow_shutdown(void) {
  HANDLE token = NULL;
  TOKEN_PRIVILEGES privileges = {.PrivilegeCount = 1};
  privileges.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token)) return;
  if (LookupPrivilegeValueW(NULL, L"SeShutdownPrivilege", &privileges.Privileges[0].Luid))
    AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL);
  CloseHandle(token);
}

// Windows refuses while it is still starting, so this asks for some time.
static void restart(void) {
  enum { TRIES = 12, MILLISECONDS = 5000 };
  wchar_t reason[] = L"v2v: work of the first boot needs a restart";
  allow_shutdown();
  DWORD error = 0;
  for (int i = 0; i < TRIES; ++i) {
    if (InitiateSystemShutdownExW(NULL, reason, 0, TRUE, TRUE,
                                  SHTDN_REASON_MAJOR_OPERATINGSYSTEM | SHTDN_REASON_MINOR_RECONFIG |
                                      SHTDN_REASON_FLAG_PLANNED))
      return;
    error = GetLastError();
    if (error == ERROR_SHUTDOWN_IN_PROGRESS) return;
    if (WaitForSingleObject(stop_wanted, MILLISECONDS) == WAIT_OBJECT_0) return;
  }
  CLEANUP_TEXT wchar_t *text = text_of_error(error);
  log_detail(L"Windows refuses to restart; the work goes on at the next boot: %ls", text);
}

static void begin(void) {
  DWORD build = 0;
  const unsigned version = windows_version(&build);
  log_open();
  log_event(L"v2v: the work of the first boot begins, on Windows %u.%u.%lu", version / 100,
            version % 100, build);
  CLEANUP_TEXT wchar_t *complete = file_beside(L"complete");
  DeleteFileW(complete);
  settings_load();
  state_load();
}

static void give_up_what_is_open(void) {
  for (struct step *step = state_first_step(); step; step = step->next)
    if (step->outcome == OUTCOME_OPEN) step_end(step, OUTCOME_GIVEN_UP);
}

static void run_all(void) {
  begin();
  const bool driver_asks = drivers_run();
  const bool script_asks = scripts_run();
  const bool restarts = (driver_asks || script_asks) && !is_stopping() && state_count_reboot();
  if (is_stopping()) {
    log_event(L"stopped; the work goes on at the next start of the service");
  } else if (state_is_broken()) {
    log_event(L"nothing more in this boot");
  } else if (restarts) {
    log_event(L"restarting Windows");
    restart();
  } else {
    if (driver_asks || script_asks)
      log_event(
          L"Windows was restarted %u times and is not restarted again; what needs it "
          L"works after a restart by hand",
          REBOOTS_AT_MOST);
    give_up_what_is_open();
    finish();
  }
}

void boot_run(void) {
  // A person may call this while the service is at work.
  const HANDLE only_one = CreateMutexW(NULL, TRUE, L"Global\\v2v-firstboot");
  if (only_one && GetLastError() == ERROR_ALREADY_EXISTS)
    log_event(L"the service is already at work; see log.txt");
  else
    run_all();
  if (only_one) CloseHandle(only_one);
}
