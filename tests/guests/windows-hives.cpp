// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// windows-hives VERSION FIRMWARE DIRECTORY: writes the hives of a Windows of the tests, for a disk that looks
// like one of it. FIRMWARE is bios or uefi. Without arguments: the versions.
#include <toolkit/windows/windows_hives.hpp>

#include <cstdio>
#include <cstring>
#include <exception>

int main(int argc, char **argv) {
  using namespace v2v::windows;
  if (argc != 4) {
    std::fprintf(stderr, "usage: windows-hives VERSION FIRMWARE DIRECTORY\nversions:");
    for (const auto &version : windows_versions()) std::fprintf(stderr, " %s", version.name);
    std::fprintf(stderr, "\n");
    return 2;
  }
  try {
    auto version = windows_version(argv[1]);
    version.uefi = std::strcmp(argv[2], "uefi") == 0;
    write_all_hives(argv[3], version);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "windows-hives: %s\n", error.what());
    return 1;
  }
  return 0;
}
