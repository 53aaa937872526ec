// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The service: tells the service control manager at once that it runs, so that no boot waits for it, and
// ends what it does when Windows shuts down. The control handler runs in a thread of the manager's and
// does nothing but set stop_wanted.
#include "firstboot.h"

static SERVICE_STATUS_HANDLE status_handle;
static wchar_t service_name[] = SERVICE_NAME;

static void report(DWORD state, DWORD wait_milliseconds) {
  SERVICE_STATUS status = {
      .dwServiceType = SERVICE_WIN32_OWN_PROCESS,
      .dwCurrentState = state,
      .dwControlsAccepted =
          state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0,
      .dwWaitHint = wait_milliseconds,
  };
  SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI on_control(DWORD control, DWORD type, void *data, void *context) {
  (void)type, (void)data, (void)context;
  switch (control) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
      report(SERVICE_STOP_PENDING, 15000);
      SetEvent(stop_wanted);
      return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
      return NO_ERROR;
  }
  return ERROR_CALL_NOT_IMPLEMENTED;
}

static void WINAPI serve(DWORD count, wchar_t **arguments) {
  (void)count, (void)arguments;
  status_handle = RegisterServiceCtrlHandlerExW(service_name, on_control, NULL);
  if (!status_handle) return;
  report(SERVICE_RUNNING, 0);
  boot_run();
  report(SERVICE_STOPPED, 0);
}

int service_main(void) {
  const SERVICE_TABLE_ENTRYW table[] = {{service_name, serve}, {NULL, NULL}};
  return StartServiceCtrlDispatcherW(table) ? 0 : (int)GetLastError();
}

bool service_remove(void) {
  DWORD error = 0;
  const SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
  const SC_HANDLE service = manager ? OpenServiceW(manager, SERVICE_NAME, DELETE) : NULL;
  if (!service || !DeleteService(service)) error = GetLastError();
  if (service) CloseServiceHandle(service);
  if (manager) CloseServiceHandle(manager);
  // A person may have run this without a service.
  if (!error || error == ERROR_SERVICE_DOES_NOT_EXIST || error == ERROR_SERVICE_MARKED_FOR_DELETE)
    return true;
  CLEANUP_TEXT wchar_t *text = text_of_error(error);
  log_detail(L"the service cannot be removed: %ls", text);
  return false;
}
