// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// LocalRequest and LocalHooks of local_disks.hpp: what the user asked for, checked.
#include <fmt/format.h>

#include <filesystem>
#include <v2v/local_disks/local_disks.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

namespace v2v::local_disks {

LocalRequest LocalRequest::from(const std::string &mode, const OutputRequest &request) {
  LocalRequest local;
  local.mode = mode;
  if (request.storage.empty())
    throw Error(Code::usage, "output directory was not specified", mode, "use '-os /dir'");
  if (!text::is_xml_text(request.storage) || text::has_control_character(request.storage))
    throw Error(Code::usage, "the output directory's name is not plain UTF-8 text",
                text::printable(request.storage), "choose another -os");
  local.directory = std::filesystem::absolute(request.storage).lexically_normal().string();
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

LocalHooks LocalHooks::of(const Host &host) {
  return {[host](const std::string &record) { host.journal(record); },
          [host](const std::string &message) { host.warning(message); },
          [host] { host.check_cancelled(); }};
}

}  // namespace v2v::local_disks
