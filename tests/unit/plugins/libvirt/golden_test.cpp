// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Domains in the manner of virt-manager, RHEL, Xen and old libvirt, and hostile ones, each with the
// source that it stands for: what --print-source shows, then what that leaves out, then how its
// disks are reached, then the warnings. data/NAME.xml has its data/NAME.expected.
#include "../../temporary_directory.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <host/print_source.hpp>
#include <v2v/libvirt/domain.hpp>

#include <network_disk.hpp>

#include <algorithm>

namespace v2v::test {
namespace {

using libvirt::DomainDisk;

std::string word(std::optional<bool> value) {
  return value ? *value ? "yes" : "no" : "not known";
}

std::string network(const DomainDisk &disk) {
  try {
    const auto access = input_libvirt::network_access(disk, disk.target);
    if (const auto *uri = std::get_if<std::string>(&access)) return *uri;
    const auto &nbdkit = std::get<nbd::Nbdkit::Settings>(access);
    auto text = "nbdkit " + nbdkit.plugin;
    for (const auto &parameter : nbdkit.parameters) text += " [" + parameter + "]";
    return text;
  } catch (const Error &error) {
    return std::string("error: ") + error.what();
  }
}

std::string described(const DomainDisk &disk) {
  auto text = fmt::format("disk: {} {} format {}", disk.target, disk.type,
                          disk.format.empty() ? "not said" : disk.format);
  if (!disk.path.empty()) text += " path " + disk.path;
  if (!disk.pool.empty()) text += fmt::format(" volume {} of {}", disk.volume, disk.pool);
  if (disk.length) text += fmt::format(" {} bytes at {}", disk.length, disk.offset);
  if (disk.encrypted) text += " encrypted";
  if (disk.kind == DomainDisk::Kind::network) text += "\n  " + network(disk);
  return text + "\n";
}

std::string described(libvirt::Domain domain) {
  for (const auto &disk : domain.disks) domain.source.disks.push_back({disk.controller, {}, ""});
  auto text = host::print_source(domain.source);
  for (const auto &disk : domain.disks) text += described(disk);
  for (const auto &nic : domain.source.nics)
    text += "slot: " + (nic.pci_slot ? std::to_string(*nic.pci_slot) : "not known") + "\n";
  const auto &display = domain.source.display;
  if (display && display->port) text += fmt::format("port: {}\n", *display->port);
  return text + fmt::format("secure boot: {}\ntpm: {}\nos: {}\n", word(domain.source.secure_boot),
                            word(domain.source.tpm), domain.source.os_type);
}

/// The source as text, or the error in its place.
std::string described(const std::string &file) {
  std::string text, warnings;
  const auto warn = [&](const std::string &what) { warnings += "warning: " + what + "\n"; };
  try {
    text = described(libvirt::read_domain(read_file(file), "guest", warn));
  } catch (const Error &error) {
    text = std::string("error: ") + error.what() + "\n";
  }
  return text + warnings;
}

class LibvirtGoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(LibvirtGoldenTest, IsWhatIsExpected) {
  const auto base = std::string(V2V_LIBVIRT_DATA) + "/" + GetParam();
  EXPECT_EQ(described(base + ".xml"), read_file(base + ".expected"));
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(V2V_LIBVIRT_DATA))
    if (entry.path().extension() == ".xml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string test_name(const ::testing::TestParamInfo<std::string> &info) {
  auto name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Files, LibvirtGoldenTest, ::testing::ValuesIn(all_names()), test_name);

/// The error for XML that nobody writes by hand.
std::string refusal(const std::string &xml) {
  try {
    libvirt::read_domain(xml, "guest", {});
    return "accepted";
  } catch (const Error &error) {
    return error.failure();
  }
}

TEST(HostileXml, IsBoundedInSizeDepthAndNumbersOfDevices) {
  const auto domain = [](const std::string &inside) {
    return "<domain type='kvm'><name>x</name>" + inside + "</domain>";
  };
  const auto times = [](const std::string &text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
  };
  EXPECT_EQ(refusal(domain(std::string(17 << 20, ' '))).substr(9),
            "bytes of XML are more than any has");
  EXPECT_EQ(refusal(domain(times("<a>", 100) + times("</a>", 100))),
            "its XML is nested absurdly deep");
  EXPECT_EQ(refusal(domain(times("<a>", 1000000))).substr(0, 16), "this is not XML:");
  EXPECT_EQ(
      refusal(domain("<devices>" + times("<disk type='file'><source file='/a'/></disk>", 1001) +
                     "</devices>")),
      "it has more than 1000 disks");
  EXPECT_EQ(refusal(domain("<devices>" + times("<interface type='user'/>", 1001) + "</devices>")),
            "it has more than 1000 network cards");
  EXPECT_EQ(refusal(domain("<devices>" + times("<a/>", 100000) + "</devices>")), "accepted");
}

TEST(VolumeXml, TellsTheFormat) {
  EXPECT_EQ(libvirt::volume_format(
                "<volume><target><path>/x</path><format type='qcow2'/></target></volume>", "v"),
            "qcow2");
  EXPECT_EQ(libvirt::volume_format("<volume/>", "v"), "");
  EXPECT_THROW(libvirt::volume_format("<domain/>", "v"), Error);
}

}  // namespace
}  // namespace v2v::test
