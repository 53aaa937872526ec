// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The end: the summary, the file "complete" for those who wait for it, and no trace but the log.
#include "firstboot.h"

#include <stdlib.h>

static void list(enum outcome outcome, const wchar_t *title) {
  unsigned count = 0;
  for (const struct step *step = state_first_step(); step; step = step->next)
    count += step->outcome == outcome;
  log_detail(L"%ls: %u", title, count);
  for (const struct step *step = state_first_step(); step; step = step->next)
    if (step->outcome == outcome) log_detail(L"    %ls", step->name);
}

static void remove_tree(const wchar_t *directory) {
  CLEANUP_TEXT wchar_t *pattern = text_format(L"%ls\\*", directory);
  WIN32_FIND_DATAW found;
  const HANDLE search = FindFirstFileW(pattern, &found);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    if (!wcscmp(found.cFileName, L".") || !wcscmp(found.cFileName, L"..")) continue;
    CLEANUP_TEXT wchar_t *path = text_format(L"%ls\\%ls", directory, found.cFileName);
    SetFileAttributesW(path, FILE_ATTRIBUTE_NORMAL);
    const bool is_link = found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT;
    if (!(found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
      DeleteFileW(path);
    else if (is_link)
      RemoveDirectoryW(path);
    else
      remove_tree(path);
  } while (FindNextFileW(search, &found));
  FindClose(search);
  RemoveDirectoryW(directory);
}

// A program cannot delete itself while it runs, nor a directory in which a child of a script still is, so
// a shell does when this has ended. A delayed removal at the next boot would make other installers
// believe that a restart is pending.
static const wchar_t remove_rest[] =
    L"@echo off\r\n"
    L"set tries=0\r\n"
    L":again\r\n"
    L"ping -n 2 127.0.0.1 >nul\r\n"
    L"del /f /q \"%~dp0v2v-firstboot.exe\"\r\n"
    L"if exist \"%~dp0scripts\" rd /s /q \"%~dp0scripts\"\r\n"
    L"set /a tries+=1\r\n"
    L"if %tries% geq 60 goto end\r\n"
    L"if exist \"%~dp0v2v-firstboot.exe\" goto again\r\n"
    L"if exist \"%~dp0scripts\" goto again\r\n"
    L":end\r\n"
    L"del /f /q \"%~f0\"\r\n";

static void remove_program(void) {
  CLEANUP_TEXT wchar_t *batch = file_beside(L"remove.bat");
  CLEANUP_TEXT wchar_t *shell = system_program(L"cmd.exe");
  CLEANUP_TEXT wchar_t *command = text_format(L"\"%ls\" /d /s /c \"\"%ls\"\"", shell, batch);
  if (!text_write_file(batch, remove_rest) || !process_detach(shell, command))
    log_detail(L"the program stays here; it has no more work and can be deleted");
}

void finish(void) {
  log_event(L"v2v: the work of the first boot is finished");
  list(OUTCOME_DONE, L"done");
  list(OUTCOME_FAILED, L"failed");
  list(OUTCOME_GIVEN_UP, L"given up");

  CLEANUP_TEXT wchar_t *complete = file_beside(L"complete");
  if (!text_write_file(complete, L"")) log_detail(L"%ls cannot be written", complete);
  // While the service is there, so must be what it needs.
  if (!service_remove()) return;
  static const wchar_t *const directories[] = {L"scripts", L"scripts-done", L"files"};
  for (size_t i = 0; i < sizeof directories / sizeof *directories; ++i) {
    CLEANUP_TEXT wchar_t *directory = file_beside(directories[i]);
    remove_tree(directory);
  }
  static const wchar_t *const files[] = {L"drivers.txt", L"settings.txt", L"network.txt",
                                         L"state.txt", L"state.txt.new"};
  for (size_t i = 0; i < sizeof files / sizeof *files; ++i) {
    CLEANUP_TEXT wchar_t *file = file_beside(files[i]);
    DeleteFileW(file);
  }
  remove_program();
}
