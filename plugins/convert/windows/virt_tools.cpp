// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "virt_tools.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace v2v::convert_windows {
namespace {

struct VirtTool {
  const char *name;
  std::vector<std::string> script;  ///< in the directory of the scripts
};

const std::array<VirtTool, 3> &known_tools() {
  static const std::array<VirtTool, 3> tools = {{
      {"pnp_wait", {"@echo off", R"("%~dp0..\files\pnp_wait.exe")"}},
      // It unpacks itself into a directory VMDP-… beside it.
      {"vmdp",
       {"@echo off", R"(cd /d "%~dp0..\files")", "vmdp.exe", R"(for /d %%d in (VMDP-*) do ()",
        R"(  cd /d "%%d")", "  setup.exe /eula_accepted /no_reboot", ")", "exit /b 3010"}},
      {"rhev-apt",
       {"@echo off", R"("%~dp0..\files\rhev-apt.exe" /S /v/qn)", "if errorlevel 1 exit /b 1",
        "net start rhev-apt"}},
  }};
  return tools;
}

std::filesystem::path directory() {
  const char *named = std::getenv("VIRT_TOOLS_DATA_DIR");
  return named && *named ? named : "/usr/share/virt-tools";
}

std::string read(const std::filesystem::path &file) {
  std::ifstream stream(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || content.empty())
    throw Error(
        Code::not_found, "this program cannot be read", file.string(),
        "put it there, or let VIRT_TOOLS_DATA_DIR name its directory, or leave -co virt-tool out");
  return content;
}

}  // namespace

void add_virt_tools(windows::FirstBoot &first_boot, const std::vector<std::string> &names) {
  for (const auto &name : names) {
    const auto tool = std::find_if(known_tools().begin(), known_tools().end(),
                                   [&](const auto &one) { return one.name == name; });
    if (tool == known_tools().end())
      throw Error(Code::usage, "there is no such tool", "-co virt-tool=" + name,
                  "use vmdp, rhev-apt or pnp_wait");
    first_boot.add_file(name + ".exe", read(directory() / (name + ".exe")));
    first_boot.add_script(name, tool->script);
  }
}

}  // namespace v2v::convert_windows
