// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "libvirtxml_input.hpp"

#include <v2v/images/confinement.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::input_libvirt {
namespace {

[[noreturn]] Volume refuse_volume(const libvirt::DomainDisk &, const std::string &name) {
  throw Error(
      Code::unsupported, "only libvirt knows where the volume of a storage pool is", name,
      "use -i libvirt with the guest's name, or put its path (virsh vol-path) into the XML");
}

std::string read_xml(const std::string &file) {
  const images::OpenImage xml(file);
  // One byte more than is read of any, so that a larger file is seen to be one.
  return std::string(xml.reader().read_up_to(0, libvirt::largest_xml + 1).all());
}

}  // namespace

Source LibvirtXmlInput::open() {
  if (request_.arguments.size() != 1)
    throw Error(Code::usage, "expecting a libvirt XML filename on the command line",
                "-i libvirtxml", "give the guest's XML: v2v -i libvirtxml GUEST.xml …");
  for (const auto &[option, value] :
       {std::pair{"-ic", request_.connection}, std::pair{"-it", request_.transport}})
    if (!value.empty())
      host_.warning(fmt::format("{} has no meaning for -i libvirtxml and is ignored", option));
  const auto &file = request_.arguments.front();
  auto domain = read_guest(host_, read_xml(file), text::printable(file));
  disks_.emplace(host_,
                 GuestDisks::Settings{request_.format, request_.allow_references, refuse_volume});
  return disks_->locate(std::move(domain));
}

}  // namespace v2v::input_libvirt
