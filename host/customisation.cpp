// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What a value of each option must look like. Local files are looked at in customisation_files.cpp.
#include "customisation.hpp"

#include <v2v/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace v2v::host {
namespace {

using Texts = std::vector<std::string>;

/// What is wrong with one value.
class Value {
 public:
  Value(const std::string &name, const std::string &value) : name_(name), value_(value) {}

  [[noreturn]] void refuse(const std::string &what, const std::string &remedy) const {
    // What is behind the colon of a password stays out of messages.
    const bool secret = name_ == "password" || name_ == "root-password";
    const auto shown = secret ? "" : " " + value_;
    throw Error(Code::usage, what, "--" + name_ + shown, remedy);
  }
  [[noreturn]] void refuse_format() const {
    const auto &names = customisation_names();
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](const auto &one) { return name_ == one.name; });
    refuse(fmt::format("invalid format for '--{}' parameter", name_),
           fmt::format("write --{} {}", name_, found->value_name));
  }
  /// The value in that many pieces, the last with all colons that are left.
  Texts pieces(std::size_t count) const {
    Texts all;
    std::string rest = value_;
    while (all.size() + 1 < count) {
      const auto colon = rest.find(':');
      if (colon == std::string::npos) refuse_format();
      all.push_back(rest.substr(0, colon));
      rest = rest.substr(colon + 1);
    }
    all.push_back(rest);
    return all;
  }
  Texts split(char separator) const {
    Texts all(1);
    for (const char c : value_) {
      if (c == separator)
        all.emplace_back();
      else
        all.back() += c;
    }
    return all;
  }
  const std::string &guest_path(const std::string &path) const {
    if (path.empty() || path.front() != '/')
      refuse(fmt::format("'{}' is no absolute path of the guest", path),
             "begin the guest's paths with /");
    return path;
  }
  const std::string &not_empty(const std::string &path) const {
    if (path.empty()) refuse_format();
    return path;
  }
  /// @param most  the largest number that is allowed
  void number(const std::string &text, int base, std::uint64_t most, const char *remedy) const {
    std::uint64_t number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (result.ec != std::errc() || result.ptr != text.data() + text.size() || number > most)
      refuse(fmt::format("'{}' is no such number", text), remedy);
  }

 private:
  const std::string &name_, &value_;
};

bool consists_of(const std::string &text, const char *further) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(further).find(c) != std::string_view::npos;
  });
}

/// hostname(7); an underscore is common and does no harm.
Texts hostname(const Value &value, const std::string &name) {
  constexpr std::size_t most = 64;  // Linux's
  std::size_t label = 0;
  bool right = !name.empty() && name.size() <= most && consists_of(name, "-._");
  for (std::size_t i = 0; right && i <= name.size(); ++i) {
    if (i < name.size() && name[i] != '.') continue;
    right = i > label && i - label <= 63 && name[label] != '-' && name[i - 1] != '-';
    label = i + 1;
  }
  if (!right)
    value.refuse("that cannot be the name of a host",
                 "give letters, digits and '-', with dots before a domain, at most 64 characters");
  return {name};
}

Texts timezone(const Value &value, const std::string &zone) {
  if (zone.empty() || zone.front() == '/' || zone.find("..") != std::string::npos ||
      !consists_of(zone, "+-_/"))
    value.refuse("that cannot be a time zone", "give one like Europe/London");
  return {zone};
}

Texts packages(const Value &value) {
  auto names = value.split(',');
  for (const auto &name : names)
    if (name.empty() || name.front() == '-' || !consists_of(name, "+-._:~@/*=^<>()%"))
      value.refuse("that is no list of packages: " + name,
                   "give names of packages with commas between them");
  return names;
}

/// password USER HOW TEXT-OR-FILE LOCKED
Texts password(const Value &value, const std::string &user, std::string selector) {
  if (user.empty()) value.refuse_format();
  std::string locked;
  const auto take = [&](const std::string &word) {
    if (selector != word && selector.rfind(word + ":", 0) != 0) return false;
    selector = selector.size() > word.size() ? selector.substr(word.size() + 1) : "disabled";
    return true;
  };
  while (take("locked") || take("lock")) locked = "locked";
  const auto behind = [&](const char *word) { return selector.substr(std::string(word).size()); };
  if (selector == "random") return {user, "random", "", locked};
  if (selector == "disabled" || selector == "disable") return {user, "disabled", "", locked};
  if (selector.rfind("password:", 0) == 0) return {user, "text", behind("password:"), locked};
  if (selector.rfind("file:", 0) == 0 && selector.size() > 5)
    return {user, "file", behind("file:"), locked};
  value.refuse("invalid password selector",
               "use file:FILE, random, disabled, locked, locked:file:FILE … or, where others may "
               "read it, password:TEXT");
}

Texts mode_and_path(const Value &value) {
  const auto all = value.pieces(2);
  constexpr const char *remedy = "write it in octal with a 0 before it, for instance 0644";
  // virt-customize takes a number without the 0 for a decimal one, which nobody means.
  if (all[0].empty() || all[0].front() != '0')
    value.refuse(fmt::format("'{}' is not octal", all[0]), remedy);
  value.number(all[0], 8, 07777, remedy);
  return {value.guest_path(all[1]), all[0]};
}

Texts owner_and_path(const Value &value) {
  const auto all = value.pieces(3);
  constexpr std::uint64_t most = 0x7fffffff;
  for (const auto &id : {all[0], all[1]})
    value.number(id, 10, most, "give the numbers of the user and of the group in the guest");
  return {value.guest_path(all[2]), all[0], all[1]};
}

Texts links(const Value &value) {
  auto all = value.split(':');
  if (all.size() < 2 || all[0].empty()) value.refuse_format();
  std::for_each(all.begin() + 1, all.end(), [&](const auto &path) { value.guest_path(path); });
  return all;
}

Texts user_and_key(const Value &value, const std::string &text) {
  const auto colon = text.find(':');
  const auto user = text.substr(0, colon);
  const auto selector = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool known = selector.empty() || (selector.rfind("file:", 0) == 0 && selector.size() > 5) ||
                     (selector.rfind("string:", 0) == 0 && selector.size() > 7);
  if (user.empty() || !known)
    value.refuse("invalid ssh-inject selector", "write USER, USER:file:FILE or USER:string:KEY");
  return {user, selector};
}

Texts arguments(const std::string &name, const std::string &text) {
  const Value value(name, text);
  const auto one_of = [&](std::initializer_list<const char *> names) {
    return std::any_of(names.begin(), names.end(), [&](const char *one) { return name == one; });
  };
  if (name == "update") return {};
  if (name == "chmod") return mode_and_path(value);
  if (name == "chown") return owner_and_path(value);
  if (name == "link") return links(value);
  if (name == "hostname") return hostname(value, text);
  if (name == "timezone") return timezone(value, text);
  if (name == "root-password") return password(value, "root", text);
  if (name == "ssh-inject") return user_and_key(value, text);
  if (one_of({"install", "uninstall", "firstboot-install"})) return packages(value);
  if (one_of({"run", "firstboot", "commands-from-file"})) return {value.not_empty(text)};
  if (one_of({"run-command", "firstboot-command"})) return {value.not_empty(text)};
  if (one_of({"delete", "mkdir", "scrub", "touch", "truncate", "truncate-recursive"})) {
    if (name == "delete" && text.find_first_not_of('/') == std::string::npos)
      value.refuse("that is all of the guest", "give the path of a file or a directory");
    return {value.guest_path(text)};
  }
  auto pair = value.pieces(2);
  if (name == "password") return password(value, pair[0], pair[1]);
  if (one_of({"copy-in", "tar-in", "upload"}))
    return {value.not_empty(pair[0]), value.guest_path(pair[1])};
  value.guest_path(pair[0]);
  if (one_of({"copy", "move"})) value.guest_path(pair[1]);
  if (name == "edit") value.not_empty(pair[1]);
  if (name == "append-line" && pair[1].find('\n') != std::string::npos)
    value.refuse("the line has a line end in it", "give the option once for each line");
  return pair;
}

}  // namespace

const std::vector<CustomisationName> &customisation_names() {
  static const std::vector<CustomisationName> names = {
      {"append-line", "PATH:LINE", "Append a line to a file"},
      {"chmod", "PERMISSIONS:PATH", "Change the permissions of a file, 0644"},
      {"chown", "UID:GID:PATH", "Change the owner of a file"},
      {"commands-from-file", "FILE", "Take such options from a file, one a line"},
      {"copy", "PATH:PATH", "Copy a file or a directory inside the guest"},
      {"copy-in", "FILE:DIRECTORY", "Copy a local file or directory into a directory"},
      {"delete", "PATH", "Delete a file, a directory, or what a pattern matches"},
      {"edit", "PATH:EXPRESSION", "Edit a file with a Perl expression"},
      {"firstboot", "FILE", "Run a local script at the first boot"},
      {"firstboot-command", "COMMAND", "Run a command at the first boot"},
      {"firstboot-install", "PACKAGE,…", "Install packages at the first boot"},
      {"hostname", "NAME", "Give the guest another name"},
      {"install", "PACKAGE,…", "Install packages"},
      {"link", "TARGET:PATH[:PATH…]", "Make symbolic links"},
      {"mkdir", "PATH", "Make a directory"},
      {"move", "PATH:PATH", "Move a file or a directory inside the guest"},
      {"password", "USER:SELECTOR", "Set a password: file:FILE, random, disabled, locked…"},
      {"root-password", "SELECTOR", "Set root's password"},
      {"run", "FILE", "Run a local script inside the guest"},
      {"run-command", "COMMAND", "Run a command inside the guest"},
      {"scrub", "PATH", "Overwrite and delete a file"},
      {"ssh-inject", "USER[:file:FILE|:string:KEY]", "Let a key log in as this user"},
      {"tar-in", "FILE:DIRECTORY", "Unpack a local tar archive into a directory"},
      {"timezone", "ZONE", "Set the time zone, Europe/London"},
      {"touch", "PATH", "Make a file, or give it the time of now"},
      {"truncate", "PATH", "Empty a file"},
      {"truncate-recursive", "PATH", "Empty all files in a directory"},
      {"uninstall", "PACKAGE,…", "Remove packages"},
      {"update", nullptr, "Update all packages"},
      {"upload", "FILE:PATH", "Upload a local file"},
      {"write", "PATH:CONTENT", "Write a file"},
  };
  return names;
}

Operation customisation_operation(const std::string &name, const std::string &value) {
  return {name == "root-password" ? "password" : name, arguments(name, value)};
}

void Customisation::add(const std::string &name, const std::string &value) {
  (void)customisation_operation(name, value);
  options_.push_back({name, value});
}

void Customisation::set_password_method(const std::string &method) {
  for (const char *known : {"md5", "sha256", "sha512", "yescrypt"})
    if (method == known) {
      password_method_ = method;
      return;
    }
  throw Error(Code::usage, "password-crypto: unknown algorithm " + method,
              "--password-crypto " + method, "use md5, sha256, sha512 or yescrypt");
}

}  // namespace v2v::host
