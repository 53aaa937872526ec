// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "virsh.hpp"

#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::input_xen {
namespace {

constexpr int not_there = 127;  ///< a shell's, if it has not found a program

bool contains(const std::string &text, const char *piece) {
  return text.find(piece) != text.npos;
}

std::string trimmed(const std::string &text) {
  const auto start = text.find_first_not_of(" \r\n");
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(" \r\n") - start + 1);
}

/// @param words  what virsh wrote to standard error
[[noreturn]] void explain(int status, const std::string &words, const std::string &where,
                          const std::string &guest) {
  if (contains(words, "failed to get domain") || contains(words, "Domain not found"))
    throw Error(Code::not_found, "the Xen host has no such guest", text::printable(guest),
                fmt::format("see what there is: ssh {} virsh --connect xen:/// list --all", where));
  if (status == not_there)
    throw Error(Code::not_found, "there is no virsh on the Xen host", where,
                "install libvirt's client there (libvirt-clients, libvirt-client)");
  auto reason = trimmed(words);
  reason = text::printable(reason.substr(reason.rfind('\n') + 1));
  throw Error(Code::io, fmt::format("virsh failed on the Xen host: {}", reason), where,
              "see whether libvirtd runs there: virsh --connect xen:/// list --all");
}

}  // namespace

std::string virsh_command(const std::vector<std::string> &words) {
  std::string remote = "LC_ALL=C exec virsh --quiet --connect xen:///system";
  for (const auto &word : words) remote += " " + nbd::shell_word(word);
  return remote;
}

std::string Virsh::state(const std::string &guest) {
  return trimmed(run({"domstate", "--domain", guest}, guest));
}

std::string Virsh::xml(const std::string &guest) {
  // Without this the password of the display is left out.
  return run({"dumpxml", "--security-info", "--domain", guest}, guest);
}

std::string Virsh::run(const std::vector<std::string> &words, const std::string &guest) {
  const auto output = shell_.run(virsh_command(words), "cannot ask the Xen host");
  if (output.status != 0)
    explain(output.status, output.error, text::printable(shell_.access().server()), guest);
  return output.out;
}

}  // namespace v2v::input_xen
