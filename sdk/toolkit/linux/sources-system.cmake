# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
target_sources(v2v-toolkit-linux PRIVATE
  src/conversion.cpp
  src/customisation.cpp
  src/linux_converter.cpp
  src/bls.cpp
  src/bootloader.cpp
  src/console.cpp
  src/debian_family.cpp
  src/device_map.cpp
  src/devices.cpp
  src/display.cpp
  src/early_devices.cpp
  src/first_boot.cpp
  src/foreign_settings.cpp
  src/foreign_tools.cpp
  src/grub2.cpp
  src/grub2_menu.cpp
  src/grub_legacy.cpp
  src/guest_caps.cpp
  src/guest_commands.cpp
  src/identity.cpp
  src/module_aliases.cpp
  src/network.cpp
  src/network_ifcfg.cpp
  src/network_ifupdown.cpp
  src/network_netplan.cpp
  src/network_plan.cpp
  src/network_scan.cpp
  src/passwords.cpp
  src/rpm_family.cpp
  src/settings.cpp
  src/ssh_keys.cpp
  src/text_change.cpp
  src/text_edit.cpp
  src/uefi_loader.cpp)
