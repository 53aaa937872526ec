// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// An msiexec.exe for the tests: writes down what it was asked for, and wants a restart for each removal, as the
// real one may.
#include <windows.h>

#include <stdio.h>
#include <wchar.h>

int wmain(void) {
  const wchar_t *line = GetCommandLineW();
  FILE *file = fopen("C:\\msiexec.txt", "a");
  if (file) {
    fprintf(file, "%ls\n", line);
    fclose(file);
  }
  return wcsstr(line, L"/x") || wcsstr(line, L"/X") ? ERROR_SUCCESS_REBOOT_REQUIRED : 0;
}
