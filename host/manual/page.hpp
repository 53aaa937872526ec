// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A page of docs/ and what the program says of its options. Who writes a page writes no synopsis and no help
// of an option: both are put into it from the program, and what the page has besides stays. Pure; any thread.
#pragma once

#include <core/plugin/load.hpp>
#include <host/programs.hpp>

#include <string>
#include <vector>

namespace v2v::manual {

struct OptionText {
  std::string key;       ///< the name that the page knows it by: "-i", "-oo compressed"
  std::string synopsis;  ///< in Markdown, which begins with the key in bold
  std::string help;      ///< in Markdown
};

struct OptionGroup {
  std::string heading;  ///< empty: none
  std::vector<OptionText> options;
};

/// What a page is about.
struct Subject {
  std::string summary;                  ///< for NAME; empty: as the page has it
  std::vector<OptionGroup> groups;      ///< for OPTIONS
  std::string none{};                   ///< what OPTIONS says where there are no options
  std::vector<std::string> others{};    ///< options the page may explain besides, in its own words
  std::vector<std::string> examples{};  ///< for SYNOPSIS; empty: as the page has it
};

/// A program of virt-v2v's, or v2v with all of its words.
Subject subject_of(const host::Program &program);
Subject subject_of(const core::LoadedPlugin &plugin);

/// The page with the options as they are now. Twice is as once.
/// @throws Error(corrupt) if a section is missing, or an option is explained that is not there
std::string with_options(const std::string &page, const Subject &subject);

/// The page as that of another program that it describes as well, whose options it does not know.
std::string renamed(const std::string &page, const std::string &name);

}  // namespace v2v::manual
