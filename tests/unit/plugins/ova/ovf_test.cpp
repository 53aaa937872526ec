// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// OVF files in the manner of many tools (tests/unit/data/ova), each with what must come out of it;
// and what no OVF may contain. To write the expected files anew, set V2V_UPDATE_EXPECTED=1, and
// read the difference.
#include "ova_fixture.hpp"

#include <host/print_source.hpp>
#include <ovf.hpp>
#include <units.hpp>

namespace v2v::test {
namespace {

using namespace input_ova;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// As --print-source shows it, and then what it does not show.
std::string dump(const OvfMachine &machine) {
  auto source = machine.source;
  std::string more;
  for (const auto &disk : machine.disks) {
    source.disks.emplace_back();
    source.disks.back().controller = disk.controller;
    more += fmt::format("disk {}: {} bytes in {}{}{}\n", disk.id,
                        disk.capacity ? std::to_string(*disk.capacity) : "unknown",
                        disk.file ? disk.file->href : "no file",
                        disk.file && disk.file->gzip ? " (gzip)" : "",
                        disk.file && disk.file->chunked ? " (chunks)" : "");
  }
  for (const auto &nic : source.nics)
    if (nic.pci_slot) more += fmt::format("PCI slot of {}: {}\n", nic.network, *nic.pci_slot);
  if (!source.os_type.empty()) more += fmt::format("OS: {}\n", source.os_type);
  if (source.tpm) more += fmt::format("TPM: {}\n", *source.tpm);
  if (source.secure_boot) more += fmt::format("Secure Boot: {}\n", *source.secure_boot);
  for (const auto &warning : machine.warnings) more += fmt::format("warning: {}\n", warning);
  return host::print_source(source) + more;
}

class OvfFiles : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(OvfFiles, AreReadAsExpected) {
  const auto result = dump(read_ovf(read_file(GetParam()), "guest.ova", "fallback", ""));
  auto expected = GetParam();
  expected.replace_extension(".expected");
  if (std::getenv("V2V_UPDATE_EXPECTED")) write_file(expected, result);
  EXPECT_EQ(result, read_file(expected));
}

std::vector<std::filesystem::path> ovf_files() {
  std::vector<std::filesystem::path> files;
  for (const auto &entry : std::filesystem::directory_iterator(V2V_TEST_DATA))
    if (entry.path().extension() == ".ovf") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(Written, OvfFiles, ::testing::ValuesIn(ovf_files()), [](const auto &test) {
  auto name = test.param.stem().string();
  for (auto &c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

TEST(OvfFiles, AreAllThere) {
  EXPECT_GE(ovf_files().size(), 19u);
}

class OvfTest : public OvaTest {
 protected:
  static OvfMachine read(const std::string &text, const std::string &chosen = {}) {
    return read_ovf(text, "x.ova", "fallback", chosen);
  }
  static Error bad(const std::string &text, const std::string &chosen = {}) {
    return error_of([&] { read(text, chosen); });
  }
  static std::string replaced(std::string text, const std::string &from, const std::string &to) {
    const auto at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    return text.replace(at, from.size(), to);
  }
  /// A disk of `capacity` GiB, with or without its file, and sections of the machine.
  static std::string with_properties(const std::string &capacity, const std::string &sections,
                                     const std::string &file) {
    const auto text = replaced(
        ovf({{"a", "",
              "ovf:capacity='" + capacity + "' ovf:capacityAllocationUnits='byte * 2^30'"}}),
        " ovf:fileRef='f0'", file);
    return replaced(text, "<VirtualHardwareSection>", sections + "<VirtualHardwareSection>");
  }
  static std::string storage_item(const std::string &content) {
    return "<StorageItem><sasd:ElementName>Data</sasd:ElementName>"
           "<sasd:InstanceID>20</sasd:InstanceID><sasd:ResourceType>31</sasd:ResourceType>" +
           content + "</StorageItem>";
  }
  static std::string item(const std::string &content) { return "<Item>" + content + "</Item>"; }
};

TEST_F(OvfTest, ReadsUtf16AndOtherEncodings) {
  const auto text = replaced(ovf({{"a.vmdk", ""}}), "ovf:id='guest'", "ovf:id='G\xC3\xBCnther'");
  std::string wide = "\xFF\xFE";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\xC3\xBC") == 0) {
      wide += std::string("\xFC\0", 2);
      ++i;
    } else {
      wide += text[i];
      wide += '\0';
    }
  }
  EXPECT_EQ(read(wide).source.name, "Günther");
  EXPECT_EQ(read("\xEF\xBB\xBF" + text).source.name, "Günther");
  const auto latin = "<?xml version='1.0' encoding='ISO-8859-1'?>" +
                     replaced(text, "G\xC3\xBCnther", "G\xFCnther");
  EXPECT_EQ(read(latin).source.name, "Günther");
}

TEST_F(OvfTest, WindowsIsToldByItsOperatingSystemSection) {
  const auto os_type = [&](const std::string &attribute, const std::string &content) {
    return read(replaced(ovf({}), "<VirtualHardwareSection>",
                         "<OperatingSystemSection ovf:id='1'" + attribute + "><Info/>" + content +
                             "</OperatingSystemSection><VirtualHardwareSection>"))
        .source.os_type;
  };
  EXPECT_EQ(os_type(" vmw:osType='windows9Server64Guest' xmlns:vmw='v'", ""), "windows");
  EXPECT_EQ(os_type(" vmw:osType='winXPProGuest' xmlns:vmw='v'", ""), "windows");
  EXPECT_EQ(os_type("", "<v:OSType xmlns:v='v'>Windows2019_64</v:OSType>"), "windows");
  EXPECT_EQ(os_type("", "<Description>Microsoft Windows Server 2016 (64-bit)</Description>"),
            "windows");
  EXPECT_EQ(os_type(" vmw:osType='rhel9_64Guest' xmlns:vmw='v'", ""), "");
  EXPECT_EQ(os_type("", ""), "");
}

TEST_F(OvfTest, ReadsTheEncodingsOfWindows) {
  const auto named = [&](const std::string &encoding, const std::string &name) {
    return read("<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>" +
                replaced(ovf({}), "ovf:id='guest'", "ovf:id='" + name + "'"))
        .source.name;
  };
  EXPECT_EQ(named("windows-1252", "\x80"), "€");
  EXPECT_EQ(named("Shift_JIS", "\x93\xFA\x96\x7B"), "日本");
  EXPECT_EQ(named("GBK", "\xD6\xD0"), "中");
  EXPECT_EQ(named("UTF-16", "Größe"), "Größe");  // it is none, and can be seen to be none
  EXPECT_EQ(named("unheard-of", "Größe"), "Größe");
}

TEST_F(OvfTest, ANameThatIsNoTextIsMadeText) {
  const auto machine = read(replaced(ovf({}), "ovf:id='guest'", "ovf:id='a&#27;[31m\xFF'"));
  EXPECT_EQ(machine.source.name, "a?[31m?");
  EXPECT_THAT(machine.warnings, ElementsAre(HasSubstr("not plain text")));
}

TEST_F(OvfTest, RefusesEntitiesAndDocumentTypes) {
  const std::string bomb =
      "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>";
  EXPECT_ERROR(bad(bomb + ovf({})), Code::corrupt, HasSubstr("document type"));
  EXPECT_ERROR(bad("<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + ovf({})), Code::corrupt,
               HasSubstr("document type"));
  // Without a declaration an entity is only text.
  EXPECT_EQ(read(replaced(ovf({}), "ovf:id='guest'", "ovf:id='&xxe;'")).source.name, "&xxe;");
}

TEST_F(OvfTest, RefusesWhatIsNoOvf) {
  EXPECT_ERROR(bad(""), Code::corrupt, HasSubstr("not XML"));
  EXPECT_ERROR(bad("<Envelope>"), Code::corrupt, HasSubstr("not XML"));
  EXPECT_ERROR(bad("<domain/>"), Code::corrupt, HasSubstr("no Envelope"));
  EXPECT_ERROR(bad("<Envelope/>"), Code::corrupt, HasSubstr("no virtual machine"));
  EXPECT_ERROR(bad("<Envelope><VirtualSystem/></Envelope>"), Code::corrupt,
               HasSubstr("no hardware"));
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  for (int i = 0; i < 100000; ++i) deep += "</a>";
  EXPECT_ERROR(bad("<Envelope>" + deep + "</Envelope>"), Code::corrupt, HasSubstr("nested"));
  EXPECT_ERROR(bad("<Envelope>" + std::string(17 << 20, ' ') + "</Envelope>"), Code::corrupt,
               HasSubstr("bytes"));
}

TEST_F(OvfTest, RefusesMoreHardwareThanAMachineHas) {
  std::string items;
  for (int i = 0; i < 5000; ++i) items += item("<ResourceType>10</ResourceType>");
  EXPECT_ERROR(bad(ovf({}, items)), Code::corrupt, HasSubstr("4096 pieces of hardware"));
}

TEST_F(OvfTest, ManyDisksAndFilesAreLookedUpNotSearched) {
  // 2000 disks at the end of as many as fit: searching for each took minutes.
  std::vector<File> files(2000);
  for (std::size_t i = 0; i < files.size(); ++i) files[i].href = fmt::format("{}.vmdk", i);
  std::string disks, references;
  for (int i = 0; i < 150000; ++i) {
    disks += fmt::format("<Disk ovf:diskId='x{}'/>", i);
    references += fmt::format("<File ovf:id='x{}'/>", i);
  }
  auto text = ovf(files);
  text = replaced(text, "<DiskSection>", "<DiskSection>" + disks);
  text = replaced(text, "<References>", "<References>" + references);
  const auto machine = read(text);
  ASSERT_EQ(machine.disks.size(), 2000u);
  EXPECT_EQ(machine.disks[1999].file->href, "1999.vmdk");
}

TEST_F(OvfTest, TwoDevicesOfOneDiskAreTwoDisks) {
  const auto machine =
      read(replaced(ovf({{"a", ""}, {"b", ""}, {"c", ""}}), "/disk/d1", "/disk/d0"));
  ASSERT_EQ(machine.disks.size(), 3u);
  EXPECT_EQ(machine.disks[0].file->href, "a");
  EXPECT_EQ(machine.disks[1].file->href, "a");
  EXPECT_EQ(machine.disks[2].file->href, "c");
  EXPECT_THAT(machine.warnings, Contains(HasSubstr("ovf:/disk/d0; each gets a copy")));
}

TEST_F(OvfTest, ADiskThatOnlyAnItemDescribesIsBlank) {
  const auto bytes = [](const std::string &content) {
    const auto machine = read(ovf({{"a", ""}}, storage_item(content)));
    EXPECT_EQ(machine.disks.size(), 2u);
    EXPECT_FALSE(machine.disks.back().file);
    EXPECT_EQ(machine.disks.back().id, "Data");
    return machine.disks.back().capacity.value_or(0);
  };
  EXPECT_EQ(bytes("<sasd:AllocationUnits>byte * 2^20</sasd:AllocationUnits>"
                  "<sasd:VirtualQuantity>7</sasd:VirtualQuantity>"),
            7u << 20);
  EXPECT_EQ(bytes("<sasd:VirtualQuantity>4096</sasd:VirtualQuantity>"
                  "<sasd:VirtualQuantityUnits>count</sasd:VirtualQuantityUnits>"
                  "<sasd:VirtualResourceBlockSize>512</sasd:VirtualResourceBlockSize>"),
            2u << 20);
  EXPECT_EQ(bytes("<sasd:VirtualQuantity>1048576</sasd:VirtualQuantity>"), 1u << 20);
}

TEST_F(OvfTest, ADiskOfNoKnownSizeIsRefused) {
  const auto refused = [](const std::string &quantity, const std::string &units) {
    return bad(ovf({}, storage_item("<sasd:AllocationUnits>" + units +
                                    "</sasd:AllocationUnits><sasd:VirtualQuantity>" + quantity +
                                    "</sasd:VirtualQuantity>")));
  };
  for (const auto *quantity : {"", "0", "-1", "many"})
    EXPECT_ERROR(refused(quantity, "byte * 2^20"), Code::corrupt, HasSubstr("\"Data\""),
                 HasSubstr("how large"));
  EXPECT_ERROR(refused("1", "hertz * 10^6"), Code::corrupt, HasSubstr("hertz * 10^6"));
  EXPECT_ERROR(refused("1", "count"), Code::corrupt, HasSubstr("how large"));
  EXPECT_ERROR(refused("9999999", "byte * 2^40"), Code::corrupt, HasSubstr("cannot have 9999999"));
}

TEST_F(OvfTest, ACapacityMayBeAProperty) {
  const std::string section =
      "<ProductSection ovf:class='vm' ovf:instance='1'><Property ovf:key='size' ovf:value='3'/>"
      "</ProductSection><ProductSection><Property ovf:key='size' ovf:value='5'/>"
      "<Property ovf:key='large'><Value ovf:value='9' ovf:configuration='xl'/>"
      "<Value ovf:value='6'/></Property></ProductSection>";
  const auto gibibytes = [&](const std::string &capacity, const std::string &file) {
    return read(with_properties(capacity, section, file)).disks.at(0).capacity.value_or(0) >> 30;
  };
  for (const auto *file : {"", " ovf:fileRef='f0'"}) {
    EXPECT_EQ(gibibytes("${vm.size.1}", file), 3u);
    EXPECT_EQ(gibibytes("${large}", file), 6u);
  }
  const auto configured = replaced(with_properties("${large}", section, ""), "<DiskSection>",
                                   "<DeploymentOptionSection><Configuration ovf:id='xl'/>"
                                   "</DeploymentOptionSection><DiskSection>");
  EXPECT_EQ(*read(configured).disks.at(0).capacity >> 30, 9u);
}

TEST_F(OvfTest, APropertyWithoutANumberIsNamed) {
  const std::string section =
      "<ProductSection><Property ovf:key='unset'/><Property ovf:key='word' ovf:value='big'/>"
      "</ProductSection>";
  EXPECT_ERROR(bad(with_properties("${unset}", section, "")), Code::unsupported,
               HasSubstr("\"d0\""), HasSubstr("\"unset\""), HasSubstr("is missing"));
  EXPECT_ERROR(bad(with_properties("${nowhere}", section, "")), Code::unsupported,
               HasSubstr("\"nowhere\""));
  EXPECT_ERROR(bad(with_properties("${word}", section, "")), Code::unsupported,
               HasSubstr("\"word\""), HasSubstr("\"big\" is no number"));
  // The file says how large the disk is.
  const auto machine = read(with_properties("${unset}", section, " ovf:fileRef='f0'"));
  EXPECT_FALSE(machine.disks.at(0).capacity);
  EXPECT_THAT(machine.warnings, Contains(HasSubstr("${unset}")));
}

TEST_F(OvfTest, StorageExtentsAreTheDisksOfXenServer) {
  const auto extent = [&](const std::string &resource) {
    return read(replaced(replaced(ovf({{"a.vhd", ""}}), "ResourceType>17<", "ResourceType>19<"),
                         "ovf:/disk/d0", resource))
        .disks.size();
  };
  EXPECT_EQ(extent("ovf:/disk/d0"), 1u);
  EXPECT_EQ(extent("a storage repository"), 0u);
}

TEST_F(OvfTest, NumbersThatOverflowAreRefused) {
  const auto memory = [&](const std::string &quantity, const std::string &units) {
    return bad(replaced(ovf({}), "<rasd:VirtualQuantity>512<",
                        "<rasd:AllocationUnits>" + units + "</rasd:AllocationUnits>" +
                            "<rasd:VirtualQuantity>" + quantity + "<"));
  };
  EXPECT_ERROR(memory("18446744073709551615", "MB"), Code::corrupt, HasSubstr("memory"));
  EXPECT_ERROR(memory("17592186044417", "byte * 2^20"), Code::corrupt, HasSubstr("memory"));
  EXPECT_ERROR(
      bad(replaced(ovf({}), "<rasd:VirtualQuantity>2<", "<rasd:VirtualQuantity>4294967298<")),
      Code::corrupt, HasSubstr("4294967298 virtual CPUs"));
  EXPECT_ERROR(bad(ovf({{"a", "",
                         "ovf:capacity='9999999999999999' "
                         "ovf:capacityAllocationUnits='byte * 2^40'"}})),
               Code::corrupt, HasSubstr("cannot have"));
}

TEST_F(OvfTest, CoresThatMakeNoSocketsMakeNoTopology) {
  const auto with_cores = [&](const std::string &cores) {
    return read(
        replaced(ovf({}), "<rasd:VirtualQuantity>2<",
                 "<vmw:CoresPerSocket>" + cores + "</vmw:CoresPerSocket><rasd:VirtualQuantity>2<"));
  };
  EXPECT_EQ(with_cores("2").source.cpu_sockets, 1u);
  for (const auto *none : {"", "0", "000"}) {
    const auto machine = with_cores(none);
    EXPECT_EQ(machine.source.cpu_sockets, 0u) << none;
    EXPECT_THAT(machine.warnings, IsEmpty()) << none;
  }
  for (const auto *wrong : {"3", "-1", "two", "4294967298"}) {
    const auto machine = with_cores(wrong);
    EXPECT_EQ(machine.source.cpu_sockets, 0u) << wrong;
    EXPECT_THAT(machine.warnings, ElementsAre(HasSubstr("no topology"))) << wrong;
  }
}

TEST_F(OvfTest, DanglingReferencesAreNamed) {
  EXPECT_ERROR(bad(replaced(ovf({{"a", ""}}), "ovf:fileRef='f0'", "ovf:fileRef='f9'")),
               Code::corrupt, HasSubstr("\"d0\""), HasSubstr("f9"));
  EXPECT_ERROR(bad(replaced(ovf({{"a", ""}}), "/disk/d0", "/disk/d9")), Code::corrupt,
               HasSubstr("d9"));
  EXPECT_ERROR(bad(replaced(ovf({{"a", ""}}), "ovf:/disk/d0", "/dev/sda")), Code::corrupt,
               HasSubstr("/dev/sda"));
  EXPECT_ERROR(bad(replaced(ovf({{"a", ""}}), "ovf:href='a'", "")), Code::corrupt,
               HasSubstr("no href"));
  EXPECT_ERROR(bad(ovf({{"a", "ovf:compression='bzip2'"}})), Code::unsupported, HasSubstr("bzip2"));
}

TEST_F(OvfTest, OneOfSeveralMachinesIsChosenByNameOrId) {
  const auto machine = [](const std::string &id, const std::string &name) {
    return "<VirtualSystem id='" + id + "'><Name>" + name +
           "</Name><VirtualHardwareSection/></VirtualSystem>";
  };
  const auto text = "<Envelope><VirtualSystemCollection>" + machine("1", "web") +
                    "<VirtualSystemCollection>" + machine("2", "db") +
                    "</VirtualSystemCollection></VirtualSystemCollection></Envelope>";
  EXPECT_ERROR(bad(text), Code::usage, HasSubstr("\"web\", \"db\""), HasSubstr("-io vm=NAME"));
  EXPECT_EQ(read(text, "db").source.name, "db");
  EXPECT_EQ(read(text, "1").source.name, "web");
  EXPECT_ERROR(bad(text, "mail"), Code::usage, HasSubstr("mail"), HasSubstr("\"db\""));
}

TEST_F(OvfTest, DisksWithoutAddressesKeepTheirOrder) {
  EXPECT_EQ(read(ovf({{"z", ""}, {"a", ""}})).disks[0].file->href, "z");
}

TEST_F(OvfTest, DisksOfOneControllerKindAreSortedAmongThemselves) {
  const auto controller = [&](int id, int type, int bus) {
    return item(
        fmt::format("<InstanceID>{}</InstanceID><ResourceType>{}</ResourceType>"
                    "<Address>{}</Address>",
                    id, type, bus));
  };
  const auto disk = [&](const std::string &name, int parent, const std::string &slot) {
    return item(
        fmt::format("<ResourceType>17</ResourceType><HostResource>file/{}</HostResource>"
                    "<Parent>{}</Parent><AddressOnParent>{}</AddressOnParent>",
                    name, parent, slot));
  };
  const auto order = [&](const std::string &disks) {
    std::string references = "<References>";
    for (const auto *name : {"a", "b", "c", "d"})
      references += fmt::format("<File id='{0}' href='{0}'/>", name);
    const auto machine =
        read("<Envelope>" + references + "</References><VirtualSystem><VirtualHardwareSection>" +
             controller(1, 6, 0) + controller(2, 6, 1) + controller(3, 20, 0) + disks +
             "</VirtualHardwareSection></VirtualSystem></Envelope>");
    std::string names;
    for (const auto &each : machine.disks) names += each.id;
    return names;
  };
  EXPECT_EQ(order(disk("a", 1, "1") + disk("b", 3, "0") + disk("c", 1, "0")), "cba");
  EXPECT_EQ(order(disk("a", 2, "0") + disk("b", 1, "15") + disk("c", 1, "2")), "cba");
  EXPECT_EQ(order(disk("a", 1, "1") + disk("b", 1, "") + disk("c", 1, "0")), "abc");
}

TEST(OvfUnits, AreReadInEveryForm) {
  constexpr std::uint64_t mega = 1 << 20;
  for (const auto *unit :
       {"byte * 2^20", "byte*2^20", " bytes * 2 ^ 20 ", "byte*1024*1024", "MB", "MiB", "M",
        "MegaBytes", "megabyte", "mebibytes", "KB * 2^10", "byte * 1048576", "BYTE * 2^20"})
    EXPECT_EQ(unit_bytes(unit), mega) << unit;
  EXPECT_EQ(unit_bytes("byte"), 1u);
  EXPECT_EQ(unit_bytes("GigaBytes"), mega << 10);
  EXPECT_EQ(unit_bytes("byte * 10^6"), 1000000u);
  EXPECT_EQ(unit_bytes("TB"), mega << 20);
  for (const auto *unit :
       {"", "furlong", "hertz * 10^6", "byte *", "byte * 2^", "byte * 2^64", "byte * 2^-3",
        "byte * x", "byte ** 2", "byte * 0", "2^20", "byte * 2^40 * 2^40", "byte / 8", "MBx"})
    EXPECT_EQ(unit_bytes(unit), std::nullopt) << unit;
}

}  // namespace
}  // namespace v2v::test
