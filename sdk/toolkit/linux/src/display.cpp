// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See display.hpp.
#include <v2v/linux/display.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

#include <string>
#include <vector>

namespace v2v::linux {
namespace {

std::string unquoted(std::string_view word) {
  if (word.size() >= 2 && word.front() == '"' && word.back() == '"')
    return lower_case(word.substr(1, word.size() - 2));
  return lower_case(word);
}

std::vector<std::string> configurations(Guest &guest) {
  std::vector<std::string> paths;
  paths.push_back(guest.is_file("/etc/X11/xorg.conf") ? "/etc/X11/xorg.conf"
                                                      : "/etc/X11/XF86Config");
  for (const auto &name : guest.list("/etc/X11/xorg.conf.d"))
    if (ends_with(name, ".conf")) paths.push_back("/etc/X11/xorg.conf.d/" + name);
  return paths;
}

/// Reads the sections of an X configuration line by line.
class SectionReader {
 public:
  /// The keyword of a line inside a Device section, in lower case; otherwise empty.
  std::string keyword(const std::vector<std::string_view> &parts) {
    if (parts.empty() || parts[0].front() == '#') return {};
    const auto word = lower_case(parts[0]);
    if (word == "section") in_device_ = parts.size() > 1 && unquoted(parts[1]) == "device";
    if (word == "endsection") in_device_ = false;
    return in_device_ ? word : std::string();
  }

 private:
  bool in_device_ = false;
};

bool has_driver(Guest &guest, const std::string &name) {
  for (const char *directory : {"/usr/lib/xorg/modules/drivers", "/usr/lib64/xorg/modules/drivers"})
    if (guest.is_file(fmt::format("{}/{}_drv.so", directory, name))) return true;
  return false;
}

}  // namespace

void convert_display(Guest &guest, const Log &log) {
  EditBuffer buffer(guest, log, "the old hypervisor's display is not there on KVM");
  std::string driver;
  for (const auto &path : configurations(guest)) {
    SectionReader reader;
    buffer.edit(path, [&](std::string &line) {
      const auto parts = words(line);
      const auto keyword = reader.keyword(parts);
      if (keyword == "vendorname" || keyword == "boardname") return false;
      if (keyword != "driver" || parts.size() < 2) return true;
      if (driver.empty())
        driver =
            has_driver(guest, "vesa") && !has_driver(guest, "modesetting") ? "vesa" : "modesetting";
      line = replace_piece(line, parts[1], '"' + driver + '"');
      return true;
    });
  }
  if (buffer.save().empty() || driver.empty()) return;
  log.debug(fmt::format("X uses the driver {} now", driver));
  if (!guest.is_file("/usr/bin/X") && !guest.is_file("/usr/bin/X11/X") &&
      !guest.is_file("/usr/lib/xorg/Xorg"))
    log.warning(
        fmt::format("the display driver was changed to {}, but X is not installed", driver));
}

}  // namespace v2v::linux
