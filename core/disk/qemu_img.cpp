// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/disk/qemu_img.hpp>

#include <fmt/format.h>
#include <v2v/text/printable.hpp>

#include <sstream>

namespace v2v::core {
namespace {

/// A sign in qemu-img's words, and what it means. The first that fits counts.
struct Cause {
  const char *sign;
  Code code;
  const char *meaning;  ///< null: qemu's own words say it best
  const char *remedy;
};

constexpr Cause causes[] = {
    {"No space left on device", Code::no_space, "no space is left on the device",
     "make room there, or choose another place"},
    {"Disk quota exceeded", Code::no_space, "the disk quota is used up",
     "make room there, or choose another place"},
    {"File too large", Code::io, "the file system takes no file of this size",
     "choose a file system for large files, or -of qcow2"},
    {"Is another process using the image", Code::access,
     "another process uses the image, probably a running virtual machine",
     "shut the virtual machine down and try again"},
    {"contains a log that needs to be replayed", Code::corrupt,
     "the VHDX image was not closed cleanly: its log has to be replayed",
     "shut the guest down cleanly, or repair a copy of the image with: qemu-img check -r all "
     "IMAGE"},
    {"Permission denied", Code::access, nullptr, "run v2v as a user who may do that"},
    {"Connection refused", Code::io, nullptr, "start the server, and check its address and port"},
    {"Failed to connect", Code::io, nullptr, "start the server, and check the path of its socket"},
    {"No route to host", Code::io, nullptr, "check the address, the network and the firewall"},
    {"Name or service not known", Code::not_found, nullptr, "check the name of the server"},
    {"equested export not available", Code::not_found, nullptr,
     "nbdinfo --list URI shows what the server exports"},
    {"Unknown driver", Code::unsupported, nullptr, "install qemu-block-extra"},
    {"Unsupported image type", Code::unsupported, nullptr,
     "convert the image with the tools it is from"},
    {"No such file or directory", Code::not_found, nullptr, "check the path"},
    {"Input/output error", Code::io, nullptr, "see the kernel log (dmesg) for a failing disk"},
    {"Image is corrupt", Code::corrupt, nullptr,
     "repair a copy of it with: qemu-img check -r all IMAGE"},
};

/// The words of the failure: lines without the program's name, warnings and the JSON file name.
std::string words(const std::string &said) {
  std::string text;
  std::istringstream lines(said);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("qemu-img: ", 0) == 0) line.erase(0, 10);
    if (line.empty() || line.rfind("warning: ", 0) == 0) continue;
    const auto json = line.find("json:{");
    const auto end = line.find("}': ", json);
    if (json != line.npos && end != line.npos) line.erase(0, end + 4);
    if (!text.empty()) text += ' ';
    text += line;
  }
  return text::printable(text);
}

}  // namespace

Error qemu_img_error(const std::string &what, const std::string &object, const std::string &said) {
  const auto text = words(said);
  for (const auto &cause : causes)
    if (said.find(cause.sign) != said.npos)
      return Error(cause.code, fmt::format("{}: {}", what, cause.meaning ? cause.meaning : text),
                   object, cause.remedy);
  return Error(Code::io,
               fmt::format("{}: {}", what, text.empty() ? "qemu-img gave no reason" : text),
               object);
}

std::string QemuImg::run() const {
  Command command;
  command.argv = arguments;
  command.argv.insert(command.argv.begin(), "qemu-img");
  command.environment = {{"LC_ALL", "C"}};  // causes are found by qemu's and libc's English words
  command.timeout = timeout;
  if (cancellation) command.check_cancelled = [this] { cancellation->check(); };
  command.on_output = on_output;
  command.package = "qemu-utils";
  auto result = command.run(what, object);
  if (result.status != 0) throw qemu_img_error(what, object, result.error);
  return std::move(result.out);
}

}  // namespace v2v::core
