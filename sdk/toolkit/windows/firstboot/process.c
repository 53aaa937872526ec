// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A child with all its children in a job, so that one that hangs is ended as a whole. The output goes
// through a pipe that is read here until the child ends: not until the pipe is closed, because what the
// child leaves running may hold it open for ever.
#include "firstboot.h"

#include <stdlib.h>

enum { POLL_MILLISECONDS = 100 };

HANDLE stop_wanted;

bool is_stopping(void) {
  return WaitForSingleObject(stop_wanted, 0) == WAIT_OBJECT_0;
}

// At a shutdown Windows may end the children before it tells this service.
static bool is_shutdown(DWORD code) {
  enum { MILLISECONDS = 5000 };
  return (code == (DWORD)STATUS_CONTROL_C_EXIT || code == (DWORD)DBG_TERMINATE_PROCESS) &&
         WaitForSingleObject(stop_wanted, MILLISECONDS) == WAIT_OBJECT_0;
}

wchar_t *system_program(const wchar_t *name) {
  wchar_t directory[MAX_PATH] = L"";
  GetSystemDirectoryW(directory, MAX_PATH);
  return text_format(L"%ls\\%ls", directory, name);
}

static bool end_with_us(HANDLE job, bool wanted) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
  limits.BasicLimitInformation.LimitFlags = wanted ? JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE : 0;
  return SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
}

struct child {
  HANDLE process, job, output;
  bool is_in_job;
};

static bool start(struct child *child, const wchar_t *application, const wchar_t *command_line,
                  const wchar_t *directory) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  HANDLE writer = NULL;
  if (!CreatePipe(&child->output, &writer, &inherited, 1 << 16)) return false;
  SetHandleInformation(child->output, HANDLE_FLAG_INHERIT, 0);
  startup.hStdInput = CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                  &inherited, OPEN_EXISTING, 0, NULL);
  startup.hStdOutput = startup.hStdError = writer;

  // CreateProcess may write into the command line.
  CLEANUP_TEXT wchar_t *line = text_format(L"%ls", command_line);
  PROCESS_INFORMATION process = {0};
  const bool is_started =
      CreateProcessW(application, line, NULL, NULL, TRUE, CREATE_SUSPENDED | CREATE_NO_WINDOW, NULL,
                     directory, &startup, &process);
  const DWORD error = GetLastError();
  CloseHandle(writer);
  CloseHandle(startup.hStdInput);
  SetLastError(error);
  if (!is_started) return false;

  // Before Windows 8 a process can be in one job only. What a script calls is in the script's.
  child->process = process.hProcess;
  child->job = CreateJobObjectW(NULL, NULL);
  child->is_in_job = child->job && AssignProcessToJobObject(child->job, child->process);
  if (child->is_in_job) end_with_us(child->job, true);
  ResumeThread(process.hThread);
  CloseHandle(process.hThread);
  return true;
}

// One piece of the output. False if there is none at present.
static bool read_output(const struct child *child) {
  char bytes[4096];
  DWORD available = 0, length = 0;
  if (!PeekNamedPipe(child->output, NULL, 0, NULL, &available, NULL) || !available) return false;
  if (!ReadFile(child->output, bytes, sizeof bytes, &length, NULL)) return false;
  log_output(bytes, length);
  return length > 0;
}

static enum ending wait_for_end(const struct child *child, unsigned seconds) {
  const DWORD began = GetTickCount();
  const HANDLE events[] = {child->process, stop_wanted};
  for (bool more = false;;) {
    switch (WaitForMultipleObjects(2, events, FALSE, more ? 0 : POLL_MILLISECONDS)) {
      case WAIT_OBJECT_0:
        return ENDING_EXITED;
      case WAIT_OBJECT_0 + 1:
        return ENDING_STOPPED;
    }
    if ((GetTickCount() - began) / 1000 >= seconds) return ENDING_TIME_LIMIT;
    more = read_output(child);
  }
}

static void end(const struct child *child) {
  if (child->is_in_job)
    TerminateJobObject(child->job, ERROR_TIMEOUT);
  else
    TerminateProcess(child->process, ERROR_TIMEOUT);
  WaitForSingleObject(child->process, 5000);
}

struct process process_run(const wchar_t *application, const wchar_t *command_line,
                           const wchar_t *directory, unsigned seconds) {
  struct child child = {0};
  struct process result = {ENDING_NOT_STARTED, 0};
  if (start(&child, application, command_line, directory)) {
    result.ending = wait_for_end(&child, seconds);
    if (result.ending != ENDING_EXITED) end(&child);
    GetExitCodeProcess(child.process, &result.code);
    if (result.ending == ENDING_EXITED && is_shutdown(result.code)) result.ending = ENDING_STOPPED;
    // The rest, but not what others that go on writing will add.
    for (int pieces = 0; pieces < 256 && read_output(&child); ++pieces) {
    }
    log_output_end();
    if (child.is_in_job) end_with_us(child.job, false);
  } else {
    result.code = GetLastError();
  }
  if (child.process) CloseHandle(child.process);
  if (child.job) CloseHandle(child.job);
  if (child.output) CloseHandle(child.output);
  return result;
}

bool process_detach(const wchar_t *application, const wchar_t *command_line) {
  CLEANUP_TEXT wchar_t *line = text_format(L"%ls", command_line);
  CLEANUP_TEXT wchar_t *directory = system_program(L"");
  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION process = {0};
  if (!CreateProcessW(application, line, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, directory,
                      &startup, &process))
    return false;
  CloseHandle(process.hThread);
  CloseHandle(process.hProcess);
  return true;
}
