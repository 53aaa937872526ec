// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "xen_input.hpp"

#include "xen_uri.hpp"

#include <v2v/libvirt/remote_disk.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::input_xen {
namespace {

constexpr unsigned most_warnings = 20;  // strange XML must not bury the other messages

}  // namespace

Source XenInput::open() {
  check_request();
  refuse_running();
  unsigned warnings = 0;
  auto domain =
      libvirt::read_domain(virsh_->xml(guest_), text::printable(guest_), [&](const auto &what) {
        if (++warnings <= most_warnings) host_.warning(what);
      });
  if (domain.disks.empty())
    throw Error(Code::unsupported, "this guest has no non-removable disks", text::printable(guest_),
                "see the <disk> elements in what virsh dumpxml shows there");
  for (const auto &disk : domain.disks) {
    const auto found = libvirt::remote_disk(disk, request_.format);
    const auto name = disk.target.empty() ? disk.path : disk.target + " " + disk.path;
    domain.source.disks.push_back({disk.controller, disks_->serve(found), text::printable(name)});
  }
  return std::move(domain.source);
}

void XenInput::verify() {
  disks_->stop_keeping();
  const auto name = text::printable(guest_);
  std::string state;
  try {
    state = virsh_->state(guest_);
  } catch (const Error &error) {
    if (error.code() == Code::cancelled) throw;
    host_.warning(fmt::format("cannot see whether {} stayed shut down: {}", name, error.what()));
    return;
  }
  if (state != "shut off")
    throw Error(Code::corrupt, "the guest was started while it was converted", name,
                "shut it down and convert it again");
}

void XenInput::check_request() {
  if (request_.connection.empty())
    throw Error(Code::usage, "the Xen host is missing", "-i xen",
                "give it with -ic xen+ssh://USER@HOST");
  auto access = parse_xen_uri(request_.connection);
  if (request_.arguments.size() != 1)
    throw Error(Code::usage, "expecting the name of one guest on the command line",
                text::printable(request_.connection), "v2v -ic xen+ssh://USER@HOST GUEST …");
  guest_ = request_.arguments.front();
  if (guest_.empty() || text::has_control_character(guest_))
    throw Error(Code::usage, "this cannot be the name of a guest", text::printable(guest_),
                "see virsh list --all on the Xen host");
  if (!request_.transport.empty() && request_.transport != "ssh")
    throw Error(
        Code::unsupported,
        fmt::format("a guest of Xen cannot be read by \"{}\"", text::printable(request_.transport)),
        "-it", "leave it out");
  const auto override_with = [&](const char *option, std::string &value) {
    if (const auto given = request_.options.get(option)) value = *given;
  };
  override_with("identity", access.identity);
  override_with("known-hosts", access.known_hosts);
  access.limit = nbd::rate_limit(request_.options);
  // Asked for only if it was given: most people have a key, and nobody may sit at the terminal.
  if (request_.options.get("password-file"))
    access.password = host_.secret("password-file", "").value_or("");
  const auto check_cancelled = [host = host_] { host.check_cancelled(); };
  shell_.emplace(host_.run_directory(), std::move(access), check_cancelled);
  virsh_.emplace(*shell_);
  disks_.emplace(*shell_, host_.run_directory(), check_cancelled);
}

void XenInput::refuse_running() {
  const auto state = virsh_->state(guest_);
  if (state == "shut off") return;
  throw Error(Code::usage, fmt::format("the guest is {}", text::printable(state)),
              text::printable(guest_),
              "shut it down from within, or with virsh shutdown on the Xen host");
}

}  // namespace v2v::input_xen
