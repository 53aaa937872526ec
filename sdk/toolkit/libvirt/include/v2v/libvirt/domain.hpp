// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// A libvirt domain's XML, read as a source. Where the bytes of a disk can be had depends on who
// reads and from where, so a disk stays what the XML says of it. The XML is hostile: its size and
// depth are bounded, a document type is refused, and no number or name is taken unseen. Elements
// and values are those of libvirt's documents "Domain XML format" and "Storage volume XML format".
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <v2v/machine/machine.hpp>
#include <v2v/values.hpp>
#include <vector>

namespace v2v::libvirt {

/// The most XML that is read, in bytes.
constexpr std::size_t largest_xml = std::size_t{16} << 20;

/// A server of a network disk.
struct DiskHost {
  std::string name, transport, socket;
  std::string port;  ///< as written; empty: the protocol's own
};

/// A <checksum> in the XML of a disk, which libvirt itself does not know.
struct Checksum {
  enum class OnFailure { warn, error, print };
  std::string method;    ///< as written: md5, sha256 …
  std::string expected;  ///< as written; print: nothing
  OnFailure on_failure = OnFailure::warn;
};

/// A hard disk, as the XML has it.
struct DomainDisk {
  enum class Kind { file, block, volume, network, other };
  Kind kind = Kind::other;
  std::string type;    ///< the word for the kind, for messages
  std::string target;  ///< vda, sdb …; may be empty
  Controller controller = Controller::unknown;
  std::string format;        ///< of the image, by qemu's name; empty: the XML names none
  std::string path;          ///< file, block
  std::string pool, volume;  ///< volume
  std::string protocol;      ///< network: nbd, https, ssh, rbd …
  std::string name, query;   ///< network: what the servers call the disk
  std::vector<DiskHost> hosts;
  bool tls = false, login = false;  ///< network: the servers want TLS, or a user and a secret
  bool check_certificate = true;    ///< network: of the server
  std::string user, key_file, known_hosts;  ///< network, ssh; empty: as ssh is configured
  bool encrypted = false;                   ///< by the hypervisor
  std::uint64_t offset = 0, length = 0;     ///< bytes of the image that are the disk; 0: all
  std::optional<Checksum> checksum;
};

struct Domain {
  Source source;  ///< without disks
  std::vector<DomainDisk> disks;
};

/// @param xml   a document whose root is <domain>
/// @param name  what messages call it
/// @throws Error(corrupt) if it is no such XML or a number in it cannot be
Domain read_domain(std::string_view xml, const std::string &name, const machine::Warn &warn);

/// The format that the XML of a storage volume names, by qemu's name; empty: none.
/// @throws Error(corrupt)
std::string volume_format(std::string_view xml, const std::string &name);

}  // namespace v2v::libvirt
