// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The subcommand "online-disks": Windows leaves disks offline that it has not seen on this bus before
// (its SAN policy). Those of virtio and QEMU are set online and writable, for good.
#include "firstboot.h"

#include <ctype.h>
#include <string.h>
#include <winioctl.h>

// Since Windows 7 and 2008 R2, and so not in headers for Windows XP.
#define GET_DISK_ATTRIBUTES CTL_CODE(IOCTL_DISK_BASE, 0x003c, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define SET_DISK_ATTRIBUTES \
  CTL_CODE(IOCTL_DISK_BASE, 0x003d, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
enum { ATTRIBUTE_OFFLINE = 1, ATTRIBUTE_READ_ONLY = 2 };

struct get_disk_attributes {
  DWORD version, reserved;
  DWORDLONG attributes;
};
struct set_disk_attributes {
  DWORD version;
  BYTE persists, reserved[3];
  DWORDLONG attributes, mask;
  DWORD reserved_too[4];
};

enum { DISKS_AT_MOST = 256 };

// Appends an identification, which is padded with blanks, in small letters.
static void append(char *text, size_t size, const BYTE *descriptor, DWORD length, DWORD offset) {
  size_t end = strlen(text);
  for (; offset && offset < length && descriptor[offset] && end + 1 < size; ++offset)
    text[end++] = (char)tolower(descriptor[offset]);
  text[end] = 0;
}

static bool is_virtual(HANDLE disk, char *name, size_t size) {
  STORAGE_PROPERTY_QUERY query = {StorageDeviceProperty, PropertyStandardQuery, {0}};
  union {
    STORAGE_DEVICE_DESCRIPTOR descriptor;
    BYTE bytes[1024];
  } answer = {{0}};
  DWORD length = 0;
  if (!DeviceIoControl(disk, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof query, &answer,
                       sizeof answer, &length, NULL))
    return false;
  append(name, size, answer.bytes, length, answer.descriptor.VendorIdOffset);
  append(name, size, answer.bytes, length, answer.descriptor.ProductIdOffset);
  return strstr(name, "virtio") || strstr(name, "qemu");
}

// True if the disk is online and writable, now or before.
static bool set_online(HANDLE disk, int number, const char *name) {
  struct get_disk_attributes now = {0};
  DWORD length = 0;
  if (DeviceIoControl(disk, GET_DISK_ATTRIBUTES, NULL, 0, &now, sizeof now, &length, NULL) &&
      !(now.attributes & (ATTRIBUTE_OFFLINE | ATTRIBUTE_READ_ONLY))) {
    log_detail(L"disk %d (%hs): is online", number, name);
    return true;
  }
  struct set_disk_attributes wanted = {
      .version = sizeof wanted, .persists = TRUE, .mask = ATTRIBUTE_OFFLINE | ATTRIBUTE_READ_ONLY};
  if (!DeviceIoControl(disk, SET_DISK_ATTRIBUTES, &wanted, sizeof wanted, NULL, 0, &length, NULL)) {
    CLEANUP_TEXT wchar_t *error = text_of_error(GetLastError());
    log_detail(L"disk %d (%hs): cannot be set online: %ls", number, name, error);
    return false;
  }
  DeviceIoControl(disk, IOCTL_DISK_UPDATE_PROPERTIES, NULL, 0, NULL, 0, &length, NULL);
  log_detail(L"disk %d (%hs): set online and writable", number, name);
  return true;
}

int disks_run(void) {
  if (windows_version(NULL) < 601) {
    log_detail(L"this Windows has no disks that are offline");
    return 0;
  }
  int failures = 0;
  for (int number = 0; number < DISKS_AT_MOST; ++number) {
    CLEANUP_TEXT wchar_t *path = text_format(L"\\\\.\\PhysicalDrive%d", number);
    const HANDLE disk =
        CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_EXISTING, 0, NULL);
    if (disk == INVALID_HANDLE_VALUE) continue;
    char name[80] = "";
    if (is_virtual(disk, name, sizeof name) && !set_online(disk, number, name)) ++failures;
    CloseHandle(disk);
  }
  return failures ? 1 : 0;
}
