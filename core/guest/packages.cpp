// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <core/guest/packages.hpp>

#include <core/guest/guestfs.hpp>
#include <core/guest/lines.hpp>

#include <algorithm>
#include <array>

namespace v2v::core {
namespace {

// The word in front tells these lines from warnings.
constexpr const char *rpm_format = "v2v %{EPOCH} %{NAME} %{VERSION} %{RELEASE} %{ARCH}\\n";

/// "EPOCH:VERSION-RELEASE", deb-version(7).
void split_version(std::string_view text, Application &package) {
  if (const auto colon = text.find(':'); colon != text.npos) {
    package.epoch = leading_number(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  const auto dash = text.rfind('-');
  package.version = text.substr(0, dash);
  package.release = dash == text.npos ? "" : text.substr(dash + 1);
}

std::vector<Application> from_libguestfs(guestfs_h *g, const std::string &root) {
  const GuestfsStruct<struct guestfs_application2_list> list(
      guestfs_inspect_list_applications2(g, root.c_str()));
  if (!list) throw_guestfs(g, "cannot read the guest's list of packages", root);
  std::vector<Application> found;
  for (std::uint32_t i = 0; i < list->len; ++i) {
    const auto &app = list->val[i];
    found.push_back(
        {app.app2_name, app.app2_version, app.app2_release, app.app2_arch, app.app2_epoch});
  }
  return found;
}

std::vector<Application> ask_rpm(guestfs_h *g) {
  const std::array<const char *, 5> command{"rpm", "-qa", "--qf", rpm_format, nullptr};
  return parse_rpm_list(take_text(guestfs_command(g, const_cast<char **>(command.data()))));
}

/// The locks of Berkeley DB's environment are worth nothing once the system has stopped, and keep rpm
/// from reading it.
std::vector<Application> list_rpm(guestfs_h *g) {
  for (const auto &lock : take_list(guestfs_glob_expand(g, "/var/lib/rpm/__db.00?")))
    guestfs_rm_f(g, lock.c_str());
  auto packages = ask_rpm(g);
  if (!packages.empty()) return packages;
  const std::array<const char *, 3> rebuild{"rpm", "--rebuilddb", nullptr};
  std::free(guestfs_command(g, const_cast<char **>(rebuild.data())));
  return ask_rpm(g);
}

}  // namespace

std::vector<Application> parse_dpkg_status(std::string_view text) {
  std::vector<Application> packages;
  Application package;
  bool installed = false;
  const auto end_paragraph = [&] {
    if (installed && !package.name.empty()) packages.push_back(package);
    package = {};
    installed = false;
  };
  while (!text.empty()) {
    const auto line = next_line(text);
    if (line.empty()) end_paragraph();
    const auto colon = line.find(": ");
    if (colon == line.npos || line.front() == ' ') continue;
    const auto field = line.substr(0, colon), value = line.substr(colon + 2);
    if (field == "Package") package.name = value;
    if (field == "Status") installed = value.substr(value.rfind(' ') + 1) == "installed";
    if (field == "Architecture") package.arch = value;
    if (field == "Version") split_version(value, package);
  }
  end_paragraph();
  return packages;
}

std::vector<Application> parse_rpm_list(std::string_view text) {
  std::vector<Application> packages;
  while (!text.empty()) {
    auto line = next_line(text);
    std::vector<std::string_view> words;
    for (; !line.empty(); line.remove_prefix(std::min(words.back().size() + 1, line.size())))
      words.push_back(line.substr(0, line.find(' ')));
    if (words.size() != 6 || words[0] != "v2v") continue;
    packages.push_back({std::string(words[2]), std::string(words[3]), std::string(words[4]),
                        std::string(words[5]), leading_number(words[1])});
  }
  return packages;
}

std::vector<Application> list_applications(guestfs_h *g, const Inspection &inspection) {
  // A Windows has none, and its converter reads the registry itself.
  if (inspection.type == "windows") return {};
  std::vector<Application> packages;
  if (inspection.package_format == "deb")
    packages = parse_dpkg_status(take_text(guestfs_cat(g, "/var/lib/dpkg/status")));
  if (inspection.package_format == "rpm") packages = list_rpm(g);
  return packages.empty() ? from_libguestfs(g, inspection.root) : packages;
}

}  // namespace v2v::core
