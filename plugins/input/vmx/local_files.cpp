// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "local_files.hpp"

#include "vmx_file.hpp"

#include <v2v/images/vmdk_chain.hpp>
#include <v2v/text/printable.hpp>

#include <fmt/format.h>

namespace v2v::input_vmx {
namespace {

namespace fs = std::filesystem;

/// The directory of the VMX, after a look at the VMX itself: its absence is the commonest mistake.
fs::path directory_of(const std::string &argument) {
  std::error_code error;
  const auto status = fs::status(argument, error);
  const auto name = text::printable(argument);
  if (!fs::exists(status)) {
    const bool denied = error == std::errc::permission_denied;
    throw Error(denied ? Code::access : Code::not_found,
                denied ? "it may not be read" : "No such file or directory", name,
                "check the path of the VMX file");
  }
  if (fs::is_directory(status))
    throw Error(Code::usage, "this is a directory, not a VMX file", name,
                "give the .vmx file in it");
  return fs::absolute(argument).parent_path();
}

}  // namespace

LocalFiles::LocalFiles(const std::string &argument, bool allow_references, fs::path staging)
    : argument_(argument),
      confinement_(directory_of(argument), allow_references),
      staging_(std::move(staging)) {}

std::string LocalFiles::read_vmx() const {
  const images::OpenImage file(argument_);
  // One byte more than a VMX may have, so that a larger file is seen to be one.
  return std::string(file.reader().read_up_to(0, largest_vmx + 1).all());
}

Location LocalFiles::find_disk(const std::string &file) {
  const auto path =
      confinement_.resolve(file, confinement_.directory(), "the disk", text::printable(argument_));
  const auto chain = images::read_vmdk_chain(path, confinement_);
  return images::vmdk_location(chain, staging_ / fmt::format("vmx-disk-{}", disks_++));
}

}  // namespace v2v::input_vmx
