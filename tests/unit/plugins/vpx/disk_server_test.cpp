// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// How nbdkit is called. VDDK is VMware's and not to be had here, so a stand-in for nbdkit takes down
// how it was called, and serves a file instead.
#include "../../core/disk/disk_fixture.hpp"
#include "../../refusal.hpp"

#include <disk_server.hpp>
#include <v2v/nbd/nbd_reader.hpp>

#include <cstdlib>

namespace v2v::test {
namespace {

using namespace input_vpx;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

ServerSettings common(unsigned disks) {
  ServerSettings settings;
  settings.uri = parse_vpx_uri("vpx://u@vc/DC");
  settings.run_directory = "/run dir";
  settings.keep_reads_file = "/run dir/keep";
  settings.disks = disks;
  return settings;
}

TEST(HttpsServerTest, OneDiskGetsAllConnections) {
  HttpsDisk disk;
  disk.url = "https://vc/folder/x";
  disk.cookie_file = "/it's/cookie";
  const auto settings = https_settings(common(1), disk);
  EXPECT_EQ(settings.plugin, "curl");
  EXPECT_EQ(settings.password, "");
  EXPECT_THAT(settings.filters, ElementsAre("cow", "retry"));
  EXPECT_THAT(
      settings.parameters,
      ElementsAre("cow-on-read=/run dir/keep", "cow-block-size=262144", "url=https://vc/folder/x",
                  "cookie-script=cat '/it'\\''s/cookie'", "cookie-script-renew=10", "retries=5",
                  "retry-delay=2", "timeout=35", "protocols=https"));
  EXPECT_THAT(settings.environment, Contains(std::pair<std::string, std::string>("no_proxy", "*")));
}

TEST(HttpsServerTest, SeveralDisksGetOneConnectionEach) {
  HttpsDisk disk;
  disk.pools_connections = true;
  const auto several = https_settings(common(2), disk);
  EXPECT_THAT(several.filters, ElementsAre("multi-conn", "cow", "retry"));
  EXPECT_THAT(several.parameters, Contains("multi-conn-mode=disable"));
  EXPECT_THAT(several.parameters, Contains("connections=1"));
  EXPECT_THAT(https_settings(common(1), disk).parameters, Contains("connections=4"));
}

TEST(HttpsServerTest, TheCertificateIsCheckedUnlessTheUriSaysNo) {
  HttpsDisk disk;
  disk.ca_file = "/ca";
  auto settings = common(1);
  EXPECT_THAT(https_settings(settings, disk).parameters, Contains("cainfo=/ca"));
  EXPECT_THAT(https_settings(settings, disk).parameters, Not(Contains("sslverify=false")));
  settings.uri.verify = false;
  EXPECT_THAT(https_settings(settings, disk).parameters, Contains("sslverify=false"));
}

TEST(HttpsServerTest, AParameterIsGivenOnlyToAnNbdkitThatHasIt) {
  EXPECT_FALSE(pools_connections("path=x\nname=curl\nversion=1.32.5\n"));
  EXPECT_TRUE(pools_connections("path=x\nname=curl\nversion=1.34.0\n"));
  EXPECT_TRUE(pools_connections("path=x\nversion=2.0\n"));
  EXPECT_FALSE(pools_connections(""));
}

class VddkTest : public DiskTest {
 protected:
  VddkTest() : path_before_(std::getenv("PATH")) {
    disk_.moref = "vm-42";
    disk_.file = "[ds] g h/g.vmdk";
    disk_.user = "DOM\\u";
    disk_.password = "Tr0ub4dor";
    disk_.thumbprint = "ab:cd";
    ::setenv("PATH", (path("") + ":" + path_before_).c_str(), 1);
  }
  ~VddkTest() override { ::setenv("PATH", path_before_.c_str(), 1); }

  /// A program named nbdkit, first in PATH.
  void stand_in(const std::string &script) {
    write_file(path("nbdkit"), "#!/bin/bash\n" + script);
    std::filesystem::permissions(path("nbdkit"), std::filesystem::perms::owner_all);
  }
  nbd::Nbdkit::Settings settings() { return vddk_settings(common(1), disk_, options_); }
  std::unique_ptr<nbd::Nbdkit> start() {
    return std::make_unique<nbd::Nbdkit>(settings(), path("base"), [] {});
  }

  std::string path_before_;
  VddkDisk disk_;
  Options options_;
};

TEST_F(VddkTest, TheDiskIsNamedAndThePasswordIsNot) {
  EXPECT_THAT(settings().filters, ElementsAre("multi-conn", "cow", "retry"));
  EXPECT_THAT(settings().parameters,
              ElementsAre("cow-on-read=/run dir/keep", "cow-block-size=262144", "server=vc",
                          "vm=moref=vm-42", "file=[ds] g h/g.vmdk", "user=DOM\\u",
                          "thumbprint=ab:cd", "multi-conn-mode=disable"));
}

TEST_F(VddkTest, OptionsOfTheUserAreHandedOn) {
  for (const char *name :
       {"libdir", "config", "compression", "nfchostport", "port", "snapshot", "transports"}) {
    options_ = {};
    options_.add(std::string("vddk-") + name, "value");
    EXPECT_THAT(settings().parameters, Contains(std::string(name) + "=value"));
  }
}

TEST_F(VddkTest, ThePortOfTheUriIsUsedUnlessAnOptionGivesOne) {
  auto other = common(1);
  other.uri.port = 8443;
  EXPECT_THAT(vddk_settings(other, disk_, options_).parameters, Contains("port=8443"));
  options_.add("vddk-port", "902");
  EXPECT_THAT(vddk_settings(other, disk_, options_).parameters, Contains("port=902"));
  EXPECT_THAT(vddk_settings(other, disk_, options_).parameters, Not(Contains("port=8443")));
}

TEST_F(VddkTest, TheStandInGetsThePasswordAndServesTheDisk) {
  make_raw("disk.raw", mebibyte);
  stand_in("printf '%s\\n' \"$@\" >'" + path("argv") +
           "'\n"
           "for word; do case $word in\n"
           "  password=+*) read -r line <\"${word#password=+}\"; echo \"$line\" >'" +
           path("password") +
           "' ;;\n"
           "  --filter=*|multi-conn-mode=*|cow-*|server=*|vm=*|file=*|user=*|thumbprint=*) ;;\n"
           "  vddk) kept+=(file '" +
           path("disk.raw") +
           "') ;;\n"
           "  *) kept+=(\"$word\") ;;\n"
           "esac; done\n"
           "PATH=${PATH#*:}; exec nbdkit \"${kept[@]}\"\n");
  const auto server = start();
  EXPECT_EQ(nbd::NbdReader(server->socket(), "disk", [] {}).size(),
            std::filesystem::file_size(path("disk.raw")));
  EXPECT_EQ(read_file(path("password")), "Tr0ub4dor\n");
  const auto argv = read_file(path("argv"));
  EXPECT_THAT(argv, HasSubstr("\nvddk\n"));
  EXPECT_THAT(argv, HasSubstr("\nvm=moref=vm-42\n"));
  EXPECT_THAT(argv, Not(HasSubstr("Tr0ub4dor")));
}

TEST_F(VddkTest, TheRateIsLimitedNextToThePlugin) {
  make_raw("disk.raw", mebibyte);
  stand_in("printf '%s\\n' \"$@\" >'" + path("argv") + "'; PATH=${PATH#*:}; exec nbdkit \"$@\"\n");
  options_.add("bandwidth", "80M");
  options_.add("bandwidth-file", path("not there yet"));
  nbd::Nbdkit::Settings limited;
  limited.filters = {"retry"};
  limited.plugin = "file";
  limited.parameters = {path("disk.raw")};
  limited.limit = nbd::rate_limit(options_);
  const nbd::Nbdkit server(limited, path("base"), [] {});
  EXPECT_EQ(nbd::NbdReader(server.socket(), "disk", [] {}).size(),
            std::filesystem::file_size(path("disk.raw")));
  EXPECT_THAT(read_file(path("argv")), HasSubstr("\n--filter=retry\n--filter=rate\nfile\n"));
  EXPECT_THAT(read_file(path("argv")),
              HasSubstr("\nrate=80M\nrate-file=" + path("not there yet") + "\n"));
  auto other = common(1);
  EXPECT_TRUE(vddk_settings(other, disk_, {}).limit.rate.empty());
  other.limit = limited.limit;
  EXPECT_EQ(vddk_settings(other, disk_, {}).limit.rate, "80M");
}

TEST_F(VddkTest, TheLibraryThatIsMissingIsCalledByItsName) {
  stand_in(
      "echo 'nbdkit: error: libvixDiskLib.so.8: cannot open shared object file' >&2; exit 1\n");
  const auto error = error_of([this] { explain_vddk(error_of([this] { start(); })); });
  EXPECT_EQ(error.code(), Code::not_found);
  EXPECT_THAT(error.what(), HasSubstr("VDDK, is not found"));
  EXPECT_THAT(error.remedy(), HasSubstr("-io vddk-libdir="));
}

TEST_F(VddkTest, OtherFailuresKeepTheirReason) {
  stand_in("echo 'nbdkit: error: VixDiskLib_ConnectEx: no such host' >&2; exit 1\n");
  const auto error = error_of([this] { explain_vddk(error_of([this] { start(); })); });
  EXPECT_THAT(error.what(), HasSubstr("VixDiskLib_ConnectEx: no such host"));
  EXPECT_EQ(error.object(), "-it vddk");
}

TEST_F(VddkTest, APluginThatIsMissingHasNoDescription) {
  stand_in("[ \"$1 $2\" = '--dump-plugin vddk' ] || exit 3; echo 'cannot find it' >&2; exit 1\n");
  EXPECT_EQ(nbd::Nbdkit::describe("vddk", "what", "object"), "");
  stand_in("echo name=vddk\n");
  EXPECT_EQ(nbd::Nbdkit::describe("vddk", "what", "object"), "name=vddk\n");
}

}  // namespace
}  // namespace v2v::test
