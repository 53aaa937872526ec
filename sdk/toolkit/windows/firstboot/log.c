// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The log that a person reads: UTF-8, lines end with CRLF. Each write goes to the file at once, so that
// what happened before a crash is in it. A subcommand has the standard output for a log, in the OEM code
// page, as the programs have it that scripts call.
#include "firstboot.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_AT_MOST = 4096, OUTPUT_AT_MOST = 1 << 20 };

static HANDLE log_file = INVALID_HANDLE_VALUE;
static char output_line[LINE_AT_MOST];  // what a child wrote of a line that is not complete
static size_t output_line_length;
static size_t output_total;  // what the child has written so far

void log_open(void) {
  CLEANUP_TEXT wchar_t *path = file_beside(L"log.txt");
  log_file = CreateFileW(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                         OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
}

static void write_bytes(HANDLE file, UINT code_page, const wchar_t *text) {
  size_t length = 0;
  char *bytes = text_to_bytes(code_page, text, &length);
  DWORD written = 0;
  WriteFile(file, bytes, (DWORD)length, &written, NULL);
  free(bytes);
}

// A service has no standard output; a person who runs this sees what goes into the file.
static void write_line(const wchar_t *before, const wchar_t *text) {
  CLEANUP_TEXT wchar_t *line = text_format(L"%ls%ls\r\n", before, text);
  if (log_file != INVALID_HANDLE_VALUE) write_bytes(log_file, CP_UTF8, line);
  write_bytes(GetStdHandle(STD_OUTPUT_HANDLE), CP_OEMCP, line);
}

void log_event(const wchar_t *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  CLEANUP_TEXT wchar_t *text = text_format_list(format, arguments);
  va_end(arguments);
  SYSTEMTIME now;
  GetLocalTime(&now);
  CLEANUP_TEXT wchar_t *time =
      text_format(L"%04u-%02u-%02u %02u:%02u:%02u  ", now.wYear, now.wMonth, now.wDay, now.wHour,
                  now.wMinute, now.wSecond);
  write_line(time, text);
}

void log_detail(const wchar_t *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  CLEANUP_TEXT wchar_t *text = text_format_list(format, arguments);
  va_end(arguments);
  // A subcommand's output is indented by the one who reads it.
  write_line(log_file != INVALID_HANDLE_VALUE ? L"    " : L"", text);
}

static void end_line(void) {
  while (output_line_length > 0 && output_line[output_line_length - 1] == '\r')
    --output_line_length;
  CLEANUP_TEXT wchar_t *text = text_from_bytes(CP_OEMCP, output_line, output_line_length);
  output_line_length = 0;
  log_detail(L"| %ls", text);
}

void log_output(const char *bytes, size_t length) {
  for (size_t i = 0; i < length; ++i) {
    if (output_total >= OUTPUT_AT_MOST) return;
    if (++output_total == OUTPUT_AT_MOST) {
      log_output_end();
      output_total = OUTPUT_AT_MOST;
      log_detail(L"more than 1 MiB of output; the rest is left out");
      return;
    }
    // A line feed is never part of a character in an OEM code page.
    if (bytes[i] == '\n' || output_line_length == LINE_AT_MOST) end_line();
    if (bytes[i] != '\n') output_line[output_line_length++] = bytes[i];
  }
}

void log_output_end(void) {
  if (output_line_length > 0) end_line();
  output_total = 0;
}
