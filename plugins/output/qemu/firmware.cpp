// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// See firmware.hpp. The paths are those of the packages ovmf and qemu-efi-aarch64 (Debian, Ubuntu),
// edk2-ovmf and edk2-aarch64 (Fedora, RHEL, Arch), qemu-ovmf-x86_64 and qemu-uefi-aarch64 (SUSE),
// and of QEMU's own tree.
#include "firmware.hpp"

#include <unistd.h>

#include <algorithm>

namespace v2v::output_qemu {

std::vector<FirmwarePair> firmware_pairs(const std::string &arch, bool secure_boot) {
  if (arch == "x86_64" && secure_boot)
    return {
        {"/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"},
        {"/usr/share/OVMF/OVMF_CODE.secboot.fd", "/usr/share/OVMF/OVMF_VARS.ms.fd"},
        {"/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd", "/usr/share/edk2/ovmf/OVMF_VARS.secboot.fd"},
        {"/usr/share/OVMF/OVMF_CODE.secboot.fd", "/usr/share/OVMF/OVMF_VARS.secboot.fd"},
        {"/usr/share/qemu/ovmf-x86_64-smm-ms-code.bin",
         "/usr/share/qemu/ovmf-x86_64-smm-ms-vars.bin"}};
  if (arch == "x86_64")
    return {{"/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"},
            {"/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"},
            {"/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"},
            {"/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"},
            {"/usr/share/qemu/ovmf-x86_64-code.bin", "/usr/share/qemu/ovmf-x86_64-vars.bin"},
            {"/usr/share/qemu/edk2-x86_64-code.fd", "/usr/share/qemu/edk2-i386-vars.fd"}};
  if (arch == "aarch64" && secure_boot)
    return {{"/usr/share/AAVMF/AAVMF_CODE.ms.fd", "/usr/share/AAVMF/AAVMF_VARS.ms.fd"}};
  if (arch == "aarch64")
    return {{"/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd"},
            {"/usr/share/edk2/aarch64/QEMU_EFI-pflash.raw",
             "/usr/share/edk2/aarch64/vars-template-pflash.raw"},
            {"/usr/share/edk2/aarch64/QEMU_CODE.fd", "/usr/share/edk2/aarch64/QEMU_VARS.fd"},
            {"/usr/share/qemu/aavmf-aarch64-code.bin", "/usr/share/qemu/aavmf-aarch64-vars.bin"},
            {"/usr/share/qemu/edk2-aarch64-code.fd", "/usr/share/qemu/edk2-arm-vars.fd"}};
  return {};
}

std::string firmware_package(const std::string &arch) {
  return arch == "aarch64"
             ? "qemu-efi-aarch64 (Debian, Ubuntu), edk2-aarch64 (Fedora, RHEL) or "
               "qemu-uefi-aarch64 (SUSE)"
             : "ovmf (Debian, Ubuntu), edk2-ovmf (Fedora, RHEL) or qemu-ovmf-x86_64 (SUSE)";
}

bool firmware_here(const std::vector<FirmwarePair> &pairs) {
  return std::any_of(pairs.begin(), pairs.end(), [](const FirmwarePair &pair) {
    return access(pair.code.c_str(), R_OK) == 0 && access(pair.variables.c_str(), R_OK) == 0;
  });
}

}  // namespace v2v::output_qemu
