// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Any bytes as a boot store.
#include "windows_hive.hpp"

#include <toolkit/windows/all_edits.hpp>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  const v2v::windows::HiveInMemory hive(data, size);
  v2v::windows::AllEdits().on_boot_store(hive.path());
  return 0;
}
