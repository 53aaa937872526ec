// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include "windows_hives.hpp"

#include "empty_hive.hpp"
#include "registry_text.hpp"

#include <stdexcept>
#include <string_view>

namespace v2v::windows {
namespace {

void write(const std::string &file, std::initializer_list<std::string_view> texts) {
  EmptyHive::write(file);
  Hive hive(file, file, Hive::Access::write);
  for (const auto text : texts) fill(hive, text);
  hive.commit();
}

constexpr auto installed = R"([Microsoft\Windows\CurrentVersion]
ProgramFilesDir=s:C:\Program Files
CommonFilesDir=s:C:\Program Files\Common Files
DevicePath=e:%SystemRoot%\inf
MediaPathUnexpanded=e:%SystemRoot%\Media
SM_GamesName=s:Games
[Microsoft\Windows\CurrentVersion\Run]
VMware User Process=s:"C:\Program Files\VMware\VMware Tools\vmtoolsd.exe" -n vmusr
[Microsoft\Windows\CurrentVersion\Uninstall\AddressBook]
[Microsoft\Windows\CurrentVersion\Uninstall\{F32C4E7B-2BF8-4788-8408-824C6896E1BB}]
DisplayName=s:VMware Tools
DisplayVersion=s:12.3.5.22544099
Publisher=s:VMware, Inc.
UninstallString=e:MsiExec.exe /I{F32C4E7B-2BF8-4788-8408-824C6896E1BB}
WindowsInstaller=d:1
[Microsoft\Windows\CurrentVersion\Uninstall\7-Zip]
DisplayName=s:7-Zip 22.01
UninstallString=s:"C:\Program Files\7-Zip\Uninstall.exe"
[Classes\.txt]
@=s:txtfile
[Policies\Microsoft\SystemCertificates]
)";

constexpr auto installed_32_bit = R"([WOW6432Node\Microsoft\Windows\CurrentVersion]
ProgramFilesDir=s:C:\Program Files (x86)
[WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\{8D4F7A6D-6B81-3DC8-9C21-6008E4866727}]
DisplayName=s:Microsoft Visual C++ 2015-2022 Redistributable (x86)
Publisher=s:Microsoft Corporation
UninstallString=e:MsiExec.exe /X{8D4F7A6D-6B81-3DC8-9C21-6008E4866727}
)";

/// A server is a member of a domain here.
constexpr auto policies = R"([Microsoft\Windows\CurrentVersion\Group Policy\History]
DCName=s:\\dc1.example.com
NetworkName=s:example.com
[Microsoft\Windows\CurrentVersion\Group Policy\History\{35378EAC-683F-11D2-A89A-00C04FBBCFA2}\0]
DisplayName=s:Default Domain Policy
GPOName=s:{31B2F340-016D-11D2-945F-00C04FB984F9}
Version=d:196611
)";

/// What a machine outside of a domain has.
constexpr auto no_policies = R"([Microsoft\Windows\CurrentVersion\Group Policy\History]
PolicyOverdue=d:0
[Microsoft\Windows\CurrentVersion\Group Policy\History\0]
)";

constexpr auto defender = R"([Microsoft\Windows Defender]
ProductStatus=d:0
DisableAntiSpyware=d:0
InstallLocation=s:C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.24090.11-0\
)";

constexpr auto boot_store = R"([Description]
KeyName=s:BCD00000000
System=d:1
TreatAsSystem=d:1
[Objects\{9dea862c-5cdd-4e70-acc1-f32b344d4795}\Description]
Type=d:269484034
[Objects\{9dea862c-5cdd-4e70-acc1-f32b344d4795}\Elements\12000004]
Element=s:Windows Boot Manager
[Objects\{9dea862c-5cdd-4e70-acc1-f32b344d4795}\Elements\23000003]
Element=s:{5189b25c-5558-4bf2-bca4-289b11bd29e2}
[Objects\{9dea862c-5cdd-4e70-acc1-f32b344d4795}\Elements\24000001]
Element=m:{5189b25c-5558-4bf2-bca4-289b11bd29e2}
[Objects\{9dea862c-5cdd-4e70-acc1-f32b344d4795}\Elements\25000004]
Element=x:1e00000000000000
[Objects\{5189b25c-5558-4bf2-bca4-289b11bd29e2}\Description]
Type=d:270532611
[Objects\{5189b25c-5558-4bf2-bca4-289b11bd29e2}\Elements\12000002]
Element=s:\Windows\system32\winload.efi
[Objects\{5189b25c-5558-4bf2-bca4-289b11bd29e2}\Elements\12000004]
Element=s:Windows
[Objects\{5189b25c-5558-4bf2-bca4-289b11bd29e2}\Elements\16000046]
Element=x:01
[Objects\{5189b25c-5558-4bf2-bca4-289b11bd29e2}\Elements\22000002]
Element=s:\Windows
[Objects\{b2721d73-1db4-4c62-bf78-c548a880142d}\Description]
Type=d:270532613
)";

}  // namespace

bool WindowsVersion::is_server() const {
  return std::string_view(product_name).find("Server") != std::string_view::npos;
}

const std::vector<WindowsVersion> &windows_versions() {
  static const std::vector<WindowsVersion> versions = {
      {"xp", 5, 1, "Microsoft Windows XP", "", "2600", "x86", "winxp", false},
      {"2003", 5, 2, "Microsoft Windows Server 2003", "", "3790", "x86", "win2k3", false},
      {"7x86", 6, 1, "Windows 7 Professional", "Client", "7601", "x86", "win7", false},
      {"2008r2", 6, 1, "Windows Server 2008 R2 Standard", "Server", "7601", "amd64", "win2k8r2",
       false},
      {"2012r2", 6, 3, "Windows Server 2012 R2 Standard", "Server", "9600", "amd64", "win2k12r2",
       false},
      {"10", 10, 0, "Windows 10 Pro", "Client", "19045", "amd64", "win10", true},
      {"11", 10, 0, "Windows 10 Pro", "Client", "22631", "amd64", "win11", true},
      {"2016", 10, 0, "Windows Server 2016 Standard", "Server", "14393", "amd64", "win2k16", false},
      {"2019", 10, 0, "Windows Server 2019 Datacenter", "Server Core", "17763", "amd64", "win2k19",
       true},
      {"2022", 10, 0, "Windows Server 2022 Standard", "Server", "20348", "amd64", "win2k22", true},
      {"2025", 10, 0, "Windows Server 2025 Standard", "Server", "26100", "amd64", "win2k25", true}};
  return versions;
}

const WindowsVersion &windows_version(const std::string &name) {
  for (const auto &version : windows_versions())
    if (name == version.name) return version;
  throw std::out_of_range("no such version of Windows here: " + name);
}

void write_software(const std::string &file, const WindowsVersion &version) {
  const auto minor = std::to_string(version.minor), major = std::to_string(version.major);
  // Since Windows 10 the old value stays at that of Windows 8.1.
  std::string current = "[Microsoft\\Windows NT\\CurrentVersion]\nProductName=s:" +
                        std::string(version.product_name) + "\nCurrentVersion=s:" +
                        (version.major == 10 ? "6.3" : major + '.' + minor) +
                        "\nCurrentBuildNumber=s:" + version.build +
                        "\nCurrentBuild=s:" + (version.major == 5 ? "1.511.1 ()" : version.build) +
                        "\nSystemRoot=s:C:\\Windows\nRegisteredOwner=s:v2v\n";
  if (*version.variant) current += std::string("InstallationType=s:") + version.variant + '\n';
  if (version.major == 10)
    current += "CurrentMajorVersionNumber=d:10\nCurrentMinorVersionNumber=d:0\nUBR=d:1\n";
  write(file, {current, installed, version.is_server() ? policies : no_policies,
               std::string_view(version.winarch) == "amd64" ? installed_32_bit : "",
               version.major == 10 ? defender : ""});
}

void write_boot_store(const std::string &file) {
  write(file, {boot_store});
}

void write_all_hives(const std::string &directory, const WindowsVersion &version) {
  const auto path = [&](const char *name) { return directory + '/' + name; };
  write_system(path("SYSTEM"), version);
  write_software(path("SOFTWARE"), version);
  write(path("SAM"), {"[SAM\\Domains\\Account\\Users\\000001F4]\n[SAM\\Domains\\Builtin]\n"});
  write(path("SECURITY"), {"[Policy\\PolAcDmN]\n[RXACT]\n"});
  write(path("DEFAULT"),
        {"[Control Panel\\International]\nsLanguage=s:ENU\n[Software\\Microsoft]\n"});
  if (version.major >= 6) write_boot_store(path("BCD"));
}

}  // namespace v2v::windows
