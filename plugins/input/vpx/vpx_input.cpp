// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "vpx_input.hpp"

#include "auth_file.hpp"

#include <v2v/nbd/nbd_reader.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace v2v::input_vpx {
namespace {

constexpr const char *by_vddk =
    "read it with VMware's own library: -it vddk -io vddk-libdir=DIRECTORY";

std::string environment(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

/// A guest that runs changes under the reader, and one that is suspended has half of its state in
/// memory.
void refuse_running(const Properties &machine, const std::string &guest) {
  const auto state = machine.text("runtime.powerState");
  if (state == "poweredOff") return;
  const bool suspended = state == "suspended";
  throw Error(
      Code::usage,
      suspended
          ? "the guest is suspended, so its disks are not in a state to be copied"
          : fmt::format("the guest is not shut down (its state is \"{}\")", text::printable(state)),
      text::printable(guest),
      suspended ? "start it in VMware, and then shut it down from within"
                : "shut it down from within, with \"Shut Down Guest OS\" in VMware, or with govc "
                  "vm.power -s GUEST; a Windows guest with Fast Startup off");
}

[[noreturn]] void not_served(const std::string &what, const nbd::Nbdkit &server,
                             const DiskEntry &disk, const Error &error) {
  if (error.code() == Code::cancelled) throw error;
  const auto reason = server.last_error();
  throw Error(Code::io, reason.empty() ? error.failure() : fmt::format("{}: {}", what, reason),
              text::printable(disk.file), "see whether the server is up and reachable");
}

}  // namespace

VpxInput::VpxInput(Host host, InputRequest request) : host_(host), request_(std::move(request)) {}

VpxInput::~VpxInput() {
  // A server that does not answer any more holds up nobody.
  closing_ = true;
  session_.reset();
}

Source VpxInput::open() {
  check_request();
  log_in();
  auto guest = find_and_read();
  const std::filesystem::path directory = host_.run_directory();
  common_.run_directory = directory.string();
  common_.keep_reads_file = (directory / "vpx-keep-reads").string();
  common_.disks = static_cast<unsigned>(guest.disks.size());
  std::ofstream(common_.keep_reads_file).flush();
  for (const auto &entry : guest.disks) {
    Disk disk;
    disk.controller = entry.controller;
    disk.id = fmt::format("{} {}", entry.place, text::printable(entry.file));
    disk.location = request_.transport == "vddk" ? serve_with_vddk(entry, guest.source.disks.size())
                                                 : serve_over_https(entry);
    guest.source.disks.push_back(std::move(disk));
  }
  session_->start([this] { return tell_troubles(); });
  return std::move(guest.source);
}

/// While nbdkit tries again, nothing moves; the person is told why.
/// @return whether there is something new
bool VpxInput::tell_troubles() {
  bool told = false;
  for (const auto &server : servers_) {
    const auto error = server->last_error();
    if (error.empty() || error == trouble_) continue;
    trouble_ = error;
    host_.warning(fmt::format("{}: a disk could not be read at once, trying again: {}",
                              common_.uri.server(), error));
    told = true;
  }
  return told;
}

void VpxInput::verify() {
  std::error_code ignored;
  std::filesystem::remove(common_.keep_reads_file, ignored);
  if (request_.options.get("vddk-snapshot")) return;
  const auto name = text::printable(guest_);
  try {
    session_->use([&](Vsphere &vsphere) {
      const auto state = vsphere.properties(machine_, {"runtime.powerState"});
      if (state.text("runtime.powerState") != "poweredOff")
        throw Error(Code::corrupt, "the guest was started while it was converted", name,
                    "shut it down and convert it again");
    });
  } catch (const Error &error) {
    if (error.code() == Code::corrupt || error.code() == Code::cancelled) throw;
    host_.warning(fmt::format("cannot see whether {} stayed shut down: {}", name, error.what()));
  }
}

void VpxInput::check_request() {
  if (request_.connection.empty())
    throw Error(Code::usage, "the server is missing", "-i vpx",
                "give it with -ic vpx://USER@VCENTER/DATACENTER/HOST or -ic esx://USER@HOST");
  common_.uri = parse_vpx_uri(request_.connection);
  common_.limit = nbd::rate_limit(request_.options);
  if (request_.arguments.size() != 1)
    throw Error(Code::usage, "expecting the name of one guest on the command line",
                text::printable(request_.connection),
                "v2v -ic 'vpx://…' -ip FILE GUEST …; give a name with blanks in quotes");
  guest_ = request_.arguments.front();
  if (!request_.transport.empty() && request_.transport != "vddk")
    throw Error(Code::unsupported,
                fmt::format("a guest of vSphere cannot be read by \"{}\"",
                            text::printable(request_.transport)),
                "-it",
                "leave it out to read over HTTPS, or give -it vddk; over ssh read the guest's VMX: "
                "-i vmx -it ssh ssh://root@HOST/vmfs/volumes/…");
  if (!request_.format.empty()) host_.warning("-if has no meaning for -ic vpx:// and is ignored");
  if (request_.transport.empty())
    for (const auto &[name, value] : request_.options.pairs())
      if (name.rfind("vddk-", 0) == 0)
        throw Error(Code::usage, fmt::format("-io {} needs -it vddk", name), "-io",
                    "give -it vddk as well, or leave it out");
  ca_file_ = request_.options.get("cafile").value_or("");
}

void VpxInput::log_in() {
  const auto &uri = common_.uri;
  Credentials stored;
  const bool from_file = request_.options.get("password-file").has_value();
  if (uri.user.empty() || !from_file) stored = read_credentials(auth_file(uri, environment), uri);
  user_ = uri.user.empty() ? stored.user : uri.user;
  if (user_.empty() && !uri.vcenter) user_ = "root";
  if (user_.empty())
    throw Error(
        Code::usage, "the URI names no user", text::printable(request_.connection),
        "write vpx://USER@…, for instance administrator%40vsphere.local@ or DOMAIN%5cUSER@");
  if (!from_file && (uri.user.empty() || uri.user == stored.user)) password_ = stored.password;
  if (password_.empty())
    password_ =
        host_
            .secret("password-file", fmt::format("Password of {} on {}", text::printable(user_),
                                                 text::printable(uri.server())))
            .value_or("");
  if (password_.empty())
    throw Error(Code::usage, "there is no password for the server", uri.server(),
                "give a file that has it in its first line with -ip FILE");
  auto vsphere = std::make_unique<Vsphere>(
      std::make_unique<Https>(uri, ca_file_, [this] { return closing_ || host_.cancelled(); }),
      uri.server());
  host_.debug(fmt::format("{}: {}", uri.server(), vsphere->product()));
  if (vsphere->is_vcenter() != uri.vcenter)
    throw Error(
        Code::usage,
        uri.vcenter ? "this is an ESXi host, not a vCenter" : "this is a vCenter, not a host",
        uri.server(),
        uri.vcenter ? "write esx://USER@HOST" : "write vpx://USER@VCENTER/DATACENTER/HOST");
  vsphere->login(user_, password_);
  session_ = std::make_unique<Session>(host_, std::move(vsphere),
                                       std::filesystem::path(host_.run_directory()) / "vpx-cookie");
}

Guest VpxInput::find_and_read() {
  auto &vsphere = session_->vsphere();
  place_ = find_place(vsphere, common_.uri);
  machine_ =
      find_guest(vsphere, place_, guest_, [this](const std::string &text) { host_.debug(text); });
  const auto machine = vsphere.properties(machine_, {"config", "runtime.powerState"});
  // A snapshot does not change, whatever the guest does.
  if (!request_.options.get("vddk-snapshot")) refuse_running(machine, guest_);
  const auto config = machine.node("config");
  if (!config)
    throw Error(Code::access, "the server does not tell what the guest is", text::printable(guest_),
                "see in VMware whether it is accessible, and whether the user may read it");
  const auto port_group = [&](const std::string &key) {
    try {
      return plain_name(
          vsphere.properties({"DistributedVirtualPortgroup", key}, {"name"}).text("name"));
    } catch (const Error &error) {
      if (error.code() == Code::cancelled) throw;
      host_.debug(fmt::format("port group {}: {}", text::printable(key), error.what()));
      return std::string();
    }
  };
  return read_guest(config, port_group, [this](const std::string &text) { host_.warning(text); });
}

Location VpxInput::serve_over_https(const DiskEntry &disk) {
  const auto name = text::printable(disk.file);
  if (disk.encrypted)
    throw Error(Code::unsupported, "the disk is encrypted by VMware", name,
                "remove the encryption in VMware (the VM's storage policy)");
  if (disk.snapshot)
    throw Error(Code::unsupported,
                "the guest has snapshots, and over HTTPS only disks without can be read", name,
                fmt::format("delete all snapshots in VMware (which keeps the current state), or {}",
                            by_vddk));
  if (!disk.flat)
    throw Error(Code::unsupported, "the disk is not one flat file, so HTTPS does not reach it",
                name, by_vddk);
  const auto file = flat_extent(parse_datastore_path(disk.file));
  check_on_datastore(disk, file);

  const auto &uri = common_.uri;
  if (curl_description_.empty())
    curl_description_ = nbd::Nbdkit::describe("curl", "cannot read over HTTPS", uri.server());
  if (curl_description_.empty())
    throw Error(Code::not_found, "nbdkit's curl plugin is not installed", uri.server(),
                "install the package nbdkit (on some distributions nbdkit-curl-plugin)");
  // The servers read it as soon as they start.
  session_->write_cookie();
  HttpsDisk settings;
  settings.url = datastore_url(uri, place_.path, file);
  settings.cookie_file = session_->cookie_file().string();
  settings.ca_file = ca_file_;
  settings.pools_connections = pools_connections(curl_description_);
  return serve(https_settings(common_, settings), disk);
}

/// nbdkit would find the same, and say it in words for those who know curl.
void VpxInput::check_on_datastore(const DiskEntry &disk, const DatastorePath &file) {
  auto &vsphere = session_->vsphere();
  const auto url = datastore_url(common_.uri, place_.path, file);
  const auto answer = vsphere.https().head(url, {"Cookie: " + vsphere.cookie()});
  host_.debug(fmt::format("{}: status {}, {} bytes", url, answer.status, answer.length));
  const auto name =
      fmt::format("[{}] {}", text::printable(file.datastore), text::printable(file.path));
  if (answer.status == 401 || answer.status == 403)
    throw Error(Code::access,
                fmt::format("the user may not read the file (status {})", answer.status), name,
                "give the user the privilege Datastore.Browse on this datastore (and "
                "Host.Config.SystemManagement on the host), or take another user");
  if (answer.status == 404 && is_named_like_a_snapshot(disk.file))
    throw Error(Code::unsupported,
                "the guest has snapshots, and over HTTPS only disks without can be read", name,
                fmt::format("delete all snapshots in VMware (which keeps the current state), or {}",
                            by_vddk));
  if (answer.status == 404)
    throw Error(Code::not_found,
                "there is no such file (status 404): it is missing, or the datastore (vSAN, vVols) "
                "keeps no files",
                name, fmt::format("see whether the guest starts in VMware; or {}", by_vddk));
  if (answer.status != 200)
    throw Error(Code::io,
                fmt::format("the server does not give the file: status {}", answer.status), name,
                "see the server's log, and try again later");
  if (answer.length >= 0 && static_cast<std::uint64_t>(answer.length) < disk.capacity)
    throw Error(Code::corrupt,
                fmt::format("the file ends after {} of {} bytes", answer.length, disk.capacity),
                name, "see whether the guest starts in VMware");
}

Location VpxInput::serve_with_vddk(const DiskEntry &disk, std::size_t index) {
  if (nbd::Nbdkit::describe("vddk", "cannot read with VDDK", "-it vddk").empty())
    throw Error(Code::not_found, "nbdkit's vddk plugin is not installed", "-it vddk",
                "install it (nbdkit-vddk-plugin on Fedora and RHEL; Debian has none, build nbdkit "
                "with it), or leave -it vddk out to read over HTTPS");
  const auto files = request_.options.all("vddk-file");
  if (!files.empty() && files.size() != common_.disks)
    throw Error(Code::usage,
                fmt::format("-io vddk-file is given {} times, and the guest has {} disks",
                            files.size(), common_.disks),
                text::printable(guest_), "give it once for each disk, or not at all");
  VddkDisk settings;
  settings.moref = machine_.id;
  settings.file = files.empty() ? disk.file : files[index];
  settings.user = user_;
  settings.password = password_;
  settings.thumbprint =
      request_.options.get("vddk-thumbprint").value_or(session_->vsphere().https().thumbprint());
  try {
    return serve(vddk_settings(common_, settings, request_.options), disk);
  } catch (const Error &error) {
    explain_vddk(error);
  }
}

Location VpxInput::serve(const nbd::Nbdkit::Settings &settings, const DiskEntry &disk) {
  const auto base =
      std::filesystem::path(common_.run_directory) / fmt::format("vpx-disk-{}", servers_.size());
  servers_.push_back(
      std::make_unique<nbd::Nbdkit>(settings, base, [this] { host_.check_cancelled(); }));
  const auto &server = *servers_.back();
  std::uint64_t size = 0;
  try {
    size = nbd::NbdReader(server.socket(), text::printable(disk.file), [this] {
             host_.check_cancelled();
           }).size();
  } catch (const Error &error) {
    not_served(settings.what, server, disk, error);
  }
  if (size < disk.capacity)
    throw Error(Code::corrupt,
                fmt::format("the disk ends after {} of {} bytes", size, disk.capacity),
                text::printable(disk.file), "see whether the guest starts in VMware");
  Location location;
  location.type = Location::Type::uri;
  location.path = server.uri();
  location.format = "raw";
  return location;
}

}  // namespace v2v::input_vpx
