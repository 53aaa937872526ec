// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// In the place of powershell.exe, which Wine does not have: prints its arguments, one a line, and ends
// with 250.
#include <stdio.h>

int wmain(int count, wchar_t **arguments) {
  for (int i = 1; i < count; ++i) wprintf(L"%ls\n", arguments[i]);
  return 250;
}
