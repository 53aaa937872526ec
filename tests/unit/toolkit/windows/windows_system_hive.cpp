// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// SYSTEM. The texts of a control set have their key paths below it.
#include "empty_hive.hpp"
#include "registry_text.hpp"
#include "windows_hives.hpp"

#include <fmt/format.h>

namespace v2v::windows {
namespace {

constexpr auto control = R"([Control\ComputerName\ComputerName]
ComputerName=s:WINDOWS
[Control\CrashControl]
AutoReboot=d:1
CrashDumpEnabled=d:2
DumpFile=e:%SystemRoot%\MEMORY.DMP
LogEvent=d:1
[Control\TimeZoneInformation]
Bias=d:4294967236
StandardName=s:@tzres.dll,-322
TimeZoneKeyName=s:W. Europe Standard Time
[Control\Session Manager]
BootExecute=m:autocheck autochk *
[Control\SafeBoot\Minimal\vmbus.sys]
@=s:Driver
[Control\Class\{4d36e967-e325-11ce-bfc1-08002be10318}]
Class=s:DiskDrive
UpperFilters=m:partmgr
[Control\Class\{4d36e967-e325-11ce-bfc1-08002be10318}\0000]
DriverDesc=s:Disk drive
InfPath=s:disk.inf
[Control\Class\{4d36e96a-e325-11ce-bfc1-08002be10318}]
Class=s:hdc
[Control\Class\{4d36e96a-e325-11ce-bfc1-08002be10318}\0000]
DriverDesc=s:Intel(R) 82371AB/EB PCI Bus Master IDE Controller
MatchingDeviceId=s:pci\ven_8086&dev_7111
[Control\Class\{4d36e97b-e325-11ce-bfc1-08002be10318}]
Class=s:SCSIAdapter
[Control\Class\{4d36e97b-e325-11ce-bfc1-08002be10318}\0000]
DriverDesc=s:LSI Adapter, SAS 3000 series, 8-port with 1068
MatchingDeviceId=s:pci\ven_1000&dev_0054
[Control\Class\{4d36e97d-e325-11ce-bfc1-08002be10318}]
Class=s:System
[Control\Class\{4d36e96f-e325-11ce-bfc1-08002be10318}]
Class=s:Mouse
UpperFilters=m:mouclass
)";

constexpr auto services = R"([Services\atapi]
Type=d:1
Start=d:0
ErrorControl=d:3
Group=s:SCSI miniport
ImagePath=e:system32\drivers\atapi.sys
[Services\disk]
Type=d:1
Start=d:0
ErrorControl=d:0
ImagePath=e:system32\drivers\disk.sys
[Services\LSI_SAS]
Type=d:1
Start=d:0
ErrorControl=d:1
Group=s:SCSI Miniport
Tag=d:35
ImagePath=e:system32\drivers\lsi_sas.sys
[Services\LSI_SAS\Parameters\PnpInterface]
5=d:1
[Services\partmgr]
Type=d:1
Start=d:0
ErrorControl=d:3
ImagePath=e:system32\drivers\partmgr.sys
[Services\PlugPlay]
Type=d:32
Start=d:2
ImagePath=e:%SystemRoot%\system32\services.exe
[Services\PlugPlay\Parameters]
[Services\pvscsi]
Type=d:1
Start=d:0
ErrorControl=d:1
Group=s:SCSI miniport
ImagePath=e:system32\DRIVERS\pvscsi.sys
[Services\VMTools]
Type=d:16
Start=d:2
ImagePath=e:"C:\Program Files\VMware\VMware Tools\vmtoolsd.exe"
[Services\vmxnet3ndis6]
Type=d:1
Start=d:3
ImagePath=e:system32\DRIVERS\vmxnet3.sys
)";

/// Since Windows 8: a driver whose device was not there is kept from starting.
constexpr auto services_with_override = R"([Services\storahci]
Type=d:1
Start=d:0
ErrorControl=d:3
ImagePath=e:System32\drivers\storahci.sys
[Services\storahci\StartOverride]
0=d:3
[Services\stornvme]
Type=d:1
Start=d:0
ErrorControl=d:3
ImagePath=e:System32\drivers\stornvme.sys
[Services\stornvme\StartOverride]
0=d:3
[Services\vmbus]
Type=d:1
Start=d:0
ErrorControl=d:3
ImagePath=e:System32\drivers\vmbus.sys
[Services\vmbus\StartOverride]
0=d:3
)";

constexpr auto network = R"([Control\Class\{4d36e972-e325-11ce-bfc1-08002be10318}]
Class=s:Net
[Control\Class\{4d36e972-e325-11ce-bfc1-08002be10318}\0000]
DriverDesc=s:vmxnet3 Ethernet Adapter
ComponentId=s:pci\ven_15ad&dev_07b0
MatchingDeviceId=s:pci\ven_15ad&dev_07b0&subsys_07b015ad
NetCfgInstanceId=s:{0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E01}
[Control\Class\{4d36e972-e325-11ce-bfc1-08002be10318}\0001]
DriverDesc=s:Intel(R) 82574L Gigabit Network Connection
ComponentId=s:pci\ven_8086&dev_10d3
NetCfgInstanceId=s:{0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E02}
[Control\Class\{4d36e972-e325-11ce-bfc1-08002be10318}\0002]
DriverDesc=s:AMD PCNET Family PCI Ethernet Adapter
ComponentId=s:pci\ven_1022&dev_2000
NetCfgInstanceId=s:{0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E03}
[Control\Class\{4d36e972-e325-11ce-bfc1-08002be10318}\0003]
DriverDesc=s:WAN Miniport (IP)
ComponentId=s:ms_ndiswanip
NetCfgInstanceId=s:{0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E04}
[Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}\Descriptions]
WAN Miniport (IP)=m:1
[Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}\{0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E01}\Connection]
Name=s:Ethernet0
PnPInstanceID=s:PCI\VEN_15AD&DEV_07B0&SUBSYS_07B015AD&REV_01\FF290C00E16BA4FE00
[Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}\{0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E02}\Connection]
Name=s:Ethernet1
PnPInstanceID=s:PCI\VEN_8086&DEV_10D3&SUBSYS_07D015AD&REV_00\000C29FFFF3B8E5800
[Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}\{0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E03}\Connection]
Name=s:Ethernet2
PnPInstanceID=s:PCI\VEN_1022&DEV_2000&SUBSYS_20001022&REV_10\4&B70F118&0&0888
[Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}\{0E7A6B4C-1D0B-4D8C-9A52-0A1B2C3D4E04}\Connection]
PnPInstanceID=s:ROOT\MS_NDISWANIP\0000
[Services\Tcpip\Parameters]
Hostname=s:windows
[Services\Tcpip\Parameters\Interfaces\{0e7a6b4c-1d0b-4d8c-9a52-0a1b2c3d4e01}]
EnableDHCP=d:0
IPAddress=m:192.0.2.10|192.0.2.11
SubnetMask=m:255.255.255.0|255.255.255.128
DefaultGateway=m:192.0.2.1
DefaultGatewayMetric=m:5
NameServer=s:192.0.2.53,198.51.100.53
Domain=s:corp.example.com
InterfaceMetric=d:20
[Services\Tcpip\Parameters\Interfaces\{0e7a6b4c-1d0b-4d8c-9a52-0a1b2c3d4e02}]
EnableDHCP=d:1
IPAddress=m:0.0.0.0
SubnetMask=m:0.0.0.0
DhcpIPAddress=s:203.0.113.7
DhcpServer=s:203.0.113.1
NameServer=s:
[Services\Tcpip\Parameters\Interfaces\{0e7a6b4c-1d0b-4d8c-9a52-0a1b2c3d4e03}]
EnableDHCP=d:1
NameServer=s:
[Services\Tcpip6\Parameters\Interfaces\{0e7a6b4c-1d0b-4d8c-9a52-0a1b2c3d4e01}]
NameServer=s:2001:db8::53
)";

constexpr auto devices = R"([Enum\PCI\VEN_1000&DEV_0054&SUBSYS_197615AD&REV_01\4&1f16fef7&0&00A8]
DeviceDesc=s:LSI Adapter, SAS 3000 series, 8-port with 1068
HardwareID=m:PCI\VEN_1000&DEV_0054&SUBSYS_197615AD&REV_01|PCI\VEN_1000&DEV_0054
ClassGUID=s:{4d36e97b-e325-11ce-bfc1-08002be10318}
Service=s:LSI_SAS
[Enum\PCI\VEN_8086&DEV_7111&SUBSYS_197615AD&REV_01\3&18d45aa6&0&39]
Service=s:intelide
[Enum\SCSI\Disk&Ven_VMware&Prod_Virtual_disk\5&1ec51bf7&0&000000]
Service=s:disk
[Enum\Root\LEGACY_NULL\0000]
Service=s:Null
[Hardware Profiles\0001]
)";

constexpr auto critical_devices = R"([Control\CriticalDeviceDatabase\pci#cc_0101]
Service=s:pciide
ClassGUID=s:{4D36E96A-E325-11CE-BFC1-08002BE10318}
[Control\CriticalDeviceDatabase\pci#ven_1000&dev_0054]
Service=s:LSI_SAS
ClassGUID=s:{4D36E97B-E325-11CE-BFC1-08002BE10318}
[Control\CriticalDeviceDatabase\gendisk]
Service=s:disk
ClassGUID=s:{4D36E967-E325-11CE-BFC1-08002BE10318}
)";

constexpr auto driver_database = R"([DriverDatabase]
Version=d:6291456
Architecture=d:9
[DriverDatabase\DeviceIds\PCI\VEN_1000&DEV_0054]
lsi_sas.inf=x:01ff0000
[DriverDatabase\DeviceIds\PCI\CC_010601]
mshdc.inf=x:01ff0000
[DriverDatabase\DriverInfFiles\lsi_sas.inf]
@=m:lsi_sas.inf_amd64_2d4dd1a4ff79c3d1
Active=s:lsi_sas.inf_amd64_2d4dd1a4ff79c3d1
Configurations=m:LSI_SAS_Inst
[DriverDatabase\DriverPackages\lsi_sas.inf_amd64_2d4dd1a4ff79c3d1]
@=s:lsi_sas.inf
Version=x:00ff0900000000007be9364d25e3ce11bfc108002be103180000c3b2d5ce010000000000000000000000000000000000
Provider=s:LSI
[DriverDatabase\DriverPackages\lsi_sas.inf_amd64_2d4dd1a4ff79c3d1\Configurations\LSI_SAS_Inst]
ConfigFlags=d:0
Service=s:LSI_SAS
[DriverDatabase\DriverPackages\lsi_sas.inf_amd64_2d4dd1a4ff79c3d1\Descriptors\PCI\VEN_1000&DEV_0054]
Configuration=s:LSI_SAS_Inst
)";

constexpr auto outside = R"([Select]
Current=d:1
Default=d:1
Failed=d:0
LastKnownGood=d:2
[Setup]
CmdLine=s:
SetupType=d:0
SystemPartition=s:\Device\HarddiskVolume1
[WPA\Key]
)";

std::string hexadecimal(std::uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i, number >>= 8) text += fmt::format("{:02x}", number & 0xff);
  return text;
}

/// A partition of an MBR disk is the disk's id and an offset, one of a GPT disk its GUID, of which
/// Windows keeps the first three parts in its own order of bytes.
std::string drives(const WindowsVersion &version) {
  std::string where = hexadecimal(mbr_disk_id, 4) + hexadecimal(system_partition_offset, 8);
  if (version.uefi) {
    const std::string guid = gpt_partition_guid;
    const auto part = [&](std::size_t at, int bytes) {
      return hexadecimal(std::stoull(guid.substr(at, std::size_t(2) * bytes), nullptr, 16), bytes);
    };
    where = "444d494f3a49443a" /* DMIO:ID: */ + part(0, 4) + part(9, 2) + part(14, 2) +
            guid.substr(19, 4) + guid.substr(24);
  }
  return "[MountedDevices]\n\\DosDevices\\C:=x:" + where + '\n';
}

}  // namespace

void write_system(const std::string &file, const WindowsVersion &version) {
  EmptyHive::write(file);
  Hive hive(file, "SYSTEM", Hive::Access::write);
  fill(hive, outside);
  fill(hive, drives(version));
  if (version.has_driver_database()) fill(hive, driver_database);
  for (const std::string set : {"ControlSet001\\", "ControlSet002\\"}) {
    for (const auto *text : {control, services, network, devices}) fill(hive, text, set);
    fill(hive, version.has_driver_database() ? services_with_override : critical_devices, set);
    const std::string type = version.is_server() ? "ServerNT" : "WinNT";
    fill(hive, "[Control\\ProductOptions]\nProductType=s:" + type + '\n', set);
  }
  hive.commit();
}

}  // namespace v2v::windows
