// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Any bytes as a domain's XML: either an Error or a source whose texts are UTF-8, whose numbers are
// possible, and whose network disks become URIs and nbdkits or an Error.
#include <network_disk.hpp>
#include <v2v/libvirt/domain.hpp>
#include <v2v/text/printable.hpp>

#include <cstdlib>
#include <string_view>

namespace {

using namespace v2v;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_disk(const libvirt::DomainDisk &disk) {
  for (const auto *text : {&disk.type, &disk.target, &disk.format, &disk.path, &disk.pool,
                           &disk.volume, &disk.protocol, &disk.name})
    require(text::is_utf8(*text));
  require(disk.offset <= UINT64_MAX - disk.length);
  if (disk.kind != libvirt::DomainDisk::Kind::network) return;
  try {
    const auto access = input_libvirt::network_access(disk, "disk");
    if (const auto *uri = std::get_if<std::string>(&access))
      require(uri->compare(0, 3, "nbd") == 0);
  } catch (const Error &) {
  }
}

void check_source(const Source &source) {
  require(!source.name.empty() && text::is_utf8(source.name) && !source.hypervisor.empty());
  for (const unsigned char c : source.name) require(c >= 0x20 && c != 0x7f);
  require(source.memory >= 1 && source.vcpus >= 1 && source.vcpus <= 8192);
  require((source.cpu_sockets == 0) == (source.cpu_threads == 0));
  for (const auto &nic : source.nics) {
    require(nic.mac.empty() || nic.mac.size() == 17);
    require(!nic.network.empty() && text::is_utf8(nic.network));
  }
  for (const auto &drive : source.removables) require(drive.slot.value_or(0) < 100000);
  if (source.display) require(text::is_utf8(source.display->password));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char *>(data), size);
  const auto warn = [](const std::string &what) { require(text::is_utf8(what)); };
  try {
    const auto domain = libvirt::read_domain(bytes, "guest", warn);
    check_source(domain.source);
    for (const auto &disk : domain.disks) check_disk(disk);
  } catch (const Error &error) {
    require(!error.failure().empty());
  }
  return 0;
}
