// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/linux_identity.hpp>

#include <core/guest/lines.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace v2v::core {
namespace {

/// The value as a shell would have it, without the expansions that os-release(5) does not allow.
std::string shell_value(std::string_view value) {
  char quote = 0;
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' && quote != '\'' && i + 1 < value.size())
      text += value[++i];
    else if (quote ? c == quote : c == '"' || c == '\'')
      quote = quote ? 0 : c;
    else
      text += c;
  }
  return text;
}

std::map<std::string, std::string, std::less<>> assignments(std::string_view text) {
  std::map<std::string, std::string, std::less<>> found;
  while (!text.empty()) {
    auto line = next_line(text);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const auto equals = line.find('=');
    if (equals == line.npos || line.front() == '#') continue;
    found[std::string(line.substr(0, equals))] = shell_value(line.substr(equals + 1));
  }
  return found;
}

struct Distribution {
  std::string_view id, distro, format;
};

// os-release's ID, and what it is called here.
constexpr std::array<Distribution, 42> distributions{{
    {"almalinux", "almalinux", "rpm"},
    {"alpine", "alpinelinux", "apk"},
    {"altlinux", "altlinux", "rpm"},
    {"amzn", "amazonlinux", "rpm"},
    {"anolis", "anolis", "rpm"},
    {"arch", "archlinux", "pacman"},
    {"azurelinux", "azurelinux", "rpm"},
    {"centos", "centos", "rpm"},
    {"circle", "circle", "rpm"},
    {"debian", "debian", "deb"},
    {"fedora", "fedora", "rpm"},
    {"gentoo", "gentoo", "ebuild"},
    {"kali", "kalilinux", "deb"},
    {"kylin", "kylin", "rpm"},
    {"linuxmint", "linuxmint", "deb"},
    {"mageia", "mageia", "rpm"},
    {"manjaro", "archlinux", "pacman"},
    {"mariner", "azurelinux", "rpm"},
    {"neokylin", "neokylin", "rpm"},
    {"ol", "oraclelinux", "rpm"},
    {"opencloudos", "opencloudos", "rpm"},
    {"openEuler", "openeuler", "rpm"},
    {"openmandriva", "openmandriva", "rpm"},
    {"opensuse", "opensuse", "rpm"},
    {"opensuse-leap", "opensuse", "rpm"},
    {"opensuse-leap-micro", "opensuse", "rpm"},
    {"opensuse-microos", "opensuse", "rpm"},
    {"opensuse-slowroll", "opensuse", "rpm"},
    {"opensuse-tumbleweed", "opensuse", "rpm"},
    {"rhel", "rhel", "rpm"},
    {"rocky", "rocky", "rpm"},
    {"scientific", "scientificlinux", "rpm"},
    {"sl-micro", "sles", "rpm"},
    {"sle-micro", "sles", "rpm"},
    {"sled", "sles", "rpm"},
    {"sles", "sles", "rpm"},
    {"sles_sap", "sles", "rpm"},
    {"suse-microos", "sles", "rpm"},
    {"tencentos", "tencentos", "rpm"},
    {"ubuntu", "ubuntu", "deb"},
    {"void", "voidlinux", "xbps"},
    {"virtuozzo", "redhat-based", "rpm"},
}};

// The first of these that ID_LIKE names, for an ID that is not in the list.
constexpr std::array<Distribution, 8> likenesses{{
    {"rhel", "redhat-based", "rpm"},
    {"centos", "redhat-based", "rpm"},
    {"fedora", "redhat-based", "rpm"},
    {"suse", "suse-based", "rpm"},
    {"opensuse", "suse-based", "rpm"},
    {"ubuntu", "debian-based", "deb"},
    {"debian", "debian-based", "deb"},
    {"arch", "archlinux", "pacman"},
}};

const Distribution *distribution(const std::string &id, const std::string &id_like) {
  const auto known = std::find_if(distributions.begin(), distributions.end(),
                                  [&](const auto &one) { return one.id == id; });
  if (known != distributions.end()) return &*known;
  const auto like = std::find_if(likenesses.begin(), likenesses.end(), [&](const auto &one) {
    return fmt::format(" {} ", id_like).find(fmt::format(" {} ", one.id)) != std::string::npos;
  });
  return like == likenesses.end() ? nullptr : &*like;
}

/// The first number with digits, and the one behind its dot: "release 9.3 (Blue)", "12.5", "2023".
bool parse_version(std::string_view text, int &major, int &minor) {
  const auto begin = text.find_first_of("0123456789");
  if (begin == text.npos) return false;
  const char *end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data() + begin, end, major);
  if (failure != std::errc()) return false;
  minor = 0;
  if (end - stop > 1 && *stop == '.' && stop[1] != '-') std::from_chars(stop + 1, end, minor);
  return true;
}

/// libguestfs's rules, with those of distributions that it has no rule for behind them.
std::string package_management(const std::string &distro, const std::string &format, int major) {
  static const std::map<std::string, std::string> by_distro{
      {"fedora", "dnf"},    {"neokylin", "dnf"},      {"opencloudos", "dnf"}, {"tencentos", "dnf"},
      {"openeuler", "dnf"}, {"openmandriva", "dnf"},  {"mageia", "urpmi"},    {"altlinux", "apt"},
      {"sles", "zypper"},   {"suse-based", "zypper"}, {"opensuse", "zypper"}, {"azurelinux", "dnf"},
      {"anolis", "dnf"}};
  static const std::map<std::string, std::string> by_format{{"deb", "apt"},
                                                            {"pacman", "pacman"},
                                                            {"ebuild", "portage"},
                                                            {"apk", "apk"},
                                                            {"xbps", "xbps"}};
  if (const auto found = by_format.find(format); found != by_format.end()) return found->second;
  if (distro == "fedora" && major < 22) return "yum";
  // Amazon Linux 2 has yum, 2023 dnf.
  if (distro == "amazonlinux") return major >= 2022 ? "dnf" : "yum";
  if (const auto found = by_distro.find(distro); found != by_distro.end()) return found->second;
  return major >= 8 ? "dnf" : "yum";
}

std::string osinfo_id(const Inspection &guest) {
  const auto &distro = guest.distro;
  const int major = guest.major_version, minor = guest.minor_version;
  const bool by_major = distro == "circle" || distro == "rocky" || distro == "almalinux" ||
                        distro == "amazonlinux" || distro == "centos";
  if (distro == "centos" && major == 7) return "centos7.0";
  if (by_major && major >= 8) return fmt::format("{}{}", distro, major);
  if (distro == "debian" || distro == "fedora" || distro == "mageia")
    return fmt::format("{}{}", distro, major);
  if (distro == "sles") {
    const char *base = major >= 15 ? "sle" : "sles";
    return minor == 0 ? fmt::format("{}{}", base, major)
                      : fmt::format("{}{}sp{}", base, major, minor);
  }
  if (distro == "ubuntu") return fmt::format("ubuntu{}.{:02}", major, minor);
  if (distro == "archlinux" || distro == "gentoo" || distro == "voidlinux") return distro;
  if (distro == "altlinux" && major >= 8) return fmt::format("alt{}.{}", major, minor);
  return major > 0 || minor > 0 ? fmt::format("{}{}.{}", distro, major, minor) : "unknown";
}

}  // namespace

std::string release_file(std::string_view os_release) {
  const auto values = assignments(os_release);
  const auto id = values.find("ID");
  if (id == values.end()) return "";
  if (id->second == "debian") return "/etc/debian_version";
  if (id->second == "centos") return "/etc/centos-release";
  return id->second == "rocky" ? "/etc/rocky-release" : "";
}

bool identify_linux(std::string_view os_release, std::string_view release, Inspection &inspection) {
  auto values = assignments(os_release);
  const auto *known = distribution(values["ID"], values["ID_LIKE"]);
  if (!known || values["PRETTY_NAME"].empty()) return false;
  inspection.type = "linux";
  inspection.distro = known->distro;
  inspection.package_format = known->format;
  inspection.product_name = values["PRETTY_NAME"];
  inspection.product_variant = "unknown";
  // The rolling ones, and Debian's next release, have no version.
  int &major = inspection.major_version, &minor = inspection.minor_version;
  if (!parse_version(values["VERSION_ID"], major, minor)) major = minor = 0;
  int exact = 0, digits = 0;
  if (minor == 0 && parse_version(release, exact, digits) && exact == major) minor = digits;
  inspection.package_management =
      package_management(inspection.distro, inspection.package_format, major);
  inspection.osinfo = osinfo_id(inspection);
  return true;
}

std::string architecture_of(std::string_view program) {
  constexpr std::size_t class_at = 4, order_at = 5, machine_at = 18;
  if (program.size() < machine_at + 2 || program.substr(0, 4) !=
                                             "\x7f"
                                             "ELF")
    return "";
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(program[at]); };
  const bool little = byte(order_at) == 1, wide = byte(class_at) == 2;
  const unsigned machine = little ? byte(machine_at) | byte(machine_at + 1) << 8
                                  : byte(machine_at) << 8 | byte(machine_at + 1);
  // System V ABI, e_machine.
  switch (machine) {
    case 3:
      return "i386";
    case 21:
      return little ? "ppc64le" : "ppc64";
    case 22:
      return wide ? "s390x" : "s390";
    case 62:
      return "x86_64";
    case 183:
      return "aarch64";
    case 243:
      return wide ? "riscv64" : "riscv32";
    default:
      return "";
  }
}

}  // namespace v2v::core
