// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The output "libvirt" through its class, with libvirt's own test driver: a real libvirt but for the
// hypervisor, whose domains, pools and volumes are in this process. tests/e2e/libvirt.sh has the rest.
#include "../output_fixture.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <libvirt_output.hpp>
#include <networks.hpp>
#include <records.hpp>

namespace v2v::test {
namespace {

using namespace output_libvirt;
using libvirt_client::Connection;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char *test_uri = "test:///default";

/// A guest as the test driver runs it.
Metadata test_guest(unsigned disks = 1) {
  auto guest = debian_guest(disks);
  guest.caps.arch = "i686";
  guest.caps.machine = Machine::i440fx;
  for (auto &disk : guest.source.disks) disk.location = {Location::Type::file, "/x", "raw"};
  return guest;
}

class LibvirtOutputTest : public ::testing::Test {
 protected:
  LibvirtOutputTest() : connection_(test_uri, {}) {
    table_.size = sizeof table_;
    table_.context = this;
    table_.log = [](const v2v_host *host, std::int32_t level, const char *message) {
      if (level == V2V_LOG_WARNING) self(host).warnings_.emplace_back(message);
    };
    table_.cancelled = [](const v2v_host *) { return 0; };
    table_.journal = [](const v2v_host *host, const char *record) -> v2v_status {
      self(host).records_.emplace_back(record);
      return V2V_OK;
    };
    make_pool("dir");
  }
  ~LibvirtOutputTest() override {
    output_.reset();
    for (const auto &pool : pools_) virStoragePoolDestroy(pool.get());
    if (const auto guest = connection_.find_domain("debian12")) virDomainUndefine(guest.get());
  }
  static LibvirtOutputTest &self(const v2v_host *host) {
    return *static_cast<LibvirtOutputTest *>(host->context);
  }

  /// A started pool of this type, called after it, in the test's directory.
  void make_pool(const std::string &type) {
    const auto xml = "<pool type='" + type + "'><name>" + type + "</name><source><name>" + type +
                     "</name><device path='/dev/null'/><adapter name='host0'/></source>"
                     "<target><path>" +
                     directory_.path().string() + "</path></target></pool>";
    pools_.emplace_back(virStoragePoolCreateXML(connection_.get(), xml.c_str(), 0));
    ASSERT_TRUE(pools_.back()) << libvirt_client::last_error("pool", type).what();
  }
  LibvirtOutput &open(const std::string &storage = "dir", const std::string &format = "") {
    OutputRequest request;
    request.connection = test_uri;
    request.storage = storage;
    request.format = format;
    output_.emplace(Host(&table_), request);
    return *output_;
  }
  void abort() {
    output_.reset();
    LibvirtOutput::abort(Host(&table_), records_);
  }
  std::string defined_xml(const std::string &name = "debian12") const {
    const auto guest = connection_.find_domain(name);
    return guest ? libvirt_client::taken(virDomainGetXMLDesc(guest.get(), 0)) : "";
  }
  std::vector<std::string> names() const { return names_in(directory_.path()); }

  const TemporaryDirectory directory_;
  v2v_host table_ = {};
  std::vector<std::string> warnings_, records_;
  Connection connection_;
  std::vector<libvirt_client::PoolHandle> pools_;
  std::optional<LibvirtOutput> output_;
};

TEST_F(LibvirtOutputTest, DisksAndGuestAppearAtCommit) {
  const auto guest = test_guest(2);
  auto &output = open();
  EXPECT_EQ(output.describe().destination, "-o libvirt -os dir");
  EXPECT_EQ(output.describe().modes, mode_bit(Target::Mode::host_writes));
  output.precheck(guest);
  const auto targets = output.prepare(guest);
  ASSERT_EQ(targets.size(), 2u);
  EXPECT_EQ(targets[0].display_name, (directory_ / "debian12-sda").string());
  // The one definition that was tried has gone, and nothing has its final name.
  EXPECT_EQ(defined_xml(), "");
  EXPECT_THAT(names(), ElementsAre(::testing::StartsWith(".v2v-")));
  write_file(targets[0].location->path, "first disk");
  output.commit(guest);
  EXPECT_THAT(names(), ElementsAre("debian12-sda", "debian12-sdb"));
  EXPECT_EQ(read_file(directory_ / "debian12-sda"), "first disk");
  EXPECT_THAT(defined_xml(), AllOf(HasSubstr("<source pool='dir' volume='debian12-sda'/>"),
                                   HasSubstr("<source pool='dir' volume='debian12-sdb'/>"),
                                   HasSubstr("<mac address='00:11:22:33:44:55'/>"),
                                   HasSubstr("<domain type='test'")));
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(LibvirtOutputTest, AbortTakesEverythingBackAndCanBeRepeated) {
  const auto guest = test_guest();
  auto &output = open();
  output.precheck(guest);
  output.prepare(guest);
  output.commit(guest);
  EXPECT_NE(defined_xml(), "");
  for (int i = 0; i < 2; ++i) {
    abort();
    EXPECT_EQ(defined_xml(), "");
    EXPECT_THAT(names(), IsEmpty());
  }
}

TEST_F(LibvirtOutputTest, AbortLeavesTheGuestOfSomebodyElse) {
  const auto guest = test_guest();
  auto &output = open();
  output.precheck(guest);
  output.prepare(guest);
  const libvirt_client::DomainHandle other(virDomainDefineXML(
      connection_.get(),
      "<domain type='test'><name>debian12</name><memory>1024</memory><os><type>hvm</type></os>"
      "</domain>"));
  ASSERT_TRUE(other);
  const auto error = error_of([&] { output.commit(guest); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), AllOf(HasSubstr("debian12"), HasSubstr("does not accept the guest")));
  abort();
  EXPECT_NE(defined_xml(), "");
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(LibvirtOutputTest, WhatIsThereAlreadyIsRefused) {
  write_file(directory_ / "debian12-sda", "somebody's");
  auto error = error_of([&] { open().precheck(test_guest()); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::exists);
  EXPECT_THAT(error->what(), AllOf(HasSubstr("debian12-sda"), Not(HasSubstr("overwrite"))));
  auto guest = test_guest();
  guest.name = "test";  // the test driver has it
  error = error_of([&] { open().precheck(guest); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::exists);
  EXPECT_THAT(error->what(), HasSubstr("a guest of this name"));
}

TEST_F(LibvirtOutputTest, PoolsThatCannotBeUsedAreNamed) {
  make_pool("scsi");
  const auto refusal = [&](const std::string &pool, const std::string &format = "") {
    const auto error = error_of([&] { open(pool, format); });
    return error ? error->what() : std::string("opened");
  };
  EXPECT_THAT(refusal("none"),
              AllOf(HasSubstr("none"), HasSubstr("'default-pool', 'dir', 'scsi'")));
  EXPECT_THAT(refusal("scsi"), AllOf(HasSubstr("of type \"scsi\""), HasSubstr("-os")));
  EXPECT_THAT(refusal("dir", "vmdk"), HasSubstr("vmdk"));
  const auto pool = connection_.find_pool("dir");
  std::array<char, VIR_UUID_STRING_BUFLEN> uuid{};
  virStoragePoolGetUUIDString(pool.get(), uuid.data());
  EXPECT_EQ(refusal(uuid.data()), "opened");
}

TEST_F(LibvirtOutputTest, APoolOfDevicesGetsVolumes) {
  make_pool("disk");
  // What stands for the device. The test driver makes none.
  write_file(directory_ / "debian12-sda", std::string(1 << 20, 'x'));
  const auto guest = test_guest();
  auto &output = open("disk");
  output.precheck(guest);
  const auto targets = output.prepare(guest);
  ASSERT_EQ(targets.size(), 1u);
  EXPECT_EQ(targets[0].mode, Target::Mode::host_writes);
  EXPECT_EQ(targets[0].location->path, (directory_ / "debian12-sda").string());
  EXPECT_EQ(targets[0].location->format, "raw");
  EXPECT_FALSE(targets[0].reads_as_zero);
  EXPECT_EQ(targets[0].display_name, "disk/debian12-sda");
  output.commit(guest);
  EXPECT_THAT(defined_xml(), HasSubstr("<source pool='disk' volume='debian12-sda'/>"));

  // A second one of the name is refused, and the first one is left alone.
  auto second = guest;
  virDomainUndefine(connection_.find_domain("debian12").get());
  const auto error = error_of([&] { open("disk").precheck(second); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("disk/debian12-sda"));

  abort();
  const auto pool = connection_.find_pool("disk");
  EXPECT_EQ(virStoragePoolNumOfVolumes(pool.get()), 0);
}

TEST_F(LibvirtOutputTest, AVolumeThatIsTooSmallOrMissingIsTold) {
  make_pool("logical");
  const auto guest = test_guest();
  auto &output = open("logical");
  output.precheck(guest);
  auto error = error_of([&] { output.prepare(guest); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("cannot open the volume's device"));
  abort();
  EXPECT_EQ(virStoragePoolNumOfVolumes(connection_.find_pool("logical").get()), 0);
}

TEST_F(LibvirtOutputTest, AVolumeOfSomebodyElseIsNeverRemoved) {
  make_pool("logical");
  const auto pool = connection_.find_pool("logical");
  const libvirt_client::VolumeHandle volume(virStorageVolCreateXML(
      pool.get(), "<volume><name>v</name><capacity>1024</capacity></volume>", 0));
  ASSERT_TRUE(volume);
  undo({volume_record(test_uri, "logical", "v"), not_ours_record("logical", "v")});
  EXPECT_EQ(virStoragePoolNumOfVolumes(pool.get()), 1);
  undo({"no JSON", "[]", R"({"op":"other"})", volume_record(test_uri, "logical", "w")});
  EXPECT_EQ(virStoragePoolNumOfVolumes(pool.get()), 1);
  undo({volume_record(test_uri, "logical", "v")});
  EXPECT_EQ(virStoragePoolNumOfVolumes(pool.get()), 0);
}

TEST_F(LibvirtOutputTest, DisksThatDoNotFitAreRefused) {
  make_pool("logical");
  auto guest = test_guest();
  guest.disks[0].virtual_size = std::uint64_t{1} << 50;
  const auto error = error_of([&] { open("logical").precheck(guest); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::no_space);
  EXPECT_THAT(error->what(), AllOf(HasSubstr("1.0 PiB"), HasSubstr("100.0 GiB")));
}

TEST_F(LibvirtOutputTest, AnUnreachableLibvirtStillLosesItsFiles) {
  const auto guest = test_guest();
  auto &output = open();
  output.prepare(guest);
  output_.reset();
  EXPECT_FALSE(names().empty());
  const auto gone = domain_record("qemu:///system?socket=/nonexistent/socket", "u");
  undo({gone, undefined_record("u")});
  records_.push_back(gone);
  const auto error = error_of([&] { undo(records_); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("cannot connect to libvirt"));
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(LibvirtOutputTest, NetworksThatAreNotThereAreWarnedAboutOnce) {
  auto guest = test_guest();
  guest.source.nics.push_back({Nic::Type::network, "", "VM Network", "", {}});
  guest.source.nics.push_back({Nic::Type::network, "", "VM Network", "", {}});
  guest.source.nics.push_back({Nic::Type::bridge, "", "br-none", "", {}});
  auto &output = open();
  output.precheck(guest);
  output.precheck(guest);
  EXPECT_THAT(warnings_, ElementsAre(AllOf(HasSubstr("\"VM Network\""), HasSubstr("'default'"),
                                           HasSubstr("--network")),
                                     AllOf(HasSubstr("\"br-none\""), HasSubstr("--bridge"))));
}

const char *const capabilities = R"(
<capabilities>
  <guest><os_type>hvm</os_type><arch name='x86_64'><domain type='qemu'/><domain type='kvm'/></arch>
    <features><acpi default='on' toggle='yes'/><apic/><cpuselection/></features></guest>
  <guest><os_type>hvm</os_type><arch name='aarch64'><domain type='qemu'/></arch></guest>
  <guest><os_type>xen</os_type><arch name='i686'><domain type='xen'/></arch></guest>
</capabilities>)";

TEST(TargetHostTest, KvmIsBetterThanEmulation) {
  const auto x86 = read_capabilities(capabilities, "x86_64");
  ASSERT_TRUE(x86);
  EXPECT_EQ(x86->type, "kvm");
  EXPECT_THAT(x86->features, ElementsAre("acpi", "apic", "cpuselection"));
  const auto arm = read_capabilities(capabilities, "aarch64");
  ASSERT_TRUE(arm);
  EXPECT_EQ(arm->type, "qemu");
  EXPECT_THAT(arm->features, IsEmpty());
  EXPECT_FALSE(read_capabilities(capabilities, "i686"));
}

TEST(TargetHostTest, AGuestGetsOnlyWhatTheTargetOffers) {
  TargetHost host;
  std::vector<std::string> warnings;
  const auto warn = [&](const std::string &text) { warnings.push_back(text); };
  auto guest = debian_guest();
  guest.firmware = Firmware::uefi;
  guest.source.secure_boot = guest.source.tpm = true;
  guest.caps.virtio_socket = true;
  // Nothing is known: everything is tried.
  EXPECT_TRUE(fitted(guest, host, warn).caps.virtio_socket);
  EXPECT_TRUE(machine::wants_secure_boot(fitted(guest, host, warn)));
  EXPECT_THAT(warnings, IsEmpty());

  read_domain_capabilities(
      "<domainCapabilities><os><enum name='firmware'><value>efi</value></enum><loader>"
      "<enum name='secure'><value>no</value></enum></loader></os><devices><tpm supported='yes'>"
      "<enum name='backendModel'><value>passthrough</value></enum></tpm>"
      "<disk><enum name='diskDevice'><value>disk</value></enum></disk></devices>"
      "</domainCapabilities>",
      host);
  EXPECT_FALSE(host.features.floppy);
  host.vsock = false;
  const auto less = fitted(guest, host, warn);
  EXPECT_FALSE(machine::wants_secure_boot(less));
  EXPECT_FALSE(less.source.tpm.value_or(true));
  EXPECT_FALSE(less.caps.virtio_socket);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("Secure Boot"), HasSubstr("swtpm")));

  read_domain_capabilities(
      "<domainCapabilities><os><enum name='firmware'/></os></domainCapabilities>", host);
  const auto error = error_of([&] { fitted(guest, host, warn); });
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("ovmf"));
}

}  // namespace
}  // namespace v2v::test
