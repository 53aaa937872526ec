// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// VMX files in the manner of VMware's products, each with the source that it stands for: what
// --print-source shows, then what that leaves out, then the warnings. data/NAME.vmx has its
// data/NAME.expected.
#include "../../temporary_directory.hpp"

#include <gtest/gtest.h>
#include <host/print_source.hpp>

#include <guest.hpp>

#include <algorithm>

namespace v2v::test {
namespace {

using namespace input_vmx;

/// The source as text, or the error in its place.
std::string described(const std::string &file) {
  std::string text, warnings;
  const auto warn = [&](const std::string &what) { warnings += "warning: " + what + "\n"; };
  try {
    const auto name = std::filesystem::path(file).filename().string();
    auto guest = read_guest(parse_vmx(read_file(file), name, warn), name, warn);
    for (const auto &disk : guest.disks)
      guest.source.disks.push_back({disk.controller, {}, disk.place + " " + disk.file});
    text = host::print_source(guest.source);
    for (const auto &disk : guest.source.disks) text += "disk: " + disk.id + "\n";
    for (const auto &nic : guest.source.nics)
      text += "slot: " + (nic.pci_slot ? std::to_string(*nic.pci_slot) : "not known") + "\n";
    text += std::string("tpm: ") + (guest.source.tpm.value_or(false) ? "yes" : "no") + "\n";
  } catch (const Error &error) {
    text = std::string("error: ") + error.what() + "\n";
  }
  return text + warnings;
}

class VmxGoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(VmxGoldenTest, IsWhatIsExpected) {
  const auto base = std::string(V2V_VMX_DATA) + "/" + GetParam();
  EXPECT_EQ(described(base + ".vmx"), read_file(base + ".expected"));
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(V2V_VMX_DATA))
    if (entry.path().extension() == ".vmx") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string test_name(const ::testing::TestParamInfo<std::string> &info) {
  auto name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Files, VmxGoldenTest, ::testing::ValuesIn(all_names()), test_name);

}  // namespace
}  // namespace v2v::test
