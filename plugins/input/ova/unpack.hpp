// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Unpacks what cannot be read in place into the run directory, with progress and within bounds: a
// file is stopped at the size its archive declares or its disk can have, and before the file system
// is full. Nothing keeps its name there, so no name of an archive ever becomes a path.
#pragma once

#include "archive.hpp"
#include "href.hpp"
#include "manifests.hpp"
#include "members.hpp"

#include <v2v/host.hpp>

#include <optional>
#include <string>

namespace v2v::input_ova {

struct OvfText {
  std::string name;  ///< in the OVA
  std::string text;
};

/// The first OVF of a compressed container. It is the first file of an OVA that follows the
/// standard, so little is read.
/// @throws Error(corrupt) if there is none
OvfText find_ovf(const Host &host, const std::string &path, Archive::Kind kind,
                 const MemberList &members);

/// Unpacks the wanted files, checking the sums of manifests that come before them on the way.
/// @param members    filled: what is not unpacked has a flaw
/// @param manifests  filled
/// @throws Error(no_space, corrupt, io, cancelled); Error(unsupported) for a second OVF
void unpack(const Host &host, const std::string &path, Archive::Kind kind, const std::string &ovf,
            const Wanted &wanted, MemberList &members, Manifests &manifests);

/// Puts the segments together, unpacked if they are gzip, as one file of the run directory.
/// @param disk   number from 0, for progress
/// @param limit  bytes that it may have at most; nothing: what there is room for
/// @return its path
std::string assemble(const Host &host, std::vector<Segment> segments, const std::string &name,
                     bool gzip, unsigned disk, std::optional<std::uint64_t> limit);

}  // namespace v2v::input_ova
