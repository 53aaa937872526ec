// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Any bytes as a manifest: what comes out are sums of the right length, and warnings that can be
// shown.
#include <manifest.hpp>
#include <v2v/text/printable.hpp>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char *>(data), size);
  const auto manifest = v2v::input_ova::parse_manifest(text);
  for (const auto &line : manifest.lines) {
    const std::size_t digits = line.algorithm == v2v::input_ova::Algorithm::sha1     ? 40
                               : line.algorithm == v2v::input_ova::Algorithm::sha256 ? 64
                                                                                     : 128;
    if (line.file.empty() || line.sum.size() != digits) std::abort();
    if (line.sum.find_first_not_of("0123456789abcdef") != line.sum.npos) std::abort();
  }
  if (manifest.warnings.size() > 11) std::abort();
  for (const auto &warning : manifest.warnings)
    if (!v2v::text::is_utf8(warning) || warning.find('\x1b') != warning.npos) std::abort();
  return 0;
}
