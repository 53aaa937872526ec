// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Runs the scripts of the directory "scripts" in the order of their names and moves each that is at its
// end to "scripts-done". What a script does wrong never keeps the next one from running.
//
// Exit codes: 0 and 250: done. 3010 and 1641: done, restart Windows. 249: failed, try again after a
// restart. All others: failed.
#include "firstboot.h"

#include <stdlib.h>
#include <wchar.h>

static bool has_extension(const wchar_t *name, const wchar_t *extension) {
  const wchar_t *dot = wcsrchr(name, L'.');
  return dot && !_wcsicmp(dot, extension);
}

static int by_name(const void *a, const void *b) {
  return _wcsicmp(*(wchar_t *const *)a, *(wchar_t *const *)b);
}

// The names of all scripts, sorted.
static wchar_t **list(const wchar_t *directory, size_t *count) {
  CLEANUP_TEXT wchar_t *pattern = text_format(L"%ls\\*", directory);
  wchar_t **names = NULL;
  WIN32_FIND_DATAW found;
  const HANDLE search = FindFirstFileW(pattern, &found);
  *count = 0;
  if (search == INVALID_HANDLE_VALUE) return NULL;
  do {
    if (!has_extension(found.cFileName, L".bat") && !has_extension(found.cFileName, L".cmd") &&
        !has_extension(found.cFileName, L".ps1"))
      continue;
    wchar_t **more = realloc(names, (*count + 1) * sizeof *names);
    if (!more) break;
    names = more;
    names[(*count)++] = text_format(L"%ls", found.cFileName);
  } while (FindNextFileW(search, &found));
  FindClose(search);
  qsort(names, *count, sizeof *names, by_name);
  return names;
}

// A group policy may forbid script files that are not signed. It says nothing of text. The variable is
// what -ExecutionPolicy sets, for the modules of scripts; PowerShell 1.0 does not know the option.
static wchar_t *powershell_command(const wchar_t *program, const wchar_t *path) {
  wchar_t *quoted = allocate((2 * wcslen(path) + 1) * sizeof *quoted), *out = quoted;
  for (const wchar_t *in = path; *in; ++in) {
    if (*in == L'\'') *out++ = L'\'';
    *out++ = *in;
  }
  wchar_t *command = text_format(
      L"\"%ls\" -NoProfile -NonInteractive -Command "
      L"\"$env:PSExecutionPolicyPreference='Bypass'; "
      L"Invoke-Expression ([IO.File]::ReadAllText('%ls'))\"",
      program, quoted);
  free(quoted);
  return command;
}

static struct process run(const wchar_t *directory, const wchar_t *name) {
  const bool is_powershell = has_extension(name, L".ps1");
  CLEANUP_TEXT wchar_t *program =
      system_program(is_powershell ? L"WindowsPowerShell\\v1.0\\powershell.exe" : L"cmd.exe");
  CLEANUP_TEXT wchar_t *path = text_format(L"%ls\\%ls", directory, name);
  if (!file_is_there(program)) {
    log_detail(L"this Windows has no %ls", program);
    return (struct process){ENDING_NOT_STARTED, ERROR_FILE_NOT_FOUND};
  }
  CLEANUP_TEXT wchar_t *command = is_powershell
                                      ? powershell_command(program, path)
                                      : text_format(L"\"%ls\" /d /s /c \"\"%ls\"\"", program, name);
  return process_run(program, command, directory, settings.script_seconds);
}

static enum outcome judge(const struct process *result, const struct step *step,
                          bool *needs_restart) {
  if (result->ending == ENDING_TIME_LIMIT) {
    log_detail(L"failed: did not end within %u seconds; ended with all it had started",
               settings.script_seconds);
    return OUTCOME_FAILED;
  }
  if (result->ending == ENDING_NOT_STARTED) {
    CLEANUP_TEXT wchar_t *error = text_of_error(result->code);
    log_detail(L"failed: cannot be started: %ls", error);
    return OUTCOME_FAILED;
  }
  switch (result->code) {
    case 0:
    case EXIT_NO_REBOOT:
      log_detail(L"done (exit code %lu)", result->code);
      return OUTCOME_DONE;
    case ERROR_SUCCESS_REBOOT_REQUIRED:
    case ERROR_SUCCESS_REBOOT_INITIATED:
      log_detail(L"done, asks for a restart (exit code %lu)", result->code);
      *needs_restart = true;
      return OUTCOME_DONE;
    case EXIT_RETRY:
      if (step->attempts < ATTEMPTS_AT_MOST) {
        log_detail(L"failed, asks to be tried again after a restart (exit code 249)");
        *needs_restart = true;
        return OUTCOME_OPEN;
      }
      log_detail(L"failed, given up (exit code 249)");
      return OUTCOME_GIVEN_UP;
  }
  log_detail(L"failed (exit code %lu)", result->code);
  return OUTCOME_FAILED;
}

static bool is_readable(const wchar_t *path) {
  const HANDLE file =
      CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
  if (file != INVALID_HANDLE_VALUE) return CloseHandle(file);
  CLEANUP_TEXT wchar_t *error = text_of_error(GetLastError());
  log_detail(L"failed: cannot be read: %ls", error);
  return false;
}

// Returns true if a restart is needed.
static bool run_step(const wchar_t *directory, const wchar_t *name) {
  CLEANUP_TEXT wchar_t *step_name = text_format(L"script %ls", name);
  CLEANUP_TEXT wchar_t *path = text_format(L"%ls\\%ls", directory, name);
  struct step *step = state_step(step_name);
  bool needs_restart = false;
  if (step_begin(step, ATTEMPTS_AT_MOST)) {
    if (is_readable(path)) {
      const struct process result = run(directory, name);
      if (result.ending == ENDING_STOPPED)
        step_interrupted(step);
      else
        step_end(step, judge(&result, step, &needs_restart));
    } else {
      step_end(step, OUTCOME_FAILED);
    }
  }
  if (step->outcome != OUTCOME_OPEN) {
    CLEANUP_TEXT wchar_t *done = file_beside(L"scripts-done");
    CLEANUP_TEXT wchar_t *target = text_format(L"%ls\\%ls", done, name);
    CreateDirectoryW(done, NULL);
    // It may have deleted itself; if it cannot be moved, the state keeps it from running again.
    MoveFileExW(path, target, MOVEFILE_REPLACE_EXISTING);
  }
  return needs_restart;
}

bool scripts_run(void) {
  CLEANUP_TEXT wchar_t *directory = file_beside(L"scripts");
  size_t count = 0;
  wchar_t **names = list(directory, &count);
  bool needs_restart = false;
  for (size_t i = 0; i < count; ++i) {
    if (run_step(directory, names[i])) needs_restart = true;
    free(names[i]);
  }
  free(names);
  return needs_restart;
}
