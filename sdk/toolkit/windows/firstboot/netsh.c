// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Gives an adapter its addresses through netsh, whose commands are the same from Windows XP to 11 if
// their arguments are given by position. The log has each command, so that a person can repeat it.
#include "firstboot.h"

#include <stdarg.h>
#include <wchar.h>

enum { COMMAND_SECONDS = 60 };

// True if the command succeeded.
static bool netsh(const wchar_t *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  CLEANUP_TEXT wchar_t *text = text_format_list(format, arguments);
  va_end(arguments);
  CLEANUP_TEXT wchar_t *program = system_program(L"netsh.exe");
  CLEANUP_TEXT wchar_t *command = text_format(L"\"%ls\" interface %ls", program, text);
  log_detail(L"netsh interface %ls", text);
  const struct process result = process_run(program, command, NULL, COMMAND_SECONDS);
  if (result.ending == ENDING_EXITED && result.code == 0) return true;
  CLEANUP_TEXT wchar_t *error = text_of_error(result.code);
  log_detail(L"failed: %ls", result.ending == ENDING_EXITED       ? L"see above"
                             : result.ending == ENDING_TIME_LIMIT ? L"did not end in time"
                                                                  : error);
  return false;
}

// The next address of one of the two protocols, or NULL.
static const struct address *next_of(const struct addresses *list, bool is_v6, size_t *position) {
  while (*position < list->count) {
    const struct address *address = &list->item[(*position)++];
    if (address->is_v6 == is_v6) return address;
  }
  return NULL;
}

static wchar_t *mask_of(unsigned prefix) {
  const DWORD mask = prefix ? 0xffffffffu << (32 - prefix) : 0;
  return text_format(L"%lu.%lu.%lu.%lu", mask >> 24, mask >> 16 & 255, mask >> 8 & 255, mask & 255);
}

// Before Vista a gateway must have a metric; since then it is computed if it has none.
static wchar_t *metric_of(const struct address *gateway, const wchar_t *name) {
  if (gateway->number) return text_format(L" %ls%u", name, gateway->number);
  return text_format(L"%ls%ls", windows_version(NULL) < 600 ? L" " : L"",
                     windows_version(NULL) < 600 ? L"1" : L"");
}

static unsigned configure_v4(const struct card *card, const wchar_t *name) {
  size_t at_address = 0, at_gateway = 0;
  const struct address *address = next_of(&card->addresses, false, &at_address);
  const struct address *gateway = next_of(&card->gateways, false, &at_gateway);
  if (!address) return 0;
  unsigned failures = 0;
  CLEANUP_TEXT wchar_t *mask = mask_of(address->number);
  CLEANUP_TEXT wchar_t *metric = gateway ? metric_of(gateway, L"") : NULL;
  failures += !netsh(L"ip set address \"%ls\" static %ls %ls %ls%ls", name, address->text, mask,
                     gateway ? gateway->text : L"none", metric ? metric : L"");
  while ((address = next_of(&card->addresses, false, &at_address))) {
    CLEANUP_TEXT wchar_t *other_mask = mask_of(address->number);
    failures += !netsh(L"ip add address \"%ls\" %ls %ls", name, address->text, other_mask);
  }
  while ((gateway = next_of(&card->gateways, false, &at_gateway)))
    failures += !netsh(L"ip add address \"%ls\" gateway=%ls gwmetric=%u", name, gateway->text,
                       gateway->number ? gateway->number : 1);
  return failures;
}

static unsigned configure_v6(const struct card *card, const wchar_t *name) {
  unsigned failures = 0;
  size_t position = 0;
  for (const struct address *address; (address = next_of(&card->addresses, true, &position));)
    // One that is there already cannot be added.
    failures += !netsh(L"ipv6 add address \"%ls\" %ls/%u", name, address->text, address->number) &&
                !netsh(L"ipv6 set address \"%ls\" %ls/%u", name, address->text, address->number);
  position = 0;
  for (const struct address *gateway; (gateway = next_of(&card->gateways, true, &position));) {
    CLEANUP_TEXT wchar_t *metric = metric_of(gateway, L"metric=");
    failures += !netsh(L"ipv6 add route ::/0 \"%ls\" %ls%ls", name, gateway->text, metric) &&
                !netsh(L"ipv6 set route ::/0 \"%ls\" %ls%ls", name, gateway->text, metric);
  }
  return failures;
}

static unsigned configure_dns(const struct card *card, const wchar_t *name, bool is_v6) {
  const wchar_t *protocol = is_v6 ? L"ipv6" : L"ip";
  // Windows 7 asks each server before it takes it, and the network may not be up yet.
  const wchar_t *unchecked = windows_version(NULL) >= 601 ? L" validate=no" : L"";
  unsigned failures = 0, index = 0;
  size_t position = 0;
  for (const struct address *server; (server = next_of(&card->dns, is_v6, &position));) {
    if (++index == 1)
      failures +=
          !netsh(L"%ls set dns \"%ls\" static %ls%ls", protocol, name, server->text, unchecked);
    else
      failures += !netsh(L"%ls add dns \"%ls\" %ls index=%u%ls", protocol, name, server->text,
                         index, unchecked);
  }
  return failures;
}

// What netsh cannot set, or not in every Windows.
static void configure_registry(const struct card *card, const wchar_t *guid) {
  CLEANUP_TEXT wchar_t *path =
      text_format(L"SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\%ls", guid);
  HKEY key = NULL;
  if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL))
    return;
  if (card->suffix) {
    RegSetValueExW(key, L"Domain", 0, REG_SZ, (const BYTE *)card->suffix,
                   (DWORD)((wcslen(card->suffix) + 1) * sizeof *card->suffix));
    log_detail(L"DNS suffix %ls", card->suffix);
  }
  const DWORD metric = card->metric;
  if (metric && windows_version(NULL) < 600)
    RegSetValueExW(key, L"InterfaceMetric", 0, REG_DWORD, (const BYTE *)&metric, sizeof metric);
  RegCloseKey(key);
}

unsigned netsh_configure(const struct card *card, const struct adapter *adapter) {
  const wchar_t *name = adapter->name;
  const bool is_vista = windows_version(NULL) >= 600;
  unsigned failures = 0;
  configure_registry(card, adapter->guid);
  failures += configure_v4(card, name) + configure_dns(card, name, false);
  if (card->metric && is_vista)
    failures += !netsh(L"ipv4 set interface \"%ls\" metric=%u", name, card->metric);
  if (is_vista)
    failures += configure_v6(card, name) + configure_dns(card, name, true);
  else
    // It has IPv6 only if a person installed it, and other commands for it.
    log_detail(L"this Windows is too old to be given IPv6 addresses");
  return failures;
}
