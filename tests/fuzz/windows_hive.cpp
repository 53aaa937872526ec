// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Any bytes as SYSTEM or SOFTWARE: every reading and edit is done or refused with an Error, and what is said
// about them can be shown.
#include "windows_hive.hpp"

#include <v2v/text/printable.hpp>

#include <toolkit/windows/all_edits.hpp>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  v2v::text::Log log;
  log.on_warning = [](const std::string &message) {
    if (!v2v::text::is_utf8(message) || message.find('\x1b') != message.npos) std::abort();
  };
  const v2v::windows::HiveInMemory hive(data, size);
  v2v::windows::AllEdits(log).on_windows_hive(hive.path());
  return 0;
}
