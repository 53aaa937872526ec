// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// hive-diff BEFORE AFTER: prints how two registry hives differ, one line for each key and value:
//   added key ControlSet001\Services\viostor
//   changed value ControlSet001\Control\CrashControl\AutoReboot
#include <v2v/windows/hive_compare.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char **argv) {
  using namespace v2v::windows;
  if (argc != 3) {
    std::fprintf(stderr, "usage: hive-diff BEFORE AFTER\n");
    return 2;
  }
  try {
    const Hive before(argv[1], argv[1], Hive::Access::read);
    const Hive after(argv[2], argv[2], Hive::Access::read);
    for (const auto &[path, what, is_key] : differences(before, after)) {
      const char *verb = what == Difference::What::added     ? "added"
                         : what == Difference::What::removed ? "removed"
                                                             : "changed";
      std::printf("%s %s %s\n", verb, is_key ? "key" : "value", path.c_str());
    }
  } catch (const std::exception &error) {
    std::fprintf(stderr, "hive-diff: %s\n", error.what());
    return 1;
  }
  return 0;
}
