// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "guest_hive.hpp"

#include <v2v/windows/hive_compare.hpp>

#include <filesystem>
#include <utility>

namespace v2v::convert_windows {

using windows::Hive;

std::optional<std::string> find_system_hive(GuestFiles &files) {
  for (const char *root : {"/Windows", "/WINNT", "/Win32", "/Win", "/ReactOS"})
    if (auto system = files.find(std::string(root) + "/System32/config/SYSTEM")) return system;
  return std::nullopt;
}

GuestHive::GuestHive(GuestFiles &files, const std::string &name, std::string path,
                     const std::string &directory)
    : files_(files),
      name_(name),
      path_(std::move(path)),
      before_(directory + "/" + name + ".before"),
      edited_(directory + "/" + name) {
  files_.download(path_, edited_);
  std::filesystem::copy_file(edited_, before_);
  hive_ = std::make_unique<Hive>(edited_, name_, Hive::Access::write);
}

void GuestHive::finish(const std::vector<std::string> &planned) {
  hive_->commit();
  hive_ = std::make_unique<Hive>(edited_, name_, Hive::Access::read);
  const Hive before(before_, name_, Hive::Access::read);
  const auto surprises = windows::unplanned(windows::differences(before, *hive_), planned);
  if (!surprises.empty())
    throw Error(Code::internal, "the edited registry differs where it should not",
                surprises[0].path, "the guest is unchanged; please report this");
}

void GuestHive::upload() {
  files_.upload(edited_, path_);
}

}  // namespace v2v::convert_windows
