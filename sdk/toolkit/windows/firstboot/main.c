// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// v2v-firstboot.exe: chooses what to do by its first argument. All files are beside it.
#include "firstboot.h"

#include <stdio.h>
#include <wchar.h>

static const wchar_t usage[] =
    L"usage: v2v-firstboot.exe service         what the service control manager calls\n"
    L"       v2v-firstboot.exe run             the same in the foreground; Ctrl-C stops it\n"
    L"       v2v-firstboot.exe driver INF      installs one driver; exit code: Windows' error\n"
    L"       v2v-firstboot.exe network FILE    gives network cards their addresses\n"
    L"       v2v-firstboot.exe online-disks    sets virtio disks online and writable\n";

// In a thread of its own.
static BOOL WINAPI on_console(DWORD event) {
  (void)event;
  SetEvent(stop_wanted);
  return TRUE;
}

unsigned windows_version(DWORD *build) {
  RTL_OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
  LONG(WINAPI * get)
  (RTL_OSVERSIONINFOW *) = (LONG(WINAPI *)(RTL_OSVERSIONINFOW *))(void *)GetProcAddress(
      GetModuleHandleW(L"ntdll.dll"), "RtlGetVersion");
  if (get) get(&version);
  if (build) *build = version.dwBuildNumber;
  return version.dwMajorVersion * 100 + version.dwMinorVersion;
}

int wmain(int count, wchar_t **arguments) {
  const wchar_t *command = count > 1 ? arguments[1] : L"";
  // No child of this service may show a person a box to click on.
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
  stop_wanted = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (!stop_wanted) return (int)GetLastError();

  if (count == 2 && !wcscmp(command, L"service")) return service_main();
  SetConsoleCtrlHandler(on_console, TRUE);
  if (count == 2 && !wcscmp(command, L"run")) {
    boot_run();
    return 0;
  }
  if (count == 3 && !wcscmp(command, L"driver")) return (int)driver_install(arguments[2]);
  if (count == 3 && !wcscmp(command, L"network")) return network_run(arguments[2]);
  if (count == 2 && !wcscmp(command, L"online-disks")) return disks_run();
  fputws(usage, stderr);
  return 2;
}
