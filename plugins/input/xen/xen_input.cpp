// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "xen_input.hpp"

#include "xen_uri.hpp"

#include <v2v/images/image.hpp>
#include <v2v/nbd/nbd_reader.hpp>
#include <v2v/process/process.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::input_xen {
namespace {

constexpr std::uint64_t start_of_image = std::uint64_t{1}
                                         << 20;  // bytes; every magic number is there
constexpr unsigned most_warnings = 20;           // strange XML must not bury the other messages

constexpr const char *serve_it =
    "serve it on the Xen host (qemu-nbd --read-only --persistent --shared=8 --bind=127.0.0.1 "
    "--format=FORMAT DISK), forward the port (ssh -L 10809:127.0.0.1:10809 HOST), and give all "
    "disks "
    "with -i disk, this one as nbd://127.0.0.1";

}  // namespace

std::string remote_file(const libvirt::DomainDisk &disk) {
  using Kind = libvirt::DomainDisk::Kind;
  const auto name = text::printable(disk.path.empty() ? disk.target : disk.path);
  if (disk.kind == Kind::block)
    throw Error(Code::unsupported,
                "the disk is a device of the Xen host, and ssh does not tell how large one is",
                name, serve_it);
  if (disk.kind != Kind::file)
    throw Error(
        Code::unsupported,
        fmt::format("a disk of type \"{}\" is not read over ssh", text::printable(disk.type)), name,
        serve_it);
  if (disk.path.empty() || disk.path[0] != '/' || text::has_control_character(disk.path))
    throw Error(Code::corrupt, "the disk has no usable path", name,
                "see the <disk> elements in what virsh dumpxml shows there");
  if (disk.encrypted || disk.length != 0 || disk.offset != 0)
    throw Error(Code::unsupported, "a part of an image, or an encrypted one, is not read over ssh",
                name, serve_it);
  return disk.path;
}

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
    const auto path = remote_file(disk);
    const auto name = disk.target.empty() ? path : disk.target + " " + path;
    domain.source.disks.push_back({disk.controller, serve(disk), text::printable(name)});
  }
  return std::move(domain.source);
}

void XenInput::verify() {
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
  access_ = parse_xen_uri(request_.connection);
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
  override_with("identity", access_.identity);
  override_with("known-hosts", access_.known_hosts);
  // Asked for only if it was given: most people have a key, and nobody may sit at the terminal.
  if (request_.options.get("password-file"))
    access_.password = host_.secret("password-file", "").value_or("");
  virsh_.emplace(host_, access_);
}

void XenInput::refuse_running() {
  const auto state = virsh_->state(guest_);
  if (state == "shut off") return;
  throw Error(Code::usage, fmt::format("the guest is {}", text::printable(state)),
              text::printable(guest_),
              "shut it down from within, or with virsh shutdown on the Xen host");
}

Location XenInput::serve(const libvirt::DomainDisk &disk) {
  const auto path = remote_file(disk);
  const auto base = host_.run_directory() + fmt::format("/xen-disk-{}", servers_.size());
  const auto start = [&](std::vector<std::string> filters) {
    auto settings = nbd::ssh_settings(access_, path, std::move(filters));
    settings.object = text::printable(access_.server());
    return std::make_unique<nbd::Nbdkit>(settings, base, [this] { host_.check_cancelled(); });
  };
  // Without the retry filter it says at once what is wrong.
  check_format(*start({}), disk);
  servers_.push_back(start({"retry"}));
  Location location;
  location.type = Location::Type::uri;
  location.path = servers_.back()->uri();
  location.format = "raw";
  return location;
}

void XenInput::check_format(const nbd::Nbdkit &server, const libvirt::DomainDisk &disk) {
  const auto name = text::printable(disk.path);
  std::string start;
  try {
    start = nbd::NbdReader(server.socket(), name, [this] {
              host_.check_cancelled();
            }).read_up_to(0, start_of_image);
  } catch (const Error &error) {
    nbd::explain_ssh(server, access_, disk.path, error);
  }
  if (start.empty())
    throw Error(Code::corrupt, "the disk is empty", name, "see whether the guest starts there");
  const auto said = !disk.format.empty() ? disk.format : request_.format;
  auto format = said.empty() ? std::string() : images::canonical_format(said);
  if (format.empty()) {
    const auto copy = process::memory_file(start);
    format = images::detect_format(images::ImageReader(copy.get(), name));
  }
  if (format == "raw") return;
  throw Error(Code::unsupported, fmt::format("an image of format {} is not read over ssh", format),
              name,
              said.empty() ? fmt::format("if the guest itself has written this, and the disk is "
                                         "raw, say -if raw; else {}",
                                         serve_it)
                           : serve_it);
}

}  // namespace v2v::input_xen
