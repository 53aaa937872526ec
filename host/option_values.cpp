// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "option_values.hpp"

#include <v2v/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace v2v::host {

Error usage(const std::string &what, const std::string &remedy) {
  return Error(Code::usage, what, {}, remedy);
}

namespace {

/// The decimal number that an option was given.
unsigned number(const char *option, const std::string &text, unsigned least, unsigned most) {
  unsigned value = 0;
  const char *end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || stop != end || value < least || value > most)
    throw usage(
        fmt::format("{} needs a number from {} to {}, not ‘{}’", option, least, most, text));
  return value;
}

std::string translate(const std::map<std::string, std::string> &synonyms, const std::string &word) {
  const auto found = synonyms.find(word);
  return found == synonyms.end() ? word : found->second;
}

constexpr unsigned most_cpus = 255, most_parallel = 64, most_wanted = 10000,
                   most_megabytes = 1 << 20;

}  // namespace

std::string input_name(const std::string &word) {
  return translate({{"local", "disk"}}, word);
}

std::string output_name(const std::string &word) {
  static const std::map<std::string, std::string> synonyms = {
      {"disk", "local"},
      {"osp", "openstack"},
      {"rhosp", "openstack"},
      {"ovirt", "rhv"},
      {"rhev", "rhv"},
      {"ovirt-upload", "rhv-upload"},
      {"ovirt_upload", "rhv-upload"},
      {"rhv_upload", "rhv-upload"},
  };
  return translate(synonyms, word);
}

bool virt_v2v_has(Kind kind, const std::string &plugin) {
  static const std::set<std::string> inputs = {"disk", "libvirt", "libvirtxml", "ova", "vmx"};
  static const std::set<std::string> outputs = {"glance",     "kubevirt",  "libvirt", "local",
                                                "null",       "openstack", "qemu",    "rhv",
                                                "rhv-upload", "vdsm"};
  return (kind == Kind::input ? inputs : outputs).count(plugin) != 0;
}

bool has_known_transports(const std::string &input) {
  return virt_v2v_has(Kind::input, input) || input == "vpx" || input == "xen";
}

Allocation allocation(const std::string &word) {
  if (word == "sparse") return Allocation::sparse;
  if (word == "preallocated") return Allocation::preallocated;
  throw usage("unknown -oa option: " + word, "use -oa sparse or -oa preallocated");
}

std::string root(const std::string &word) {
  if (word == "ask" || word == "single" || word == "first" || word.starts_with("/dev/") ||
      word.starts_with("btrfsvol:/dev/"))
    return word;
  throw usage("unknown --root option: " + word,
              "use --root ask, single, first, or a device such as /dev/sda2");
}

bool in_place_direct(const std::string &word) {
  if (word.empty() || word == "direct") return word == "direct";
  throw usage("unknown --in-place option: " + word, "use --in-place or --in-place=direct");
}

BlockBus block_bus(const std::string &word) {
  if (word == "virtio-blk") return BlockBus::virtio_blk;
  if (word == "virtio-scsi") return BlockBus::virtio_scsi;
  throw usage("unknown block driver ‘--block-driver " + word + "’",
              "use --block-driver virtio-blk or virtio-scsi");
}

bool as_it_is(const std::string &word) {
  if (word == "auto") return false;
  if (word == "none") return true;
  throw usage("unknown --convert option: " + word, "use --convert auto or none");
}

bool rebuild_initramfs(const std::string &word) {
  if (word == "auto") return false;
  if (word == "rebuild") return true;
  throw usage("unknown --initramfs option: " + word, "use --initramfs auto or rebuild");
}

DiskKey disk_key(const std::string &text) {
  const auto fail = [&](const char *why) {
    return usage(
        fmt::format("selector '{}': {}", text.substr(0, text.find(':')), why),
        "write ID:key:PASSPHRASE, ID:file:FILE or ID:clevis, where ID is a device, a UUID or all");
  };
  const auto first = text.find(':');
  if (first == std::string::npos) throw fail("missing TYPE");
  const auto second = text.find(':', first + 1);
  const std::string type = text.substr(first + 1, second - first - 1);
  if (first == 0) throw fail("missing ID");
  if (type == "clevis" && second != std::string::npos) throw fail("too many fields");
  if (type == "clevis") return {text.substr(0, first), {}, {}, true};
  if (type != "key" && type != "file") throw fail("invalid TYPE");
  // What follows may hold colons of its own: a passphrase is anything.
  const std::string rest = second == std::string::npos ? "" : text.substr(second + 1);
  if (rest.empty()) throw fail(type == "key" ? "missing KEY_STRING" : "missing FILENAME");
  DiskKey key{text.substr(0, first), {}, {}, false};
  (type == "key" ? key.key : key.file) = rest;
  return key;
}

unsigned memory(const std::string &megabytes) {
  return number("-m/--memsize", megabytes, 128, most_megabytes);
}

unsigned cpus(const std::string &text) {
  return number("--smp", text, 1, most_cpus);
}

unsigned parallel(const std::string &text) {
  // More is no mistake, and of no use.
  return std::min(number("--parallel", text, 1, most_wanted), most_parallel);
}

std::string machine_destination(const std::string &text) {
  const auto colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  const char *const remedy = "use file:NAME, stream:stdout, stream:stderr or fd:NUMBER";
  if (text.empty()) return text;
  if (kind == "stream" && rest != "stdout" && rest != "stderr" && !rest.empty())
    throw usage("invalid output stream for --machine-readable: " + text, remedy);
  if (kind == "fd" && rest.find_first_not_of("0123456789") != std::string::npos)
    throw usage("invalid output fd for --machine-readable: " + text, remedy);
  if (rest.empty() || (kind != "file" && kind != "stream" && kind != "fd"))
    throw usage("invalid format string for --machine-readable: " + text, remedy);
  return text;
}

void ask_for(CommandLine &command_line, Action action) {
  Action &current = command_line.action;
  if (action == Action::help || current == Action::convert ||
      (action == Action::version && current != Action::help))
    current = action;
}

}  // namespace v2v::host
