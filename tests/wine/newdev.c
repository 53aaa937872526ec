// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A newdev.dll for the tests, because Wine's accepts every driver. The name of the INF says what
// happens to the driver; two of virtio-win's never install, one of them with a device that Windows needs.
#include <windows.h>

#include <wchar.h>

__declspec(dllexport) BOOL WINAPI
    DiInstallDriverW(HWND parent, const wchar_t *inf, DWORD flags, BOOL *wants_restart) {
  (void)parent;
  if (flags != 0) return FALSE;
  if (wcsstr(inf, L"unsigned") || wcsstr(inf, L"smbus") || wcsstr(inf, L"netkvm")) {
    SetLastError(0xE0000247);  // ERROR_DRIVER_STORE_ADD_FAILED
    return FALSE;
  }
  if (wcsstr(inf, L"newest")) {
    SetLastError(ERROR_NO_MORE_ITEMS);
    return FALSE;
  }
  if (wcsstr(inf, L"hang")) Sleep(INFINITE);
  if (wcsstr(inf, L"crash")) TerminateProcess(GetCurrentProcess(), 0xC0000005);
  *wants_restart = wcsstr(inf, L"restart") != NULL;
  return TRUE;
}
