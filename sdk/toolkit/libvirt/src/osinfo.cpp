// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See osinfo.hpp. The rules are checked against the osinfo-db package by a unit test.
#include <regex>
#include <v2v/libvirt/osinfo.hpp>
#include <vector>

namespace v2v::libvirt {
namespace {

struct Rule {
  std::regex short_id;  ///< regular expression over the whole short id
  const char *uri;      ///< with $1, $2 … from it
};

// The first match wins.
const std::vector<Rule> &rules() {
  static const std::vector<Rule> all = {
      {std::regex("debian([3-6])\\.0"), "http://debian.org/debian/$1"},
      {std::regex("debian(testing|[0-9.]+)"), "http://debian.org/debian/$1"},
      {std::regex("ubuntu([0-9]+\\.[0-9]+)"), "http://ubuntu.com/ubuntu/$1"},
      {std::regex("rhel([0-9.]+)"), "http://redhat.com/rhel/$1"},
      {std::regex("centos-stream([0-9]+)"), "http://centos.org/centos-stream/$1"},
      {std::regex("centos7"), "http://centos.org/centos/7.0"},
      {std::regex("centos([0-9.]+)"), "http://centos.org/centos/$1"},
      {std::regex("almalinux([0-9.]+)"), "http://almalinux.org/almalinux/$1"},
      {std::regex("rocky([0-9.]+)"), "http://rockylinux.org/rocky/$1"},
      {std::regex("ol([0-9.]+)"), "http://oracle.com/ol/$1"},
      {std::regex("fedora([0-9]+)"), "http://fedoraproject.org/fedora/$1"},
      {std::regex("(sle[sd]?)([0-9]+)sp([0-9]+)"), "http://suse.com/$1/$2.$3"},
      {std::regex("(sle[sd]?)([0-9]+)"), "http://suse.com/$1/$2"},
      {std::regex("opensusetumbleweed"), "http://opensuse.org/opensuse/tumbleweed"},
      {std::regex("opensuse([0-9.]+)"), "http://opensuse.org/opensuse/$1"},
      {std::regex("mageia([0-9]+)"), "http://mageia.org/mageia/$1"},
      {std::regex("archlinux"), "http://archlinux.org/archlinux/rolling"},
      {std::regex("win(1\\.0|[23]\\.[01]|95|98|me|2k|xp|vista|7|8|8\\.1|10|11)"),
       "http://microsoft.com/win/$1"},
      {std::regex("win(2k[0-9]+(r2)?)"), "http://microsoft.com/win/$1"},
  };
  return all;
}

}  // namespace

std::string osinfo_uri(const std::string &short_id) {
  for (const Rule &rule : rules()) {
    std::smatch match;
    if (std::regex_match(short_id, match, rule.short_id)) return match.format(rule.uri);
  }
  return {};
}

}  // namespace v2v::libvirt
