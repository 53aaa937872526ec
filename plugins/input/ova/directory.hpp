// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The files of an OVA that was unpacked into a directory. Links to directories are not followed;
// a link to a file counts as that file if it stays in the directory, and else as a flaw.
#pragma once

#include "href.hpp"
#include "members.hpp"

namespace v2v::input_ova {

/// @param top     absolute path without links
/// @param wanted  list only these files (and look only where they can be); null: all
/// @throws Error(access, io); what MemberList::add throws
void list_directory(const std::string &top, const Wanted *wanted, MemberList &members);

}  // namespace v2v::input_ova
