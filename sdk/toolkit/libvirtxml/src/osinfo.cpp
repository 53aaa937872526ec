// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See osinfo.hpp. The rules are checked against the osinfo-db package by a unit test.
#include <regex>
#include <utility>
#include <v2v/toolkit/osinfo.hpp>

namespace v2v::toolkit {
namespace {

struct Rule {
  const char *short_id;  ///< regular expression over the whole short id
  const char *uri;       ///< with $1, $2 … from it
};

// The first match wins.
constexpr Rule rules[] = {
    {"debian(testing|[0-9.]+)", "http://debian.org/debian/$1"},
    {"ubuntu([0-9]+\\.[0-9]+)", "http://ubuntu.com/ubuntu/$1"},
    {"rhel([0-9.]+)", "http://redhat.com/rhel/$1"},
    {"centos-stream([0-9]+)", "http://centos.org/centos-stream/$1"},
    {"centos([0-9.]+)", "http://centos.org/centos/$1"},
    {"almalinux([0-9.]+)", "http://almalinux.org/almalinux/$1"},
    {"rocky([0-9.]+)", "http://rockylinux.org/rocky/$1"},
    {"ol([0-9.]+)", "http://oracle.com/ol/$1"},
    {"fedora([0-9]+)", "http://fedoraproject.org/fedora/$1"},
    {"(sle[sd]?)([0-9]+)sp([0-9]+)", "http://suse.com/$1/$2.$3"},
    {"(sle[sd]?)([0-9]+)", "http://suse.com/$1/$2"},
    {"opensusetumbleweed", "http://opensuse.org/opensuse/tumbleweed"},
    {"opensuse([0-9.]+)", "http://opensuse.org/opensuse/$1"},
    {"mageia([0-9]+)", "http://mageia.org/mageia/$1"},
    {"archlinux", "http://archlinux.org/archlinux/rolling"},
    {"win(1\\.0|[23]\\.[01]|95|98|me|2k|xp|vista|7|8|8\\.1|10|11)", "http://microsoft.com/win/$1"},
    {"win(2k[0-9]+(r2)?)", "http://microsoft.com/win/$1"},
};

}  // namespace

std::string osinfo_uri(const std::string &short_id) {
  for (const Rule &rule : rules) {
    std::smatch match;
    if (std::regex_match(short_id, match, std::regex(rule.short_id))) return match.format(rule.uri);
  }
  return {};
}

}  // namespace v2v::toolkit
