// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// LocalRequest and LocalHooks of local_disks.hpp: what the user asked for, checked.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <v2v/local_disks/local_disks.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::local_disks {
namespace {

std::string absolute(const std::string &path, const char *what, const char *option) {
  if (!text::is_xml_text(path) || text::has_control_character(path))
    throw Error(Code::usage, fmt::format("{}'s name is not plain UTF-8 text", what),
                text::printable(path), fmt::format("choose another {}", option));
  return std::filesystem::absolute(path).lexically_normal().string();
}

void read_places(LocalRequest &local, const Options &options) {
  for (const auto &path : options.all("disk")) {
    if (path.empty() || path.back() == '/')
      throw Error(Code::usage, "-oo disk is no name of a file", text::printable(path),
                  "give the path of the disk, not of its directory");
    local.paths.push_back(absolute(path, "the disk", "-oo disk"));
  }
  auto sorted = local.paths;
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
    throw Error(Code::usage, "-oo disk is given twice with the same file", *twice,
                "give each disk a file of its own");
  local.create = options.get("create").value_or("true") == "true";
  if (!local.create && local.format != "raw")
    throw Error(Code::usage, "-oo create=false is only possible with raw disks", local.mode,
                "use -of raw, or let v2v create the disks");
}

}  // namespace

LocalRequest LocalRequest::from(const std::string &mode, const OutputRequest &request) {
  LocalRequest local;
  local.mode = mode;
  if (request.storage.empty())
    throw Error(Code::usage, "output directory was not specified", mode, "use '-os /dir'");
  local.directory = absolute(request.storage, "the output directory", "-os");
  // "/dir/" ends in an empty component, which would show in every path.
  while (local.directory.size() > 1 && local.directory.back() == '/') local.directory.pop_back();
  if (!request.connection.empty())
    throw Error(Code::usage, "-oc option cannot be used in this output mode", mode, "leave it out");
  if (!request.format.empty()) local.format = request.format;
  if (local.format != "raw" && local.format != "qcow2")
    throw Error(Code::usage,
                fmt::format("cannot write disks in the format {}", text::printable(local.format)),
                mode, "use -of raw or -of qcow2");
  local.preallocated = request.allocation == Allocation::preallocated;
  local.compressed = request.options.flag("compressed");
  local.overwrite = request.options.flag("overwrite");
  if (local.compressed && local.format != "qcow2")
    throw Error(Code::usage, "-oo compressed is only possible with qcow2 disks", mode,
                "add -of qcow2, or leave out -oo compressed");
  if (local.compressed && local.preallocated)
    throw Error(Code::usage, "-oo compressed and -oa preallocated exclude each other", mode,
                "leave out one of them");
  read_places(local, request.options);
  return local;
}

std::vector<Option> LocalRequest::options() {
  return {
      {"compressed", OptionType::boolean, "Write compressed qcow2 disks", {}, {}},
      {"overwrite",
       OptionType::boolean,
       "Replace files of the same name from an earlier conversion; without it they are an error",
       {},
       {}}};
}

std::vector<Option> LocalRequest::placing_options() {
  auto all = options();
  all.push_back({"disk",
                 OptionType::list,
                 "Path of a disk, once for each, instead of names in the directory",
                 "PATH",
                 {}});
  all.push_back({"create",
                 OptionType::boolean,
                 "With =false the disks are there, files or block devices, and are filled",
                 {},
                 {}});
  return all;
}

LocalHooks LocalHooks::of(const Host &host) {
  return {[host](const std::string &record) { host.journal(record); },
          [host](const std::string &message) { host.warning(message); },
          [host] { host.check_cancelled(); }};
}

}  // namespace v2v::local_disks
