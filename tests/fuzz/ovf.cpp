// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Any bytes as an OVF: it is read or refused with an Error, and what is read keeps its promises.
#include <fmt/format.h>
#include <ovf.hpp>
#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  const std::string text(reinterpret_cast<const char *>(data), size);
  try {
    const auto machine = v2v::input_ova::read_ovf(text, "fuzz", "fallback", "");
    const auto &source = machine.source;
    if (source.name.empty() || !v2v::text::is_utf8(source.name)) std::abort();
    if (source.vcpus == 0 || source.memory == 0) std::abort();
    if (source.cpu_sockets * source.cpu_cores * source.cpu_threads != 0 &&
        source.cpu_sockets * source.cpu_cores * source.cpu_threads != source.vcpus)
      std::abort();
    for (const auto &warning : machine.warnings)
      if (!v2v::text::is_utf8(warning) || warning.find('\x1b') != warning.npos) std::abort();
  } catch (const v2v::Error &error) {
    if (error.code() == v2v::Code::internal) std::abort();
    const std::string message = error.what();
    if (!v2v::text::is_utf8(message) || message.find('\x1b') != message.npos) std::abort();
  }
  return 0;
}
