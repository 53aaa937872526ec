// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Network configurations of real guests, and what is written to keep their names.
#include "network_scan.hpp"
#include "system_fixture.hpp"

#include <v2v/linux/network.hpp>

using namespace v2v;
using namespace v2v::linux;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

namespace {

constexpr char kA[] = "00:50:56:aa:bb:01", kB[] = "00:50:56:aa:bb:02";

class NetworkTest : public SystemTest {
 protected:
  NetworkTest() {
    guest.write("/lib/udev/rules.d/80-net-setup-link.rules",
                "IMPORT{builtin}=\"net_setup_link\"\n");
  }
  NetworkResult keep(std::initializer_list<const char *> macs, const std::string &arguments = {},
                     NetBus bus = NetBus::virtio) {
    return keep_network_names(guest, source_with_macs(macs), bus, arguments, log);
  }
  std::vector<std::string> pinned(std::initializer_list<const char *> macs) {
    std::vector<std::string> result;
    for (const auto &pin : keep(macs).pins) result.push_back(pin.name + "=" + pin.mac);
    return result;
  }
  static std::string is(const char *name, const char *mac) { return std::string(name) + "=" + mac; }
};

TEST_F(NetworkTest, DebianWithIfupdown) {
  guest.write("/etc/network/interfaces",
              "# The loopback network interface\nsource /etc/network/interfaces.d/*\n"
              "auto lo\niface lo inet loopback\n\nauto ens192\niface ens192 inet static\n"
              "    address 10.0.2.77/24\n    gateway 10.0.2.2\niface ens192 inet6 auto\n");
  const auto result = keep({kA});
  EXPECT_THAT(result.initramfs_files, ElementsAre("/etc/systemd/network/10-v2v-ens192.link"));
  EXPECT_THAT(
      guest.read("/etc/systemd/network/10-v2v-ens192.link"),
      HasSubstr(std::string("[Match]\nMACAddress=") + kA + "\nPath=*\n\n[Link]\nName=ens192\n"));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(NetworkTest, UnknownAddressGoesByTheNewDriver) {
  guest.write("/etc/network/interfaces", "iface ens192 inet dhcp\n");
  keep({""});
  EXPECT_THAT(guest.read("/etc/systemd/network/10-v2v-ens192.link"),
              HasSubstr("[Match]\nDriver=virtio_net\n"));
  keep({""}, "", NetBus::e1000);
  EXPECT_THAT(guest.read("/etc/systemd/network/10-v2v-ens192.link"), HasSubstr("Driver=e1000\n"));
}

TEST_F(NetworkTest, IfupdownSourcesBridgesBondsAndVlans) {
  guest.write("/etc/network/interfaces",
              "source interfaces.d/*.cfg\nsource-directory more\nsource /etc/network/interfaces\n"
              "iface br0 inet dhcp\n  bridge_ports ens160 none\n"
              "iface bond0 inet manual\n  bond-slaves none\n  bond-mode 1\n"
              "iface vlan7 inet manual\n  vlan-raw-device \\\n    ens161\n"
              "iface tun0 inet tunnel\n  mode gre\n");
  guest.write("/etc/network/interfaces.d/a.cfg",
              "iface ens192 inet manual\n hwaddress ether 00:50:56:AA:BB:02\n");
  guest.write("/etc/network/interfaces.d/a.cfg.bak", "iface ens999 inet manual\n");
  guest.write("/etc/network/more/b", "iface ens224:0 inet manual\n");
  guest.write("/etc/network/more/b.dpkg-old", "iface ens998 inet manual\n");
  NetworkScan scan;
  scan_ifupdown(guest, scan, log);
  EXPECT_THAT(scan.names(),
              ElementsAre(Key("ens160"), Key("ens161"), Key("ens192"), Key("ens224")));
  EXPECT_EQ(scan.names().at("ens192").mac, kB);
}

TEST_F(NetworkTest, UbuntuWithNetplan) {
  guest.write("/etc/netplan/00-installer-config.yaml",
              "# This is the network config written by 'subiquity'\nnetwork:\n  ethernets:\n"
              "    ens160:\n      addresses:\n      - 10.0.2.77/24\n      routes:\n"
              "      - to: default\n        via: 10.0.2.2\n    \"ens192\": {dhcp4: true}\n"
              "  vlans:\n    vlan5: {id: 5, link: ens160}\n  version: 2\n");
  EXPECT_THAT(pinned({kA, kB}), ElementsAre(is("ens160", kA), is("ens192", kB)));
}

TEST_F(NetworkTest, NetplanThatMatchesByAddressNeedsNothing) {
  guest.write("/etc/netplan/50-cloud-init.yaml",
              std::string("network: {version: 2, ethernets: {ens192: {match: {macaddress: '") + kA +
                  "'}, set-name: ens192, dhcp4: true}}}\n");
  EXPECT_THAT(pinned({kA}), IsEmpty());
  EXPECT_THAT(warnings, IsEmpty());
  keep({""});
  EXPECT_THAT(warnings, Not(IsEmpty()));
}

TEST_F(NetworkTest, NameAndAddressInOneMatchBothHaveToFit) {
  guest.write("/etc/netplan/1.yaml",
              std::string("network: {ethernets: {a: {match: {macaddress: '") + kA +
                  "', name: ens192}}}}\n");
  guest.write("/etc/systemd/network/b.network",
              std::string("[Match]\nMACAddress=") + kB + "\nName=ens224\n");
  EXPECT_THAT(pinned({kA, kB}), ElementsAre(is("ens192", kA), is("ens224", kB)));
}

TEST_F(NetworkTest, NetplanFilesAreMergedAndOtherMatchesUnderstood) {
  guest.write("/etc/netplan/1.yaml",
              "network:\n  ethernets:\n    a: {match: {name: ens192}}\n    b:\n      match:\n"
              "        driver: [vmxnet3]\n    c: {dhcp4: yes}\n");
  guest.write("/etc/netplan/2.yaml", std::string("network:\n  ethernets:\n    c:\n      match:\n"
                                                 "        macaddress: ") +
                                         kB + "\n");
  EXPECT_THAT(pinned({kA, kB}), ElementsAre(is("ens192", kA)));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("driver \"vmxnet3\"")));
}

TEST_F(NetworkTest, DriversThatTheNewCardsHaveAsWell) {
  guest.write("/etc/netplan/1.yaml",
              "network: {ethernets: {a: {match: {driver: [vmxnet3, virtio_net]}}, "
              "b: {match: {driver: 'virtio*'}}}}\n");
  guest.write("/etc/systemd/network/b.network", "[Match]\nDriver=e1000 virtio_net\nPath=*\n");
  guest.write("/etc/systemd/network/c.network", "[Match]\nDriver=!vmxnet3\n");
  EXPECT_THAT(pinned({kA}), IsEmpty());
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(NetworkTest, BrokenNetplanIsAWarningAndTheOthersCount) {
  guest.write("/etc/netplan/1.yaml", "network:\n\t- : [\n");
  guest.write("/etc/netplan/2.yaml", "network: {ethernets: {ens192: {}}}\n");
  guest.write("/etc/netplan/3.yaml", "network: [ethernets]\n");
  guest.write("/etc/netplan/4.yaml", std::string(100000, '['));
  guest.write("/etc/netplan/5.yaml", "");
  EXPECT_THAT(pinned({kA}), ElementsAre(is("ens192", kA)));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("/etc/netplan/1.yaml cannot be read"),
                                    HasSubstr("/etc/netplan/4.yaml cannot be read")));
}

TEST_F(NetworkTest, NetworkManagerKeyfiles) {
  const std::string directory = "/etc/NetworkManager/system-connections/";
  guest.write(directory + "Wired connection 1.nmconnection",
              "[connection]\nid=Wired\ntype=ethernet\ninterface-name=ens192\n[ipv4]\n"
              "address1=10.0.2.77/24,10.0.2.2\n");
  guest.write(directory + "second",
              "[connection]\ntype=802-3-ethernet\ninterface-name=ens160\n[802-3-ethernet]\n"
              "mac-address=00:50:56:AA:BB:01\n");
  guest.write(directory + "bond", "[connection]\ntype=bond\ninterface-name=ens777\n");
  guest.write(directory + "vlan",
              "[connection]\ntype=vlan\ninterface-name=ens192.5\n[vlan]\nparent=ens192\n");
  guest.write(directory + "wifi", "[connection]\ntype=wifi\ninterface-name=wlp2s0\n");
  EXPECT_THAT(pinned({kA, kB}), ElementsAre(is("ens160", kA), is("ens192", kB)));
}

TEST_F(NetworkTest, NetworkManagerParentsOfVirtualInterfaces) {
  const std::string directory = "/etc/NetworkManager/system-connections/";
  guest.write(directory + "macvlan", "[connection]\ntype=macvlan\n[macvlan]\nparent=ens160\n");
  guest.write(directory + "pppoe",
              "[connection]\ntype=pppoe\ninterface-name=ppp0\n[pppoe]\nparent=ens192\n");
  EXPECT_THAT(pinned({kA, kB}), ElementsAre(is("ens160", kA), is("ens192", kB)));
}

TEST_F(NetworkTest, SystemdNetworkd) {
  guest.write("/etc/systemd/network/a.network", "[Match]\nName=lan0\nName=!ens5\n");
  guest.write("/etc/systemd/network/b.network", "[Match]\nPath=pci-0000:03:00.0\n");
  guest.write("/etc/systemd/network/c.network", "[Match]\nName=br0\n");
  guest.write("/etc/systemd/network/br0.netdev", "[NetDev]\nName=br0\nKind=bridge\n");
  guest.write("/etc/systemd/network/lan.link",
              "[Match]\nPath=pci-0000:0b:00.0\n[Link]\nName=lan0\n");
  EXPECT_THAT(pinned({kA}), ElementsAre(is("lan0", kA)));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("b.network matches network cards by path")));
}

TEST_F(NetworkTest, ExistingRulesByAddressNeedNothing) {
  guest.write("/etc/network/interfaces", "iface ens192 inet dhcp\niface lan0 inet dhcp\n");
  guest.write("/etc/systemd/network/10-x.link",
              std::string("[Match]\nMACAddress=") + kA + "\n[Link]\nName=ens192\n");
  guest.write("/etc/udev/rules.d/70-persistent-net.rules",
              std::string("# PCI device\nSUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", "
                          "ATTR{address}==\"") +
                  kB + "\", KERNEL==\"eth*\", NAME=\"lan0\"\n");
  EXPECT_THAT(pinned({kA, kB}), IsEmpty());
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(NetworkTest, RulesThatAlsoAskForTheOldDriver) {
  guest.write("/etc/network/interfaces", "iface lan0 inet dhcp\n");
  guest.write("/etc/udev/rules.d/70-persistent-net.rules",
              std::string("SUBSYSTEM==\"net\", DRIVERS==\"vmxnet3\", ATTR{address}==\"") + kA +
                  "\", NAME=\"lan0\"\n");
  EXPECT_THAT(pinned({kA}), ElementsAre(is("lan0", kA)));
  // Rules of older udev.
  guest.write("/etc/udev/rules.d/70-persistent-net.rules",
              std::string("SUBSYSTEM==\"net\", DRIVERS==\"?*\", ATTRS{address}==\"") + kA +
                  "\", NAME=\"ens192\"\n");
  guest.write("/etc/network/interfaces", "iface ens192 inet dhcp\n");
  guest.remove("/etc/systemd/network/10-v2v-lan0.link");
  EXPECT_THAT(pinned({kA}), IsEmpty());
}

TEST_F(NetworkTest, NetIfnames0KeepsEth0) {
  guest.write("/etc/network/interfaces", "iface eth0 inet dhcp\n");
  EXPECT_THAT(keep({kA}, "ro net.ifnames=0 biosdevname=0").pins, IsEmpty());
  EXPECT_EQ(keep({kA}, "ro").pins.size(), 1u);
}

TEST_F(NetworkTest, MaskedLinkFileKeepsEth0) {
  guest.write("/etc/network/interfaces", "iface eth0 inet dhcp\n");
  guest.symlink("/dev/null", "/etc/systemd/network/99-default.link");
  EXPECT_THAT(keep({kA}).pins, IsEmpty());
}

TEST_F(NetworkTest, OldUdevGetsARule) {
  guest.remove("/lib/udev/rules.d/80-net-setup-link.rules");
  guest.write("/etc/network/interfaces", "iface lan0 inet dhcp\n");
  guest.write("/etc/udev/rules.d/70-persistent-net.rules",
              "SUBSYSTEM==\"net\", KERNELS==\"0000:03:00.0\", NAME=\"lan0\"");
  const auto result = keep({kA});
  EXPECT_THAT(result.initramfs_files, ElementsAre("/etc/udev/rules.d/70-persistent-net.rules"));
  EXPECT_THAT(guest.read("/etc/udev/rules.d/70-persistent-net.rules"),
              HasSubstr(std::string("NAME=\"lan0\"\n# Written by v2v at the conversion to KVM: the "
                                    "names that the configuration uses.\n"
                                    "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", "
                                    "ATTR{address}==\"") +
                        kA + "\", ATTR{type}==\"1\", NAME=\"lan0\"\n"));
}

TEST_F(NetworkTest, Debian8AsksForPredictableNames) {
  guest.write("/lib/udev/rules.d/80-net-setup-link.rules",
              "IMPORT{cmdline}=\"net.ifnames\"\nENV{net.ifnames}!=\"1\", GOTO=\"end\"\n");
  guest.write("/etc/network/interfaces", "iface eth0 inet dhcp\n");
  EXPECT_THAT(keep({kA}).pins, IsEmpty());
  guest.write("/etc/network/interfaces", "iface ens192 inet dhcp\n");
  EXPECT_THAT(keep({kA}, "net.ifnames=1").initramfs_files,
              ElementsAre("/etc/systemd/network/10-v2v-ens192.link"));
}

TEST_F(NetworkTest, HostileNamesGetNowhere) {
  guest.write("/etc/network/interfaces",
              "iface ../../etc/passwd inet dhcp\niface en$(id) inet dhcp\niface\n"
              "iface enthisnameismuchtoolong inet dhcp\niface en\"x inet dhcp\n"
              "source /*/*/x\nsource\nsource-directory\n bridge_ports en0\n");
  EXPECT_THAT(keep({kA}).pins, IsEmpty());
  EXPECT_THAT(guest.list("/etc/systemd/network"), IsEmpty());
}

TEST(NormalMac, TakesThePersonsSpellings) {
  EXPECT_EQ(normal_mac("00-50-56-AA-bb-01"), kA);
  EXPECT_EQ(normal_mac(" 0050.56aa.bb01 "), kA);
  EXPECT_EQ(normal_mac("00:50:56:aa:bb"), "");
  EXPECT_EQ(normal_mac("random"), "");
  EXPECT_EQ(normal_mac(""), "");
}

TEST_F(NetworkTest, RedHatsIfcfgFiles) {
  const std::string directory = "/etc/sysconfig/network-scripts/";
  guest.write(directory + "ifcfg-lo", "DEVICE=lo\nIPADDR=127.0.0.1\n");
  guest.write(
      directory + "ifcfg-ens192",
      std::string("DEVICE=ens192\nHWADDR=\"00:50:56:AA:BB:02\"\n") + "MASTER=bond0\nSLAVE=yes\n");
  guest.write(directory + "ifcfg-ens224", "TYPE=Ethernet\nDEVICE='ens224'\nMASTER=bond0\n");
  guest.write(directory + "ifcfg-ens224.rpmsave", "DEVICE=ens256\n");
  guest.write(directory + "ifcfg-bond0", "DEVICE=bond0\nBONDING_OPTS='mode=1'\nBRIDGE=br0\n");
  guest.write(directory + "ifcfg-br0", "DEVICE=br0\nTYPE=Bridge\n");
  guest.write(directory + "ifcfg-bond0.7", "DEVICE=bond0.7\nVLAN=yes\nONBOOT=yes\n");
  EXPECT_THAT(pinned({kA, kB}), testing::UnorderedElementsAre(is("ens192", kB), is("ens224", kA)));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST_F(NetworkTest, SusesIfcfgFilesAreNamedAfterTheInterface) {
  const std::string directory = "/etc/sysconfig/network/";
  guest.write(directory + "ifcfg-lo", "STARTMODE='auto'\n");
  guest.write(directory + "ifcfg-ens192", "BOOTPROTO='none'\nSTARTMODE='hotplug'\n");
  guest.write(directory + "ifcfg-bond0",
              "BONDING_MASTER='yes'\nBONDING_SLAVE0='ens192'\nBONDING_SLAVE1='ens224'\n");
  guest.write(directory + "ifcfg-vlan7", "ETHERDEVICE='bond0'\nVLAN_ID='7'\n");
  guest.write(directory + "ifcfg-br0", "BRIDGE='yes'\nBRIDGE_PORTS='vlan7'\n");
  guest.write(directory + "config", "ETHERDEVICE=ens999\n");
  EXPECT_THAT(pinned({kA, kB}), testing::UnorderedElementsAre(is("ens192", kA), is("ens224", kB)));
  EXPECT_THAT(warnings, IsEmpty());
}

}  // namespace
