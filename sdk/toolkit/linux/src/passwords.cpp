// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See accounts.hpp. The hashes are libcrypt's, which knows every method of crypt(5).
#include <v2v/linux/accounts.hpp>

#include <v2v/linux/guest_caps.hpp>
#include <v2v/linux/text_edit.hpp>

#include <crypt.h>
#include <fmt/format.h>
#include <string.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <memory>

namespace v2v::linux {
namespace {

constexpr const char *shadow = "/etc/shadow";

std::string_view prefix_of(const std::string &method) {
  if (method == "md5") return "$1$";
  if (method == "sha256") return "$5$";
  if (method == "sha512") return "$6$";
  if (method == "yescrypt") return "$y$";
  return {};
}

/// Which releases are the first with each method: that of libxcrypt 4.3 and of glibc 2.7.
struct Since {
  int yescrypt, sha512;
};

constexpr int never = 1'000'000;

Since since(const Inspection &inspection) {
  if (inspection.distro == "fedora") return {30, 9};
  if (inspection.distro == "ubuntu") return {20, 10};
  if (inspection.distro == "linuxmint") return {20, 9};
  // Those that number their releases in another way than RHEL.
  for (const char *other : {"kylin", "neokylin", "anolis", "openeuler", "amazonlinux", "azurelinux",
                            "opencloudos", "tencentos"})
    if (inspection.distro == other) return {never, 0};
  switch (distro_family(inspection.distro)) {
    case DistroFamily::debian:
      return {11, 5};
    case DistroFamily::redhat:
      return {9, 6};
    case DistroFamily::suse:
      return {15, 11};
    default:
      return {never, 0};
  }
}

/// Without the letters and digits that look like others: 24 of 57 characters are 140 bits.
std::string random_password() {
  static constexpr std::string_view letters =
      "ABCDEFGHIJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  std::string password;
  while (password.size() < 24) {
    unsigned char byte = 0;
    if (::getrandom(&byte, 1, 0) != 1) throw Error(Code::io, "there are no random numbers");
    // Each letter equally often.
    if (byte < 256 / letters.size() * letters.size()) password += letters[byte % letters.size()];
  }
  return password;
}

std::string field_for(const NewPassword &wanted, const Inspection &inspection, const Log &log) {
  const std::string lock = wanted.locked ? "!" : "";
  if (wanted.how == NewPassword::How::disabled) return lock + "*";
  auto password = wanted.text;
  if (wanted.how == NewPassword::How::random) {
    password = random_password();
    log.info(fmt::format("Setting random password of {} to {}", wanted.user, password));
  }
  return lock + hashed_password(
                    password, wanted.method.empty() ? password_method(inspection) : wanted.method);
}

}  // namespace

std::string password_method(const Inspection &inspection) {
  const auto [yescrypt, sha512] = since(inspection);
  // Rolling and testing distributions have no number.
  if (inspection.major_version >= yescrypt || (inspection.major_version == 0 && yescrypt < never))
    return "yescrypt";
  return inspection.major_version >= sha512 ? "sha512" : "md5";
}

std::string hashed_password(const std::string &password, const std::string &method) {
  const std::string prefix(prefix_of(method));
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  if (prefix.empty() || !::crypt_gensalt_rn(prefix.c_str(), 0, nullptr, 0, setting.data(),
                                            static_cast<int>(setting.size())))
    throw Error(Code::usage, "this method of hashing a password is not known here",
                "--password-crypto " + method, "use md5, sha256, sha512 or yescrypt");
  const auto wipe = [](crypt_data *data) {
    ::explicit_bzero(data, sizeof *data);
    delete data;
  };
  const std::unique_ptr<crypt_data, decltype(wipe)> data(new crypt_data{}, wipe);
  const char *hash = ::crypt_rn(password.c_str(), setting.data(), data.get(), sizeof *data);
  if (!hash) throw Error(Code::internal, "the password cannot be hashed with " + method);
  return hash;
}

void set_passwords(Guest &guest, const Inspection &inspection,
                   const std::vector<NewPassword> &passwords, const Log &log) {
  std::vector<std::string> users;
  const auto text = edit_lines(guest.read(shadow), [&](std::string &line) {
    const auto colon = line.find(':'), end = line.find(':', colon + 1);
    if (colon == std::string::npos || end == std::string::npos) return true;
    const auto user = line.substr(0, colon);
    for (const auto &wanted : passwords) {
      if (wanted.user != user) continue;
      users.push_back(user);
      line = line.substr(0, colon + 1) + field_for(wanted, inspection, log) + line.substr(end);
    }
    return true;
  });
  for (const auto &wanted : passwords)
    if (std::find(users.begin(), users.end(), wanted.user) == users.end())
      throw Error(Code::not_found, "the guest has no such user",
                  fmt::format("--password {}:…", wanted.user),
                  "make the user first, with --run-command useradd");
  guest.write(shadow, text, 0600);
}

}  // namespace v2v::linux
