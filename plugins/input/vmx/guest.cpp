// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "guest.hpp"

#include "text.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace v2v::input_vmx {
namespace {

constexpr std::uint64_t default_memory = 32;  // MiB
constexpr std::uint64_t most_memory = std::uint64_t(1) << 30;
constexpr std::uint64_t most_vcpus = 8192;

template <class Number>
std::optional<Number> whole_number(const std::string &text) {
  Number value = 0;
  const auto *end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

/// Reads the keys, and knows the file's name for messages.
class Reader {
 public:
  Reader(const VmxFile &vmx, const std::string &file, const Warn &warn)
      : vmx_(vmx), file_(file), warn_(warn) {}

  Source source() const {
    refuse_encrypted();
    refuse_suspended();
    Source source;
    source.name = name();
    source.hypervisor = "vmware";
    source.memory = memory() << 20;
    source.vcpus = static_cast<unsigned>(number("numvcpus", 1, most_vcpus));
    topology(source);
    source.genid = generation_id(vmx_.text("vm.genid"), vmx_.text("vm.genidx"));
    source.firmware = firmware();
    source.secure_boot = vmx_.is_true("uefi.secureboot.enabled");
    source.tpm = vmx_.is_true("vtpm.present");
    source.os_type = os_type();
    source.sound = sound();
    source.removables = read_removables(vmx_);
    source.nics = read_nics(vmx_, file_, warn_);
    return source;
  }

 private:
  void warn(const std::string &what) const { warn_(fmt::format("{}: {}", file_, what)); }

  /// Workstation can encrypt the VMX; then what matters is not readable. With "partial" only the
  /// TPM's secrets are, and the disks are in clear.
  void refuse_encrypted() const {
    const bool encrypted = vmx_.has("encryption.data") || vmx_.has("encryption.keysafe") ||
                           vmx_.has("encryptedvm.guid");
    if (!encrypted) return;
    if (text::lower(vmx_.text("vmx.encryptiontype")) == "partial") {
      warn("parts of the guest are encrypted by VMware (its TPM); they do not move with it");
      return;
    }
    throw Error(
        Code::unsupported, "the guest is encrypted by VMware", file_,
        "remove the encryption in VMware (VM settings, Options, Access control, or the VM's "
        "storage policy) and copy its files again");
  }

  /// Half of the state of such a guest is in a file beside the disks.
  void refuse_suspended() const {
    const auto state = vmx_.text("checkpoint.vmstate");
    if (state.empty()) return;
    throw Error(
        Code::unsupported,
        fmt::format("the guest was not shut down, but suspended (checkpoint.vmState = \"{}\")",
                    text::printable(state)),
        file_,
        "resume it in VMware and shut it down from within; or, to give up what was in its memory, "
        "remove that line from the VMX");
  }

  /// "windows2019srv-64", "winNetEnterprise"; Vista and 2008 were called Longhorn, XP Whistler.
  std::string os_type() const {
    const auto guest_os = text::lower(vmx_.text("guestos"));
    for (const char *windows : {"win", "longhorn", "whistler"})
      if (guest_os.rfind(windows, 0) == 0) return "windows";
    return "";
  }

  std::string name() const {
    auto text = vmx_.text("displayname");
    // A name is one line in everything that follows.
    std::replace_if(text.begin(), text.end(), text::is_control, ' ');
    if (text.find_first_not_of(' ') != text.npos) return text;
    auto base = base_name(file_);
    if (ends_with(text::lower(base), ".vmx")) base.resize(base.size() - 4);
    if (base.empty()) base = "unknown";
    warn(fmt::format("it has no displayName; the guest is called \"{}\"", base));
    return base;
  }

  std::uint64_t number(const std::string &key, std::uint64_t fallback, std::uint64_t most) const {
    const auto text = vmx_.get(key);
    if (!text) return fallback;
    const auto value = whole_number<std::uint64_t>(*text);
    if (!value || *value == 0 || *value > most)
      throw Error(Code::corrupt, fmt::format("{} = \"{}\" cannot be", key, text::printable(*text)),
                  file_, fmt::format("give it a number from 1 to {}", most));
    return *value;
  }

  std::uint64_t memory() const {
    if (!vmx_.has("memsize"))
      warn(fmt::format("it has no memSize; VMware's default of {} MB is assumed", default_memory));
    return number("memsize", default_memory, most_memory);
  }

  void topology(Source &source) const {
    const auto text = vmx_.get("cpuid.corespersocket");
    if (!text) return;
    const auto cores = whole_number<unsigned>(*text).value_or(0);
    if (cores == 0 || source.vcpus / cores == 0) {
      warn(fmt::format("cpuid.coresPerSocket = \"{}\" does not fit {} vCPUs and is ignored",
                       text::printable(*text), source.vcpus));
      return;
    }
    source.cpu_sockets = source.vcpus / cores;
    source.cpu_cores = cores;
    source.cpu_threads = 1;
  }

  Firmware firmware() const {
    const auto text = text::lower(vmx_.get("firmware").value_or("bios"));
    if (text == "efi") return Firmware::uefi;
    if (text != "bios")
      warn(fmt::format("unknown firmware \"{}\"; BIOS is assumed", text::printable(text)));
    return Firmware::bios;
  }

  std::string sound() const {
    const auto device = vmx_.get("sound.virtualdev");
    if (!device) return {};
    const auto text = text::lower(*device);
    if (text == "sb16") return "sb16";
    if (text == "es1371") return "es1370";
    if (text == "hdaudio") return "ich6";
    warn(fmt::format("unknown sound card \"{}\" is ignored", text::printable(text)));
    return {};
  }

  const VmxFile &vmx_;
  const std::string &file_;
  const Warn &warn_;
};

}  // namespace

std::string base_name(const std::string &path) {
  return path.substr(path.find_last_of('/') + 1);
}

std::string generation_id(const std::string &low, const std::string &high) {
  const auto first = whole_number<std::int64_t>(low), second = whole_number<std::int64_t>(high);
  if (!first || !second) return {};
  const auto a = static_cast<std::uint64_t>(*first), b = static_cast<std::uint64_t>(*second);
  // A GUID as Microsoft stores it: the first three fields little-endian, the rest bytes in order.
  std::string uuid =
      fmt::format("{:08x}-{:04x}-{:04x}-", a & 0xffffffff, a >> 32 & 0xffff, a >> 48);
  for (unsigned i = 0; i < 8; ++i)
    uuid += fmt::format("{}{:02x}", i == 2 ? "-" : "", b >> (8 * i) & 0xff);
  return uuid;
}

Guest read_guest(const VmxFile &vmx, const std::string &file, const Warn &warn) {
  Guest guest;
  guest.source = Reader(vmx, file, warn).source();
  guest.disks = read_disks(vmx, file, warn);
  return guest;
}

}  // namespace v2v::input_vmx
