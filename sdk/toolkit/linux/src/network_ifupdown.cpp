// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// /etc/network/interfaces with what it sources (interfaces(5)).
#include "network_scan.hpp"

#include <v2v/linux/guest_path.hpp>
#include <v2v/linux/text_edit.hpp>

#include <fnmatch.h>

#include <set>

namespace v2v::linux {
namespace {

// A file may source itself, through a link under another name; a person's files nest once or twice.
constexpr std::size_t kMostFiles = 200;

class Reader {
 public:
  Reader(Guest &guest, NetworkScan &scan, const Log &log) : guest_(guest), scan_(scan), log_(log) {}

  void read(const std::string &path) {
    if (seen_.size() >= kMostFiles || !seen_.insert(path).second) return;
    const auto text = read_config(guest_, path, log_);
    if (!text) return;
    Stanza stanza;
    std::string logical;
    for (const auto line : lines(*text)) {
      if (ends_with(line, "\\")) {
        logical += std::string(line.substr(0, line.size() - 1)) + " ";
        continue;
      }
      logical += line;
      const auto parts = words(logical);
      if (!parts.empty() && parts[0].front() != '#') take(parts, path, stanza);
      logical.clear();
    }
    finish(stanza);
  }

 private:
  struct Stanza {
    std::string name, file, mac;
    bool is_virtual = false;
  };

  /// One line: a keyword that starts a stanza, or an option of the one under way.
  void take(const std::vector<std::string_view> &parts, const std::string &path, Stanza &stanza) {
    const auto keyword = parts[0];
    const std::string argument(parts.size() > 1 ? parts[1] : std::string_view());
    if (keyword == "iface") {
      finish(stanza);
      stanza = {argument, path, {}, parts.size() > 3 && parts[3] == "tunnel"};
    } else if (keyword == "source") {
      finish(stanza);
      for (std::size_t i = 1; i < parts.size(); ++i) source(std::string(parts[i]));
    } else if (keyword == "source-directory" || keyword == "source-dir") {
      finish(stanza);
      source_directory(argument);
    } else if (keyword == "auto" || keyword == "mapping" || keyword == "rename" ||
               keyword == "template" || keyword == "no-auto-down" || keyword == "no-scripts" ||
               starts_with(keyword, "allow-")) {
      finish(stanza);
    } else if (!stanza.name.empty()) {
      option(parts, stanza);
    }
  }

  void option(const std::vector<std::string_view> &parts, Stanza &stanza) {
    std::string name(parts[0]);
    for (char &c : name)
      if (c == '_') c = '-';
    const bool has_members = name == "bridge-ports" || name == "bond-slaves" || name == "slaves";
    if (has_members || name == "vlan-raw-device") {
      stanza.is_virtual = true;
      for (std::size_t i = 1; i < parts.size(); ++i) {
        const std::string member(parts[i]);
        if (member == "none" || member == "all" || member == "regex") break;
        scan_.use(member, stanza.file);
      }
    } else if (name == "bond-mode" || name == "vlan-id" || name == "vxlan-id") {
      stanza.is_virtual = true;
    } else if (name == "hwaddress") {
      for (std::size_t i = 1; i < parts.size(); ++i)
        if (const auto mac = normal_mac(parts[i]); !mac.empty()) stanza.mac = mac;
    }
  }

  void finish(Stanza &stanza) {
    if (stanza.is_virtual)
      scan_.is_virtual(stanza.name);
    else if (!stanza.name.empty())
      scan_.use(stanza.name, stanza.file, stanza.mac);
    stanza = {};
  }

  static std::string absolute(const std::string &path) {
    return starts_with(path, "/") ? path : "/etc/network/" + path;
  }

  void source(const std::string &argument) {
    const auto path = absolute(argument);
    if (!is_pattern(path)) return read(path);
    const auto directory = parent_path(path), pattern = base_name(path);
    if (is_pattern(directory)) {
      log_.debug("/etc/network/interfaces: not followed: source " + argument);
      return;
    }
    for (const auto &name : guest_.list(directory))
      if (fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0) read(directory + "/" + name);
  }

  void source_directory(const std::string &argument) {
    const auto directory = absolute(argument);
    for (const auto &name : guest_.list(directory))
      if (valid_interface_name(name) && name.find('.') == std::string::npos)
        read(join_path(directory, name));
  }

  Guest &guest_;
  NetworkScan &scan_;
  const Log &log_;
  std::set<std::string> seen_;
};

}  // namespace

void scan_ifupdown(Guest &guest, NetworkScan &scan, const Log &log) {
  Reader(guest, scan, log).read("/etc/network/interfaces");
}

}  // namespace v2v::linux
