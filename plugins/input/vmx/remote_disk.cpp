// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "remote_disk.hpp"

#include "text.hpp"

#include <v2v/images/vmdk_descriptor.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace v2v::input_vmx {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t sector = 512;
constexpr const char *copy_it =
    "copy the guest's directory to this machine (scp -r) and give its VMX without -it ssh";

[[noreturn]] void unsupported(const std::string &what, const std::string &path,
                              const char *remedy = copy_it) {
  throw Error(Code::unsupported, what, text::printable(path), remedy);
}

}  // namespace

std::string remote_path(const std::string &name, const std::string &directory,
                        const std::string &guest_directory, bool anywhere,
                        const std::string &namer) {
  if (name.empty() || text::has_control_character(name))
    throw Error(Code::corrupt, "it names a file without a usable name", namer,
                "see whether the guest starts in VMware");
  if (name.find('\\') != name.npos)
    unsupported(fmt::format("\"{}\" is a path on a Windows machine", text::printable(name)), namer);
  const auto path = (fs::path(directory) / name).lexically_normal();
  const auto relative = path.lexically_relative(guest_directory);
  const bool inside = !relative.empty() && *relative.begin() != "..";
  if (!inside && !anywhere)
    unsupported(fmt::format("\"{}\" is outside of {}, which is not trusted", text::printable(name),
                            text::printable(guest_directory)),
                namer, "if you trust the guest's files, give --allow-references");
  return path.string();
}

RemoteExtent remote_extent(const std::string &path, std::string_view text,
                           const std::string &guest_directory, bool anywhere) {
  const auto name = text::printable(path);
  if (starts_with(text, "KDMV")) unsupported("a sparse disk cannot be read over ssh", path);
  if (!images::is_vmdk_descriptor(text))
    throw Error(Code::corrupt, "this is not the descriptor of a VMDK", name,
                "see whether the guest starts in VMware");
  if (text.size() > images::largest_vmdk_descriptor)
    throw Error(Code::corrupt, "the descriptor is too large", name);
  const auto descriptor = images::parse_vmdk_descriptor(text, name);
  if (descriptor.encrypted)
    unsupported("the disk is encrypted by VMware", path,
                "remove the encryption in VMware (the VM's storage policy)");
  if (descriptor.has_parent())
    unsupported("the guest has snapshots, which cannot be read over ssh", path,
                "consolidate them in VMware (delete all snapshots), or copy the guest's directory "
                "to this machine (scp -r) and give its VMX without -it ssh");
  if (descriptor.extents.size() != 1)
    unsupported(fmt::format("the disk has {} parts, and only one can be read over ssh",
                            descriptor.extents.size()),
                path);
  const auto &extent = descriptor.extents.front();
  if (extent.type != "FLAT" && extent.type != "VMFS")
    unsupported(
        fmt::format("a disk of type {} cannot be read over ssh", text::printable(extent.type)),
        path,
        "if it is a raw device mapping, turn it into a virtual disk in VMware (vmkfstools "
        "-i); else copy the guest's directory to this machine and leave -it ssh out");
  return {remote_path(extent.file, fs::path(path).parent_path().string(), guest_directory, anywhere,
                      name),
          extent.offset * sector, extent.sectors * sector};
}

}  // namespace v2v::input_vmx
