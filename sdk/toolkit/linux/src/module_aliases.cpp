// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See module_aliases.hpp.
#include <v2v/linux/module_aliases.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fmt/format.h>

#include <string>
#include <vector>

namespace v2v::linux {
namespace {

const char *net_module(NetBus bus) {
  switch (bus) {
    case NetBus::virtio:
      return "virtio_net";
    case NetBus::rtl8139:
      return "rtl8139cp";
    case NetBus::e1000:
      break;
  }
  return "e1000";
}

const char *block_module(BlockBus bus) {
  if (bus == BlockBus::virtio_blk) return "virtio_blk";
  return bus == BlockBus::virtio_scsi ? "virtio_scsi" : nullptr;
}

bool is_nic(std::string_view alias) {
  return starts_with(alias, "eth") && alias.size() > 3 &&
         alias.substr(3).find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_xen(std::string_view module) {
  return module == "xennet" || module == "xen-vnif" || module == "xenblk" || module == "xen-vbd";
}

}  // namespace

void convert_module_aliases(Guest &guest, BlockBus block, NetBus net, const Log &log) {
  std::vector<std::string> files{"/etc/conf.modules", "/etc/modules.conf", "/etc/modprobe.conf",
                                 "/etc/modprobe.conf.local"};
  for (const auto &name : guest.list("/etc/modprobe.d")) files.push_back("/etc/modprobe.d/" + name);

  EditBuffer buffer(guest, log, "disks and network cards have other drivers on KVM");
  bool adapter_set = false;
  for (const auto &file : files)
    buffer.edit(file, [&](std::string &line) {
      const auto parts = words(line);
      if (parts.size() < 3 || parts[0] != "alias") return true;
      if (is_nic(parts[1])) {
        line = replace_piece(line, parts[2], net_module(net));
      } else if (starts_with(parts[1], "scsi_hostadapter")) {
        // One is enough, and IDE needs none.
        const char *module = block_module(block);
        if (!module || adapter_set) return false;
        line = replace_piece(line, parts[2], module);
        adapter_set = true;
      } else if (is_xen(parts[2])) {
        log.warning(fmt::format("{}: the alias of {} to Xen's {} stays, it has no use under KVM",
                                file, parts[1], parts[2]));
      }
      return true;
    });
  buffer.save();
}

}  // namespace v2v::linux
