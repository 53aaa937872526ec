// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "ova_input.hpp"

#include "directory.hpp"
#include "disks.hpp"
#include "file.hpp"
#include "ovf_document.hpp"
#include "tar_walk.hpp"
#include "unpack.hpp"

#include <v2v/error.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace v2v::input_ova {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_ovf_warnings = 20;  // a strange OVF must not bury the other messages

std::string absolute_path(const std::string &argument) {
  std::error_code failed;
  auto path = fs::canonical(argument, failed).string();
  const auto name = text::printable(argument);
  if (failed == std::errc::no_such_file_or_directory || failed == std::errc::not_a_directory)
    throw Error(Code::not_found, "No such file or directory", name, "check the path of the OVA");
  if (failed == std::errc::permission_denied)
    throw Error(Code::access, "a directory above it may not be searched", name,
                "run v2v as a user who may read the OVA");
  if (failed) throw Error(Code::io, failed.message(), name);
  if (!text::is_utf8(path))
    throw Error(Code::unsupported, "the path is not UTF-8", name, "rename the file or link to it");
  return path;
}

std::string read_member(const MemberList &members, const Member &member, std::uint64_t limit) {
  if (!member.flaw.empty() || member.size > limit)
    throw Error(Code::corrupt,
                fmt::format("{} is {}", text::printable(member.name),
                            member.flaw.empty() ? "absurdly large" : member.flaw),
                members.ova(), "export the guest again");
  if (member.size == 0) return {};
  const InputFile file(member.file);
  const images::ImageReader reader(file.fd(), members.ova(), member.offset, member.size);
  return std::string(reader.read(0, member.size).all());
}

const Member &only_ovf(const MemberList &members) {
  const Member *found = nullptr;
  for (const auto &member : members.all()) {
    if (!has_suffix(member.name, ".ovf")) continue;
    if (found)
      throw Error(Code::unsupported,
                  fmt::format("it holds several OVF files: {}, {}", text::printable(found->name),
                              text::printable(member.name)),
                  members.ova(), "unpack it, and give one of them: -i ova DIRECTORY/FILE.ovf");
    found = &member;
  }
  if (!found)
    throw Error(Code::corrupt, "no .ovf file was found in it", members.ova(),
                "see whether it is an OVA at all, or export the guest again");
  return *found;
}

/// The directory of an OVA that is not packed, or nothing.
std::string directory_of(Container container, const std::string &path) {
  if (container == Container::directory) return path;
  return container == Container::ovf ? fs::path(path).parent_path().string() : std::string();
}

/// The file's name without its folder and its last suffix.
std::string stem(const std::string &path) {
  return fs::path(path).stem().string();
}

}  // namespace

/// What the steps of open() fill in.
struct OvaInput::Contents {
  std::string path;  ///< of the argument: absolute, without links
  Container container;
  MemberList members;
  Manifests manifests;
  OvfText ovf;
  OvfMachine machine;
};

void OvaInput::check_request() const {
  if (request_.arguments.size() != 1)
    throw Error(Code::usage, "expecting an OVA file name on the command line", "-i ova",
                "give one OVA, OVF or directory: v2v -i ova GUEST.ova …");
  for (const auto &[option, value] :
       {std::pair{"-ic", request_.connection}, std::pair{"-it", request_.transport},
        std::pair{"-if", request_.format}})
    if (!value.empty())
      host_.warning(fmt::format("{} has no meaning for -i ova and is ignored", option));
}

OvfMachine OvaInput::parse(const Contents &contents) const {
  const auto fallback =
      stem(contents.container == Container::directory ? contents.ovf.name : contents.path);
  auto machine = read_ovf(contents.ovf.text, contents.members.ova(), fallback,
                          request_.options.get("vm").value_or(""));
  const auto &warnings = machine.warnings;
  const auto shown = std::min(warnings.size(), most_ovf_warnings);
  for (std::size_t i = 0; i < shown; ++i) host_.warning(warnings[i]);
  if (shown < warnings.size())
    host_.warning(
        fmt::format("the OVF gives reason for {} more warnings", warnings.size() - shown));
  return machine;
}

/// A plain tar or a directory: first the list of its files, then the OVF.
void OvaInput::read_in_place(Contents &contents) const {
  auto &members = contents.members;
  if (contents.container == Container::tar) {
    const InputFile file(contents.path);
    walk_tar(images::ImageReader(file.fd(), members.ova()), contents.path, members);
  } else {
    list_directory(contents.path, nullptr, members);
  }
  const auto &ovf = only_ovf(members);
  contents.ovf = {ovf.name, read_member(members, ovf, largest_ovf)};
  contents.machine = parse(contents);
  for (const auto &member : members.all())
    if (has_suffix(member.name, ".mf"))
      contents.manifests.add(members, member.name, read_member(members, member, largest_manifest));
}

Wanted wanted_files(const MemberList &members, const OvfText &ovf, const OvfMachine &machine) {
  Wanted wanted;
  for (const auto &disk : machine.disks)
    if (disk.file) wanted.add(href_names(members, folder_of(ovf.name), disk.file->href));
  return wanted;
}

/// A zip or a compressed tar: first the OVF, then only what it names is unpacked.
void OvaInput::read_packed(Contents &contents) const {
  const auto kind =
      contents.container == Container::zip ? Archive::Kind::zip : Archive::Kind::compressed_tar;
  auto &members = contents.members;
  contents.ovf = find_ovf(host_, contents.path, kind, members);
  contents.machine = parse(contents);
  auto wanted = wanted_files(members, contents.ovf, contents.machine);
  wanted.add({contents.ovf.name});  // for its sum
  std::uint64_t needed = 0;
  std::set<std::string> counted;
  for (const auto &disk : contents.machine.disks)
    if (disk.file && disk.file->size && *disk.file->size < std::uint64_t(1) << 56 &&
        counted.insert(disk.file->href).second)
      needed += *disk.file->size;
  check_space(host_.run_directory(), needed, members.ova());
  unpack(host_, contents.path, kind, contents.ovf.name, wanted, members, contents.manifests);
}

/// The OVF itself: its directory may hold much else, which is not looked at.
void OvaInput::read_beside(Contents &contents) const {
  const fs::path path(contents.path);
  auto &members = contents.members;
  const Member ovf{path.filename().string(), contents.path, 0, fs::file_size(path), {}};
  contents.ovf = {ovf.name, read_member(members, ovf, largest_ovf)};
  contents.machine = parse(contents);
  const auto manifest = path.stem().string() + ".mf";
  auto wanted = wanted_files(members, contents.ovf, contents.machine);
  wanted.add({manifest, ovf.name});
  list_directory(path.parent_path().string(), &wanted, members);
  if (const auto *member = members.find(manifest))
    contents.manifests.add(members, manifest, read_member(members, *member, largest_manifest));
}

Source OvaInput::open() {
  check_request();
  const auto path = absolute_path(request_.arguments.front());
  const auto shown = text::printable(request_.arguments.front());
  Contents contents{path, container_of(path), MemberList(shown), Manifests(host_), {}, {}};
  switch (contents.container) {
    case Container::tar:
    case Container::directory:
      read_in_place(contents);
      break;
    case Container::zip:
    case Container::compressed_tar:
      read_packed(contents);
      break;
    case Container::ovf:
      read_beside(contents);
      break;
  }
  for (const auto &member : contents.members.all())
    if (has_suffix(member.name, ".cert"))
      host_.debug(fmt::format("{}: the certificate {} is not looked at", shown,
                              text::printable(member.name)));
  // From here on the sums are computed beside everything else.
  checksums_ = std::make_unique<Checksums>(host_, contents.manifests.checks(contents.members));
  auto source = std::move(contents.machine.source);
  const Layout layout{contents.members, std::string(folder_of(contents.ovf.name)),
                      directory_of(contents.container, path)};
  std::map<std::string, Disk> located;  // by file: a disk of two devices is unpacked once
  for (const auto &disk : contents.machine.disks) {
    const auto known = disk.file ? located.find(disk.file->href) : located.end();
    auto found = known != located.end()
                     ? known->second
                     : locate_disk(host_, layout, disk, static_cast<unsigned>(source.disks.size()));
    found.controller = disk.controller;
    if (disk.file) located.emplace(disk.file->href, found);
    source.disks.push_back(std::move(found));
  }
  return source;
}

void OvaInput::verify() {
  if (checksums_) checksums_->finish();
}

}  // namespace v2v::input_ova
