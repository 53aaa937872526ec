// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// v2v-manual: manual pages, made when v2v and its plugins are built.
#include "abi_text.hpp"
#include "page.hpp"
#include "roff.hpp"

#include <v2v/error.hpp>

#include <core/plugin/load.hpp>
#include <host/fan_out.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

namespace {

using namespace v2v;

constexpr const char *usage =
    "v2v-manual page DATE PAGE.md [PLUGIN.so | PROGRAM]   a manual page, on standard output\n"
    "v2v-manual source PAGE.md [PLUGIN.so | PROGRAM]      the page with its options as they are "
    "now\n"
    "v2v-manual abi DATE PAGE.md plugin.h                 a manual page of a C header\n";

std::string content(const std::string &file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  if (!text || text.str().empty()) throw Error(Code::not_found, "it cannot be read", file);
  return text.str();
}

struct Page {
  std::string text, package = "v2v " V2V_VERSION;
};

/// A page that says nothing of options stays as it is.
Page page(const std::string &file, const std::string &about) {
  Page result{content(file)};
  if (about.find('/') != std::string::npos) {
    host::FanOut silence{{}};
    const auto &plugin = core::load_plugin(about, silence, core::Vetting::built_here);
    result.text = manual::with_options(result.text, manual::subject_of(plugin));
    result.package = manual::title_of(result.text).name + " " + plugin.info.version;
  } else if (!about.empty()) {
    std::vector<std::string> none;
    result.text = manual::with_options(manual::renamed(result.text, about),
                                       manual::subject_of(host::chosen_program(about, none)));
  }
  return result;
}

std::string answer(const std::vector<std::string> &words) {
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string(); };
  if (word(0) == "source" && words.size() >= 2) return page(word(1), word(2)).text;
  if (word(0) == "page" && words.size() >= 3) {
    const auto whole = page(word(2), word(3));
    return manual::roff(whole.text, word(1), whole.package);
  }
  if (word(0) == "abi" && words.size() == 4) {
    std::string text = content(word(2));
    text.insert(std::min(text.find("## SEE ALSO"), text.size()),
                manual::abi_text(content(word(3))));
    return manual::roff(text, word(1), "v2v " V2V_VERSION);
  }
  throw Error(Code::usage, std::string("it is called otherwise:\n") + usage);
}

}  // namespace

int main(int argc, char **argv) {
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  try {
    std::cout << answer(words) << std::flush;
    return std::cout ? 0 : 1;
  } catch (const std::exception &error) {
    const std::size_t file = !words.empty() && words[0] == "source" ? 1 : 2;
    std::cerr << "v2v-manual: " << (file < words.size() ? words[file] + ": " : "") << error.what()
              << "\n";
  }
  return 1;
}
