// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The subcommand "network": reads which addresses each network card shall have, waits for the cards to
// appear, and gives them the addresses. A card is known by its MAC; the one it had in the source machine
// left an adapter behind that is not there any more but still owns the addresses. That one loses them
// once the new adapter is there.
//
// The file, UTF-8, lines NAME=VALUE, # begins a comment line:
//
//   wait_seconds=300            optional, before the first card
//   [card]
//   mac=52:54:00:12:34:56
//   address=192.0.2.10/24       any number, IPv4 and IPv6
//   gateway=192.0.2.1 10        any number; the metric may be left out
//   dns=192.0.2.2               any number
//   suffix=example.com
//   metric=25                   of the interface
//   old={4D36E972-…}            any number
#include "firstboot.h"

#include <iphlpapi.h>
#include <stdlib.h>
#include <wchar.h>

enum { POLL_MILLISECONDS = 2000, TRIES = 3 };

static unsigned wait_seconds = 300;

static bool parse_number(const wchar_t *text, unsigned long most, unsigned *number) {
  wchar_t *end = NULL;
  const unsigned long value = wcstoul(text, &end, 10);
  if (*text < L'0' || *text > L'9' || *end || value > most) return false;
  *number = value;
  return true;
}

static bool parse_mac(const wchar_t *text, BYTE *mac) {
  for (int i = 0; i < 6; ++i, text += 3) {
    wchar_t *end = NULL;
    mac[i] = (BYTE)wcstoul(text, &end, 16);
    if (end != text + 2 || *end != (i < 5 ? L':' : 0)) return false;
  }
  return true;
}

// What is left is netsh's to check; here only that nothing else than an address gets onto its command
// line.
static bool add_address(struct addresses *list, wchar_t *value, wchar_t separator,
                        unsigned number_needed) {
  wchar_t *number = value;
  wchar_t *text = text_split(&number, separator);
  struct address address = {.is_v6 = wcschr(text, L':')};
  if (list->count == ITEMS_AT_MOST || !*text || text[wcsspn(text, L"0123456789abcdefABCDEF:.")])
    return false;
  if (*number || number_needed) {
    const unsigned most = separator == L' ' ? 9999 : address.is_v6 ? 128 : 32;
    if (!parse_number(number, most, &address.number)) return false;
  }
  address.text = text_format(L"%ls", text);
  list->item[list->count++] = address;
  return true;
}

static bool add_old(struct card *card, const wchar_t *guid) {
  if (card->old_count == ITEMS_AT_MOST || wcslen(guid) != 38 || guid[0] != L'{' ||
      guid[37] != L'}' || wcsspn(guid + 1, L"0123456789abcdefABCDEF-") != 36)
    return false;
  card->old[card->old_count++] = text_format(L"%ls", guid);
  return true;
}

static bool set_suffix(struct card *card, const wchar_t *suffix) {
  free(card->suffix);
  card->suffix = text_format(L"%ls", suffix);
  return true;
}

static bool set(struct card *card, const wchar_t *name, wchar_t *value) {
  if (!wcscmp(name, L"mac")) return parse_mac(value, card->mac);
  if (!wcscmp(name, L"address")) return add_address(&card->addresses, value, L'/', true);
  if (!wcscmp(name, L"gateway")) return add_address(&card->gateways, value, L' ', false);
  if (!wcscmp(name, L"dns")) return add_address(&card->dns, value, L' ', false);
  if (!wcscmp(name, L"suffix")) return set_suffix(card, value);
  if (!wcscmp(name, L"metric")) return parse_number(value, 9999, &card->metric);
  if (!wcscmp(name, L"old")) return add_old(card, value);
  return false;
}

// False after a line that is wrong.
static bool parse(wchar_t *text, struct card **first) {
  struct card *card = NULL, **place = first;
  for (wchar_t *line; (line = text_next_line(&text));) {
    if (!wcscmp(line, L"[card]")) {
      card = *place = allocate(sizeof *card);
      place = &card->next;
      continue;
    }
    wchar_t *value = line;
    const wchar_t *name = text_split(&value, L'=');
    const bool is_right = card ? set(card, name, value)
                          : !wcscmp(name, L"wait_seconds")
                              ? parse_number(value, 3600, &wait_seconds)
                              : false;
    if (is_right) continue;
    log_detail(L"not understood: %ls=%ls", name, value);
    return false;
  }
  return true;
}

static bool is_old(const struct card *card, const wchar_t *guid) {
  for (size_t i = 0; i < card->old_count; ++i)
    if (!_wcsicmp(card->old[i], guid)) return true;
  return false;
}

static bool find_adapter(const struct card *card, struct adapter *found) {
  ULONG size = 1 << 16;
  IP_ADAPTER_ADDRESSES *list = NULL;
  ULONG error = ERROR_BUFFER_OVERFLOW;
  for (int i = 0; i < 4 && error == ERROR_BUFFER_OVERFLOW; ++i) {
    free(list);
    list = allocate(size);
    error = GetAdaptersAddresses(AF_UNSPEC, GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST, NULL,
                                 list, &size);
  }
  bool is_found = false;
  for (const IP_ADAPTER_ADDRESSES *adapter = error ? NULL : list; adapter && !is_found;
       adapter = adapter->Next) {
    if (adapter->PhysicalAddressLength != 6 ||
        memcmp(adapter->PhysicalAddress, card->mac, sizeof card->mac))
      continue;
    wchar_t *guid = text_from_bytes(CP_ACP, adapter->AdapterName, strlen(adapter->AdapterName));
    is_found = !is_old(card, guid);
    if (is_found)
      *found = (struct adapter){guid, text_format(L"%ls", adapter->FriendlyName)};
    else
      free(guid);
  }
  free(list);
  return is_found;
}

static void take_addresses(const wchar_t *protocol, const wchar_t *guid) {
  static const wchar_t *const values[] = {L"IPAddress", L"SubnetMask", L"DefaultGateway",
                                          L"DefaultGatewayMetric", L"NameServer"};
  CLEANUP_TEXT wchar_t *path = text_format(
      L"SYSTEM\\CurrentControlSet\\Services\\%ls\\Parameters\\Interfaces\\%ls", protocol, guid);
  HKEY key = NULL;
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_SET_VALUE, &key)) return;
  const DWORD dhcp = 1;
  RegSetValueExW(key, L"EnableDHCP", 0, REG_DWORD, (const BYTE *)&dhcp, sizeof dhcp);
  for (size_t i = 0; i < sizeof values / sizeof *values; ++i) RegDeleteValueW(key, values[i]);
  RegCloseKey(key);
  log_detail(L"the adapter %ls, which is not there any more, has no static addresses now (%ls)",
             guid, protocol);
}

static bool configure(const struct card *card, const struct adapter *adapter) {
  log_detail(L"card %02x:%02x:%02x:%02x:%02x:%02x is \"%ls\" %ls", card->mac[0], card->mac[1],
             card->mac[2], card->mac[3], card->mac[4], card->mac[5], adapter->name, adapter->guid);
  for (size_t i = 0; i < card->old_count; ++i) {
    take_addresses(L"Tcpip", card->old[i]);
    take_addresses(L"Tcpip6", card->old[i]);
  }
  // Right after it appeared, an adapter may not be ready for all.
  for (int i = 0; i < TRIES; ++i) {
    if (i > 0) Sleep(POLL_MILLISECONDS);
    if (netsh_configure(card, adapter) == 0) return true;
  }
  return false;
}

static int configure_all(struct card *card) {
  bool has_failed = false, is_missing = false;
  const DWORD began = GetTickCount();
  for (; card && !is_stopping(); card = card->next) {
    struct adapter adapter = {NULL, NULL};
    bool is_found = find_adapter(card, &adapter);
    // The time is for all cards together.
    while (!is_found && (GetTickCount() - began) / 1000 < wait_seconds &&
           WaitForSingleObject(stop_wanted, POLL_MILLISECONDS) == WAIT_TIMEOUT)
      is_found = find_adapter(card, &adapter);
    if (is_found) {
      if (!configure(card, &adapter)) has_failed = true;
    } else {
      log_detail(L"no card %02x:%02x:%02x:%02x:%02x:%02x appeared within %u seconds", card->mac[0],
                 card->mac[1], card->mac[2], card->mac[3], card->mac[4], card->mac[5],
                 wait_seconds);
      is_missing = true;
    }
    free(adapter.guid);
    free(adapter.name);
  }
  if (is_missing || card) return EXIT_RETRY;
  return has_failed ? 1 : 0;
}

int network_run(const wchar_t *file) {
  CLEANUP_TEXT wchar_t *text = text_read_file(file);
  struct card *cards = NULL;
  if (!text) {
    CLEANUP_TEXT wchar_t *error = text_of_error(GetLastError());
    log_detail(L"%ls cannot be read: %ls", file, error);
    return 1;
  }
  return parse(text, &cards) ? configure_all(cards) : 2;
}
