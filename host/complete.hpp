// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What may stand at the end of a command line, for the completion of shells (completion/). It comes from
// the table of options and from the plugins that are there. Quiet: whatever is wrong is no matter here.
#pragma once

#include <string>
#include <vector>

namespace v2v::host {

/// @param started_as  argv[0]: each of the programs has its options
/// @param words  of the command line without the program's name; the last one, perhaps empty, is to be
///               completed
/// @return a line for each answer that begins with the last word: the word, and after a tab what it
///         means, if that is known. A word that ends with '=' goes on. The line ":files" or
///         ":directories": names of files are meant, after the last '=' of the word if it has one.
std::string completions(const std::string &started_as, std::vector<std::string> words);

}  // namespace v2v::host
