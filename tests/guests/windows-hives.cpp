// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// windows-hives VERSION DIRECTORY: writes the hives of a Windows of the tests, for a disk that looks like one
// of it. Without arguments: the versions.
#include <toolkit/windows/windows_hives.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char **argv) {
  using namespace v2v::windows;
  if (argc != 3) {
    std::fprintf(stderr, "usage: windows-hives VERSION DIRECTORY\nversions:");
    for (const auto &version : windows_versions()) std::fprintf(stderr, " %s", version.name);
    std::fprintf(stderr, "\n");
    return 2;
  }
  try {
    write_all_hives(argv[2], windows_version(argv[1]));
  } catch (const std::exception &error) {
    std::fprintf(stderr, "windows-hives: %s\n", error.what());
    return 1;
  }
  return 0;
}
