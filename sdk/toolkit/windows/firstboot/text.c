// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Strings, and text files in UTF-8. A file that is written is first complete under another name, because
// the machine may lose power, or crash on a driver, at any time.
#include "firstboot.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { FILE_AT_MOST = 1 << 20 };

void *allocate(size_t bytes) {
  void *memory = calloc(1, bytes);
  if (!memory) ExitProcess(ERROR_NOT_ENOUGH_MEMORY);
  return memory;
}

void text_cleanup(wchar_t **text) {
  free(*text);
}

wchar_t *text_format_list(const wchar_t *format, va_list arguments) {
  for (size_t size = 256;; size *= 2) {
    wchar_t *text = allocate(size * sizeof *text);
    va_list again;
    va_copy(again, arguments);
    const int length = _vsnwprintf(text, size - 1, format, again);
    va_end(again);
    if (length >= 0 && (size_t)length < size) return text;
    free(text);
    // What does not fit here cannot be formatted at all.
    if (size > FILE_AT_MOST * 4) return allocate(sizeof *text);
  }
}

wchar_t *text_format(const wchar_t *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  wchar_t *text = text_format_list(format, arguments);
  va_end(arguments);
  return text;
}

static bool is_blank(wchar_t letter) {
  return letter == L' ' || letter == L'\t' || letter == L'\r' || letter == L'\n' ||
         letter == 0xfeff;
}

static wchar_t *trim(wchar_t *text) {
  while (is_blank(*text)) ++text;
  size_t length = wcslen(text);
  while (length > 0 && is_blank(text[length - 1])) text[--length] = 0;
  return text;
}

wchar_t *text_of_error(DWORD error) {
  wchar_t *buffer = NULL;
  // A program that crashed ends with an NTSTATUS, whose texts are in ntdll; those of setupapi's errors
  // are found by their HRESULT.
  const bool is_crash = error >> 28 == 0xc, is_setup = error >> 28 == 0xe;
  const DWORD flags = FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_IGNORE_INSERTS |
                      FORMAT_MESSAGE_MAX_WIDTH_MASK |
                      (is_crash ? FORMAT_MESSAGE_FROM_HMODULE : FORMAT_MESSAGE_FROM_SYSTEM);
  FormatMessageW(flags, is_crash ? GetModuleHandleW(L"ntdll.dll") : NULL,
                 is_setup ? (DWORD)HRESULT_FROM_SETUPAPI(error) : error, 0, (LPWSTR)&buffer, 0,
                 NULL);
  const wchar_t *format = error < 0x10000 ? L"error %lu%ls%ls" : L"error 0x%08lX%ls%ls";
  wchar_t *text = text_format(format, error, buffer ? L": " : L"", buffer ? trim(buffer) : L"");
  LocalFree(buffer);
  return text;
}

wchar_t *text_from_bytes(UINT code_page, const char *bytes, size_t length) {
  const int size = length ? MultiByteToWideChar(code_page, 0, bytes, (int)length, NULL, 0) : 0;
  wchar_t *text = allocate(((size_t)size + 1) * sizeof *text);
  if (size) MultiByteToWideChar(code_page, 0, bytes, (int)length, text, size);
  return text;
}

char *text_to_bytes(UINT code_page, const wchar_t *text, size_t *length) {
  const int letters = (int)wcslen(text);
  const int size =
      letters ? WideCharToMultiByte(code_page, 0, text, letters, NULL, 0, NULL, NULL) : 0;
  char *bytes = allocate((size_t)size + 1);
  if (size) WideCharToMultiByte(code_page, 0, text, letters, bytes, size, NULL, NULL);
  *length = (size_t)size;
  return bytes;
}

wchar_t *text_read_file(const wchar_t *path) {
  const HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                  OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return NULL;
  char *bytes = allocate(FILE_AT_MOST);
  DWORD length = 0;
  const bool is_read = ReadFile(file, bytes, FILE_AT_MOST, &length, NULL);
  const DWORD error = GetLastError();
  CloseHandle(file);
  wchar_t *text = is_read ? text_from_bytes(CP_UTF8, bytes, length) : NULL;
  free(bytes);
  SetLastError(error);
  return text;
}

bool text_write_file(const wchar_t *path, const wchar_t *text) {
  CLEANUP_TEXT wchar_t *incomplete = text_format(L"%ls.new", path);
  const HANDLE file =
      CreateFileW(incomplete, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
  if (file == INVALID_HANDLE_VALUE) return false;
  size_t length = 0;
  char *bytes = text_to_bytes(CP_UTF8, text, &length);
  DWORD written = 0;
  const bool is_written = WriteFile(file, bytes, (DWORD)length, &written, NULL) &&
                          written == length && FlushFileBuffers(file);
  free(bytes);
  CloseHandle(file);
  return is_written &&
         MoveFileExW(incomplete, path, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
}

wchar_t *text_next_line(wchar_t **rest) {
  while (**rest) {
    wchar_t *line = *rest;
    wchar_t *end = wcschr(line, L'\n');
    *rest = end ? end + 1 : line + wcslen(line);
    if (end) *end = 0;
    line = trim(line);
    if (*line && *line != L'#') return line;
  }
  return NULL;
}

wchar_t *text_split(wchar_t **rest, wchar_t separator) {
  wchar_t *first = *rest;
  wchar_t *end = wcschr(first, separator);
  if (end) *end = 0;
  *rest = trim(end ? end + 1 : first + wcslen(first));
  return trim(first);
}

wchar_t *file_beside(const wchar_t *name) {
  wchar_t program[MAX_PATH] = L"";
  GetModuleFileNameW(NULL, program, MAX_PATH - 1);
  wchar_t *slash = wcsrchr(program, L'\\');
  if (slash) *slash = 0;
  return text_format(L"%ls\\%ls", program, name);
}

bool file_is_there(const wchar_t *path) {
  return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}
