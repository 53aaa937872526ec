// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "libvirt_input.hpp"

#include <v2v/libvirt_client/uri.hpp>
#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>
#include <v2v/text/uri.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace v2v::input_libvirt {
namespace {

using libvirt_client::last_error;
using libvirt_client::parse_uri;
using libvirt_client::taken;

/// The name as a word for a command that a person may copy.
std::string quoted(const std::string &name) {
  return name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
             "-_.+") == name.npos
             ? name
             : "'" + text::printable(name) + "'";
}

std::string state_of(virDomainPtr guest) {
  int state = 0;
  if (virDomainGetState(guest, &state, nullptr, 0) != 0) return "running";
  if (state == VIR_DOMAIN_PAUSED) return "paused";
  return state == VIR_DOMAIN_PMSUSPENDED ? "suspended" : "running";
}

/// A paused guest hears nothing of a shutdown.
std::string stop_command(const std::string &state, const std::string &name) {
  if (state == "paused") return fmt::format("virsh resume {}, then virsh shutdown {}", name, name);
  if (state == "suspended")
    return fmt::format("virsh dompmwakeup {}, then virsh shutdown {}", name, name);
  return "virsh shutdown " + name;
}

}  // namespace

void refuse_foreign_uri(const std::string &uri) {
  const auto parsed = parse_uri(uri);
  const auto refuse = [&](const std::string &what, const std::string &plugin) {
    throw Error(Code::usage, what, text::printable(uri),
                fmt::format("use -i {} with the same -ic", plugin));
  };
  if (parsed.driver == "vpx" || parsed.driver == "esx" || parsed.driver == "gsx")
    refuse("guests of VMware are not read by -i libvirt", "vpx");
  if (parsed.driver == "xen" && parsed.remote())
    refuse("guests of Xen on another machine are not read by -i libvirt", "xen");
}

nbd::SshAccess ssh_access(const std::string &text) {
  const auto uri = parse_uri(text);
  const auto wrong = [&] {
    throw Error(Code::usage, "this URI cannot be followed by ssh", text::printable(text),
                "write it as qemu+ssh://[USER@]HOST[:PORT]/system");
  };
  const auto decoded = [&](const std::string &part) {
    const auto plain = text::percent_decoded(part);
    // ssh would take what begins with '-' for an option.
    if (!plain || text::has_control_character(*plain) || (!plain->empty() && plain->front() == '-'))
      wrong();
    return plain.value_or("");
  };
  nbd::SshAccess access;
  auto host = uri.server;
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  access.host = decoded(host);
  if (access.host.empty()) wrong();
  access.user = decoded(uri.user);
  if (!uri.port.empty()) {
    access.port = text::port_number(":" + uri.port);
    if (!access.port) wrong();
  }
  for (std::size_t at = 0; at < uri.query.size();) {
    const auto end = std::min(uri.query.find_first_of("&;", at), uri.query.size());
    const auto pair = uri.query.substr(at, end - at);
    const auto value = pair.find('=') == pair.npos ? "" : pair.substr(pair.find('=') + 1);
    if (pair.rfind("keyfile=", 0) == 0) access.identity = decoded(value);
    if (pair.rfind("known_hosts=", 0) == 0) access.known_hosts = decoded(value);
    at = end + 1;
  }
  return access;
}

Source LibvirtInput::open() {
  check_arguments();
  connect();
  const auto &name = request_.arguments.front();
  find_guest(name);
  if (!pretends_) refuse_if_in_use(name);
  // Without this flag the password of the display is left out.
  const auto xml = taken(virDomainGetXMLDesc(guest_.get(), VIR_DOMAIN_XML_SECURE));
  if (xml.empty()) throw last_error("cannot read the guest's XML", text::printable(name));
  auto domain = read_guest(host_, xml, text::printable(name));
  reach_disks(domain);
  disks_.emplace(host_, GuestDisks::Settings{request_.format, request_.allow_references,
                                             [this](const auto &disk, const auto &disk_name) {
                                               return find_volume(disk, disk_name);
                                             },
                                             elsewhere_ ? &*elsewhere_ : nullptr});
  return disks_->locate(std::move(domain));
}

/// Files and devices are those of the machine that libvirt runs on.
void LibvirtInput::reach_disks(const libvirt::Domain &domain) {
  const auto uri = connection_->uri();
  const auto parsed = parse_uri(uri);
  const bool needed =
      std::any_of(domain.disks.begin(), domain.disks.end(), [](const libvirt::DomainDisk &disk) {
        return disk.kind != libvirt::DomainDisk::Kind::network;
      });
  if (!parsed.remote() || !needed) return;
  const auto &transport = parsed.transport;
  if (transport != "ssh" && transport != "libssh" && transport != "libssh2")
    throw Error(
        Code::unsupported, "the guest's disks are on another machine",
        text::printable(parsed.server),
        "connect over ssh, which reaches them as well (-ic qemu+ssh://USER@HOST/system), or "
        "run v2v there");
  auto access = ssh_access(uri);
  if (const auto given = request_.options.get("identity")) access.identity = *given;
  if (const auto given = request_.options.get("known-hosts")) access.known_hosts = *given;
  // It was asked for when the connection was made.
  if (request_.options.get("password-file"))
    access.password = host_.secret("password-file", "").value_or("");
  const auto check_cancelled = [host = host_] { host.check_cancelled(); };
  shell_.emplace(host_.run_directory(), std::move(access), check_cancelled);
  elsewhere_.emplace(*shell_, host_.run_directory(), check_cancelled);
}

void LibvirtInput::check_arguments() const {
  if (request_.arguments.size() != 1)
    throw Error(Code::usage, "expecting a libvirt guest name on the command line", "-i libvirt",
                "give one guest by its name or UUID: v2v -i libvirt GUEST …");
  if (!request_.transport.empty())
    host_.warning("-it has no meaning for -i libvirt and is ignored");
}

void LibvirtInput::connect() {
  refuse_foreign_uri(request_.connection);
  connection_.emplace(request_.connection, [this](const std::string &prompt) {
    return host_.secret("password-file", prompt.empty() ? "password for libvirt" : prompt);
  });
  // libvirt's configuration may have an alias, or another default.
  const auto uri = connection_->uri();
  refuse_foreign_uri(uri);
  pretends_ = parse_uri(uri).driver == "test";
  host_.debug("connected to " + text::printable(uri));
}

void LibvirtInput::find_guest(const std::string &name) {
  guest_ = connection_->find_domain(name);
  if (guest_) return;
  throw Error(Code::not_found, "libvirt has no guest of this name", text::printable(name),
              fmt::format("it has on {}: {}; another connection is chosen with -ic",
                          text::printable(connection_->uri()),
                          libvirt_client::some_of(connection_->domain_names())));
}

void LibvirtInput::refuse_if_in_use(const std::string &name) const {
  const int active = virDomainIsActive(guest_.get());
  if (active < 0)
    throw last_error("cannot see whether the guest is shut down", text::printable(name));
  if (active == 1) {
    const auto state = state_of(guest_.get());
    throw Error(Code::unsupported, fmt::format("the guest is {}", state), text::printable(name),
                fmt::format("shut it down: {}", stop_command(state, quoted(name))));
  }
  // What is in memory belongs to the disks.
  if (virDomainHasManagedSaveImage(guest_.get(), 0) == 1)
    throw Error(Code::unsupported, "the guest was not shut down, but saved", text::printable(name),
                fmt::format("start it and shut it down, or give up what was in its memory: virsh "
                            "managedsave-remove {}",
                            quoted(name)));
}

void LibvirtInput::verify() {
  if (elsewhere_) elsewhere_->stop_keeping();
  if (pretends_) return;
  const auto name = text::printable(request_.arguments.front());
  const int active = virDomainIsActive(guest_.get());
  if (active == 1)
    throw Error(Code::corrupt, "the guest was started while it was converted", name,
                "shut it down and convert it again");
  if (active < 0)
    host_.warning(last_error("cannot see whether the guest stayed shut down", name).what());
}

Volume LibvirtInput::find_volume(const libvirt::DomainDisk &disk, const std::string &name) const {
  const auto pool = connection_->find_pool(disk.pool);
  if (!pool)
    throw Error(Code::not_found, "libvirt has no storage pool of this name", name,
                "it has: " + libvirt_client::some_of(connection_->pool_names()));
  if (virStoragePoolIsActive(pool.get()) != 1)
    throw Error(Code::not_found, "its storage pool is not started", name,
                "virsh pool-start " + quoted(disk.pool));
  const libvirt_client::VolumeHandle volume(
      virStorageVolLookupByName(pool.get(), disk.volume.c_str()));
  if (!volume)
    throw last_error("the volume is not in its pool", name,
                     "virsh pool-refresh " + quoted(disk.pool));
  virStorageVolInfo info = {};
  if (virStorageVolGetInfo(volume.get(), &info) != 0)
    throw last_error("cannot read what the volume is", name);
  if (info.type != VIR_STORAGE_VOL_FILE && info.type != VIR_STORAGE_VOL_BLOCK)
    throw Error(Code::unsupported, "the volume is neither a file nor a device of this machine",
                name,
                "serve it with qemu-nbd --read-only …, and give all disks with -i disk, this one "
                "as nbd://localhost");
  Volume found{taken(virStorageVolGetPath(volume.get())),
               libvirt::volume_format(taken(virStorageVolGetXMLDesc(volume.get(), 0)), name)};
  // Of a device libvirt tells what it begins with, which its guest may have written.
  if (found.device) found.format = "raw";
  return found;
}

}  // namespace v2v::input_libvirt
