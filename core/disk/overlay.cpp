// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/overlay.hpp>

#include <core/disk/qemu_img.hpp>
#include <core/disk/qemu_location.hpp>

namespace v2v::core {
namespace {

// qcow2 holds the name of its backing file in at most this many bytes (docs/interop/qcow2.txt).
constexpr std::size_t longest_backing_name = 1023;

/// The backing name; through a symbolic link if the path itself is too long.
std::string backing_name(Location source, const std::filesystem::path &overlay) {
  auto name = qemu_filename(source);
  if (name.size() <= longest_backing_name) return name;
  if (source.type == Location::Type::file) {
    auto link = overlay;
    link += ".source";
    std::filesystem::create_symlink(std::filesystem::absolute(source.path), link);
    source.path = link.string();
    name = qemu_filename(source);
  }
  if (name.size() > longest_backing_name)
    throw Error(Code::unsupported, "its name is too long", display_name(source),
                "give it a shorter name");
  return name;
}

}  // namespace

std::string overlay_name(unsigned disk) {
  return "overlay" + std::to_string(disk);
}

Overlay Overlay::create(const Location &source, const std::filesystem::path &path,
                        const Cancellation &cancellation, std::optional<std::uint64_t> size) {
  if (!size) size = core::virtual_size(source, cancellation);
  // The size is explicit so that an overlay never follows a source that grows meanwhile. compat 1.1
  // is what lets trimmed blocks hide the source's data instead of showing it again.
  QemuImg{{"create", "-q", "-f", "qcow2", "-o", "compat=1.1", "-F", source.format, "-b",
           backing_name(source, path), path.string(), std::to_string(*size)},
          "cannot make an overlay in " + path.parent_path().string(),
          display_name(source),
          &cancellation}
      .run();
  return Overlay(path, source, *size);
}

DiskContents Overlay::contents(const Cancellation &cancellation) const {
  return contents_of(location(), source_, cancellation);
}

Location Overlay::location() const {
  Location location;
  location.path = path_.string();
  location.format = "qcow2";
  location.references = true;  // to the source, which was checked
  return location;
}

}  // namespace v2v::core
