// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "vmx_input.hpp"

#include "guest.hpp"
#include "local_files.hpp"
#include "ssh_files.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::input_vmx {
namespace {

constexpr unsigned most_warnings = 20;  // a strange VMX must not bury the other messages

/// The machine that the text describes, with each disk where `locate` says it is.
template <class Locate>
Source build(const Host &host, const std::string &text, const std::string &name, Locate locate) {
  unsigned warnings = 0;
  const Warn warn = [&](const std::string &what) {
    if (++warnings <= most_warnings) host.warning(what);
  };
  const auto vmx = parse_vmx(text, name, warn);
  host.debug(fmt::format("{}: written for guestOS \"{}\", virtualHW {}", name,
                         text::printable(vmx.text("guestos")),
                         text::printable(vmx.text("virtualhw.version"))));
  auto guest = read_guest(vmx, name, warn);
  if (warnings > most_warnings)
    host.warning(
        fmt::format("{}: it gives reason for {} more warnings", name, warnings - most_warnings));
  for (const auto &entry : guest.disks) {
    Disk disk;
    disk.controller = entry.controller;
    disk.id = fmt::format("{} {}", entry.place, text::printable(entry.file));
    disk.location = locate(entry);
    host.debug(fmt::format("{}: {} as {}", disk.id, text::printable(disk.location.path),
                           disk.location.format));
    guest.source.disks.push_back(std::move(disk));
  }
  return std::move(guest.source);
}

}  // namespace

VmxInput::VmxInput(Host host, InputRequest request) : host_(host), request_(std::move(request)) {}
VmxInput::~VmxInput() = default;

Source VmxInput::open() {
  if (request_.arguments.size() != 1)
    throw Error(Code::usage, "expecting one VMX file on the command line", "-i vmx",
                "give the guest's VMX: v2v -i vmx GUEST.vmx …");
  for (const auto &[option, value] :
       {std::pair{"-ic", request_.connection}, std::pair{"-if", request_.format}})
    if (!value.empty())
      host_.warning(fmt::format("{} has no meaning for -i vmx and is ignored", option));
  if (request_.transport == "ssh") return open_over_ssh();
  if (!request_.transport.empty())
    throw Error(Code::unsupported,
                fmt::format("a VMX cannot be read by \"{}\"", text::printable(request_.transport)),
                "-it", "give -it ssh, or leave it out for a local file");
  return open_local();
}

Source VmxInput::open_local() {
  const auto &argument = request_.arguments.front();
  if (looks_like_ssh_uri(argument))
    throw Error(Code::usage, "this is a URI, not a file", text::printable(argument),
                "give -it ssh as well");
  for (const auto *name : {"identity", "known-hosts", "password-file"})
    if (request_.options.get(name))
      host_.warning(
          fmt::format("{} has no meaning without -it ssh and is ignored",
                      name == std::string("password-file") ? "-ip" : std::string("-io ") + name));
  LocalFiles files(argument, request_.allow_references, host_.run_directory());
  return build(host_, files.read_vmx(), text::printable(argument),
               [&](const DiskEntry &entry) { return files.find_disk(entry.file); });
}

Source VmxInput::open_over_ssh() {
  ssh_ = std::make_unique<SshFiles>(host_, request_);
  return build(host_, ssh_->read_vmx(), text::printable(ssh_->uri().path),
               [&](const DiskEntry &entry) { return ssh_->serve_disk(entry.file); });
}

}  // namespace v2v::input_vmx
