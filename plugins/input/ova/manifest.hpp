// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The manifest of an OVA: one line per file, "SHA256(disk1.vmdk)= 0123…". Source: DMTF DSP0243,
// "Manifest file". A line that cannot be read is warned about, as in virt-v2v. Pure functions.
#pragma once

#include <v2v/digest/digest.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace v2v::input_ova {

using digest::Algorithm;

/// "SHA256"
const char *algorithm_name(Algorithm algorithm);

struct ManifestLine {
  Algorithm algorithm = Algorithm::sha1;
  std::string file;  ///< relative to the manifest's folder; untrusted
  std::string sum;   ///< lower-case hexadecimal digits, as many as the algorithm has
};

struct Manifest {
  std::vector<ManifestLine> lines;
  std::vector<std::string> warnings;  ///< a sentence per malformed line, at most a few
};

/// Reads what can be read; never throws for its content.
Manifest parse_manifest(std::string_view text);

}  // namespace v2v::input_ova
